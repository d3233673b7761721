// Command repro is the reproduction of the suite zerortt: a QUIC client whose
// 0-RTT attempt is rejected, and the server that sees what of that attempt
// reaches the next connection.
//
// It is compiled against every release of quic-go from v0.20.0 on, so it keeps
// to the syntax and the standard library of Go 1.16. What differs between the
// API eras stands in the files era_*.go, chosen by one build tag; without a tag
// it is the API of the newest release.
//
// A trial goes like this. A first server gives the client a session ticket. A
// second one, which cannot decrypt that ticket, rejects the 0-RTT attempt. The
// client does to its early streams what the scenario says, takes the next
// connection, and exchanges messages on it, while the server notes every stream
// and every connection that was ended on it. Resets carry a canary code that
// nothing else in the program uses, so that whatever carries it comes from the
// scenario's reset and from nowhere else.
//
// Usage:
//
//	repro list                          the scenarios, as JSON
//	repro run -scenario NAME -trials N  a JSON object a line and trial
//	repro serve                         where it listens, and a JSON object a line and trial
//
// What needs nothing of quic-go is in packages of its own, which are compiled once
// for all releases that share a toolchain:
//
//	wire      reads what went over the wire
//	report    what a trial saw, and what it tells of it
//	loopback  sockets, the gate before the client's, certificates, tickets
//	peer      lets the servers run in another process
//	stacks    tells what goroutines wait for
//
// With -peer ADDRESS the servers of a run are those of a repro serve, which may be
// built against another release: what a client leaks, a server of any age sees.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	// Releases warn about kernel buffers that they cannot size, and from v0.49
	// on scatter the ClientHello at random: neither is the question.
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	os.Setenv("QUIC_GO_DISABLE_CLIENTHELLO_SCRAMBLING", "true")
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "repro:", err)
		os.Exit(2)
	}
}

// command runs the subcommand that the arguments name.
func command(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("want a command: list, run or serve")
	}
	switch args[0] {
	case "list":
		return list()
	case "run":
		return run(args[1:])
	case "serve":
		return serve(args[1:])
	default:
		return fmt.Errorf("unknown command %q: want list, run or serve", args[0])
	}
}

// list prints the scenarios' names as JSON.
func list() error {
	type entry struct {
		Name string `json:"name"`
	}
	entries := []entry{}
	for _, s := range scenarios {
		entries = append(entries, entry{s.name})
	}
	return json.NewEncoder(os.Stdout).Encode(entries)
}

// run executes the trials of one scenario and prints a report for each. That a
// trial leaks, or cannot be concluded, is no error.
func run(args []string) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	name := flags.String("scenario", "", "the scenario's `name`")
	dir := flags.String("evidence", "", "the `folder` for what each trial leaves; none: nothing is kept")
	peer := flags.String("peer", "", "the `address` that repro serve has printed; none: the servers run in this process")
	trials := flags.Int("trials", 1, "how many trials")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *trials < 1 {
		return fmt.Errorf("want flags alone, and at least one trial")
	}
	s, ok := find(*name)
	if !ok {
		return fmt.Errorf("unknown scenario %q: see repro list", *name)
	}
	s.traced = *dir != ""
	open := startPair
	if *peer != "" {
		open = dialPeer(*peer)
	}
	out := json.NewEncoder(os.Stdout)
	for i := 0; i < *trials; i++ {
		r, recorder := try(s, i, open)
		if *dir != "" && recorder != nil {
			file := filepath.Join(*dir, fmt.Sprintf("%s-%d.json", s.name, i))
			if err := recorder.Save(file, s.name, i); err != nil {
				return err
			}
		}
		if err := out.Encode(r); err != nil {
			return fmt.Errorf("writing the report of trial %d: %v", i, err)
		}
	}
	return nil
}
