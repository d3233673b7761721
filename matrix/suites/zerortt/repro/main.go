// Command repro is the reproduction of the suite zerortt: a QUIC client whose
// 0-RTT attempt is rejected, and the server that sees what of that attempt
// reaches the next connection.
//
// A trial runs as follows. A first server gives the client a session ticket. A
// second server, which cannot decrypt that ticket, rejects the 0-RTT attempt.
// The client does to its early streams what the scenario asks for, takes the
// next connection, and exchanges messages on it. The server records every
// stream and connection that ends. Resets carry a canary code that nothing
// else in the program uses, so a reset with that code can only come from the
// scenario.
//
// Usage:
//
//	repro list                          print the scenarios, as JSON
//	repro run -scenario NAME -trials N  run trials, print a JSON object for each
//	repro serve                         print an address, then a JSON object for each trial
//
// With -peer ADDRESS, run uses the servers of a repro serve, which may be
// built against another release: a server of any release sees what a client
// leaks.
//
// The program is compiled against every release of quic-go from v0.20.0 on, so
// it uses the syntax and the standard library of Go 1.16. Code that differs
// between the API eras is in the files era_*.go, which one build tag selects.
// Without a tag the program uses the API of the newest release.
//
// Code that does not use quic-go is in packages of its own. They are compiled
// once for all releases that share a toolchain:
//
//	wire      decodes what was sent over the wire
//	report    the journal of a trial, and its report
//	loopback  sockets, the gate in front of the client's, certificates, tickets
//	peer      servers in another process
//	stacks    what the goroutines of this process wait for
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	// Releases warn about kernel buffers that they cannot resize. From v0.49
	// on they also scramble the ClientHello at random, which would make trials
	// differ.
	os.Setenv("QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING", "true")
	os.Setenv("QUIC_GO_DISABLE_CLIENTHELLO_SCRAMBLING", "true")
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "repro:", err)
		os.Exit(2)
	}
}

// command runs the subcommand in args.
func command(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no command: want list, run or serve")
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

// list prints the names of the scenarios as JSON.
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

// run runs the trials of one scenario and prints a report for each. A trial
// that leaks, or that is inconclusive, is not an error.
func run(args []string) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	name := flags.String("scenario", "", "the scenario's `name`")
	dir := flags.String("evidence", "", "the `folder` to write the evidence of each trial to; default: no evidence")
	peer := flags.String("peer", "", "the `address` that repro serve has printed; default: servers in this process")
	trials := flags.Int("trials", 1, "the `number` of trials")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *trials < 1 {
		return fmt.Errorf("run takes only flags, and at least one trial")
	}
	s, ok := findScenario(*name)
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
		r, recorder := runTrial(s, i, open)
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
