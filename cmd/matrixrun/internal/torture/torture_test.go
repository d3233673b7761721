//go:build torture && linux

// Package torture has no code, only a test: it disturbs matrixrun in every way that it
// is meant to withstand, at random moments, again and again. make torture runs it.
//
// A life is one record, with its folder for temporary files, its build cache and its
// module cache, from the first run to the last. In each of its acts, one to four
// processes run at the same time. They are killed and suspended, their disk gets full,
// files of the record are damaged, and the module proxy misbehaves. So does a registry with
// a remote record, which is killed, too. When all have ended, what each of them wrote is
// compared with the results of undisturbed runs. At the end of the life, runs that nothing
// disturbs must find on that record, and with what is left of the remote ones, exactly what
// the undisturbed runs found on an empty one.
//
// A seed decides what is done, and when. The system decides which process runs when, so
// a life with the same seed meets the same trouble, and not always at the same step.
package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strconv"
	"testing"
	"time"
)

// defaultTime is how long the test runs, unless $TORTURE_TIME says another duration.
const defaultTime = 10 * time.Minute

// TestTorture lives one life after the other until the time is over or one fails.
// $TORTURE_SEED is the seed of the first life, and each further life adds one.
func TestTorture(t *testing.T) {
	if signal.Ignored(os.Interrupt) {
		t.Fatal("this process ignores SIGINT, and so would those that it disturbs: do not start it with & in a script")
	}
	duration, first := settings(t)
	w := newWorld(t)
	start := time.Now()
	fmt.Printf("%v from seed %d, with %s; %s\n", duration, first, w.disks(), w.registry.about())
	var all tally
	w.registry.expect(&all)
	failure := ""
	for seed := first; time.Since(start) < duration && failure == ""; seed++ {
		l := &life{place: &place{world: w}, seed: seed, draw: rand.New(rand.NewPCG(seed, 0)), tally: &all}
		if failure = l.run(t); failure == "" {
			all.add(livesLived, livesLived)
		}
	}
	w.proxy.count(&all, faultsTried)
	w.registry.proxy.count(&all, remoteFaults)
	fmt.Print("\n", all.text())
	if failure != "" { // the last output of all, since a log may show no more than its end
		t.Fatal(failure)
	}
	if missing := all.missing(); len(missing) > 0 && all.counts[[2]string{livesLived, livesLived}] >= enough {
		t.Errorf("never tried in %d lives: %q", enough, missing)
	}
}

// enough is the number of lives that certainly try everything.
const enough = 60

// settings returns how long the test runs and the seed of the first life.
func settings(t *testing.T) (duration time.Duration, seed uint64) {
	duration, seed = defaultTime, rand.Uint64N(1_000_000)
	var err error
	if text := os.Getenv("TORTURE_TIME"); text != "" {
		if duration, err = time.ParseDuration(text); err != nil || duration <= 0 {
			t.Fatalf("TORTURE_TIME=%s: want a duration, such as 60s", text)
		}
	}
	if text := os.Getenv("TORTURE_SEED"); text != "" {
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("TORTURE_SEED=%s: want a number", text)
		}
	}
	return duration, seed
}
