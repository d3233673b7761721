package main

import (
	"context"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/exchange"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/remote"
)

// remoteVariable is what names the remote record where no flag does.
const remoteVariable = "MATRIXRUN_REMOTE"

// What of a remote record is believed.
const (
	trustBinaries = "binaries"
	trustTraces   = "traces"
)

// remoteFlags are the flags for a remote record, as they were given.
type remoteFlags struct {
	remote string
	push   bool
	trust  string
	verify string

	given *pflag.FlagSet
}

// add adds the flags.
func (f *remoteFlags) add(flags *pflag.FlagSet) {
	f.given = flags
	flags.StringVar(&f.remote, "remote", "", "look for builds in the remote record `REF`, too: oci://HOST/REPOSITORY or oci-layout:DIR (default "+remoteVariable+")")
	flags.BoolVar(&f.push, "push", false, "with --remote, write there what was made here")
	flags.StringVar(&f.trust, "trust", trustBinaries, "with --remote, believe its binaries and run trials here, or believe its traces, too: `WHAT` is binaries or traces")
	flags.StringVar(&f.verify, "verify", "", "with --remote, make a random `N%` of the rows that are built there here, too, and stop at the first difference")
}

// ref returns the text that names the remote record; empty for none.
func (f *remoteFlags) ref() (ref, from string) {
	if f.changed("remote") {
		return f.remote, "--remote"
	}
	return os.Getenv(remoteVariable), remoteVariable
}

// changed reports whether a flag was given. Tests have no command line.
func (f *remoteFlags) changed(name string) bool { return f.given != nil && f.given.Changed(name) }

// check adds the mistakes in the flags.
func (f *remoteFlags) check(problems *matrix.Problems) {
	ref, from := f.ref()
	if ref != "" {
		if _, err := remote.ParseRef(ref); err != nil {
			problems.Add("", 0, "%s: %v", from, err)
		}
	} else {
		for _, name := range []string{"push", "trust", "verify"} {
			if f.changed(name) {
				problems.Add("", 0, "--%s: it goes with --remote, which names the remote record", name)
			}
		}
	}
	if f.trust != "" && f.trust != trustBinaries && f.trust != trustTraces {
		problems.Add("", 0, "--trust %q: want %s or %s", f.trust, trustBinaries, trustTraces)
	}
	if _, ok := f.share(); !ok {
		problems.Add("", 0, "--verify %q: want a percentage above 0, up to 100%%, such as 5%%", f.verify)
	}
}

// share returns the percentage of --verify.
func (f *remoteFlags) share() (percent float64, ok bool) {
	if f.verify == "" {
		return 0, true
	}
	percent, err := strconv.ParseFloat(strings.TrimSuffix(f.verify, "%"), 64)
	return percent, err == nil && percent > 0 && percent <= 100
}

// open returns the exchange with the remote record; nil if none is named. Say is called for
// what goes wrong with it.
func (f *remoteFlags) open(ctx context.Context, store *record.Store, say func(string)) *exchange.Exchange {
	text, _ := f.ref()
	ref, err := remote.ParseRef(text)
	if err != nil {
		return nil // none is named, or check has complained
	}
	return exchange.New(store, exchange.Options{
		Remote: remote.Open(ctx, ref), Push: f.push, Traces: f.trust == trustTraces, Say: say,
	})
}
