// Command repro is the reproduction of the suite advisories: attacks on quic-go that
// published advisories describe, and the endpoints that they are made on.
//
// A trial starts the victim, which is this program in a process of its own: a server or a
// client of the release under test. The attacker is a QUIC endpoint that is written for
// this, and has no code of the library. After the attack, it uses the victim as an honest
// peer would. The attack had an effect if the victim's process panicked in the library, or
// kept or decoded far more than the mended releases allow.
//
// Usage:
//
//	repro list                          print the scenarios, as JSON
//	repro run -scenario NAME -trials N  run trials, print a JSON object for each
//	repro victim NAME [ADDRESS]         be a victim; only for repro itself
//
// The program is compiled against every release of quic-go from v0.20.0 on, so it uses
// the syntax and the standard library of Go 1.16. Code that differs between releases is in
// the files api_*.go, with a build tag for each difference.
//
// Code that does not use quic-go is in packages of its own, which are compiled once for
// all releases that share a toolchain:
//
//	advisory   the scenarios
//	attacker   the QUIC endpoint
//	victim     the process of the victim, and how it ended
//	h3         frames of HTTP/3
//	handshake  TLS 1.3
//	wire       packets and frames of QUIC
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"
)

func main() {
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "repro:", err)
		os.Exit(2)
	}
}

// command runs the subcommand in args.
func command(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no command: want list, run or victim")
	}
	switch args[0] {
	case "list":
		return list()
	case "run":
		return run(args[1:])
	case "victim":
		return runVictim(args[1:])
	default:
		return fmt.Errorf("unknown command %q: want list, run or victim", args[0])
	}
}

// list prints the names of the scenarios as JSON.
func list() error {
	type entry struct {
		Name string `json:"name"`
	}
	entries := []entry{}
	for _, s := range advisory.Scenarios {
		entries = append(entries, entry{s.Name})
	}
	return json.NewEncoder(os.Stdout).Encode(entries)
}

// run runs the trials of one scenario and prints a report for each.
func run(args []string) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	name := flags.String("scenario", "", "the scenario's `name`")
	trials := flags.Int("trials", 1, "the `number` of trials")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || *trials < 1 {
		return fmt.Errorf("run takes only flags, and at least one trial")
	}
	for _, s := range advisory.Scenarios {
		if s.Name != *name {
			continue
		}
		out := json.NewEncoder(os.Stdout)
		for i := 0; i < *trials; i++ {
			if err := out.Encode(s.Run(i, release)); err != nil {
				return fmt.Errorf("writing the report of trial %d: %v", i, err)
			}
		}
		return nil
	}
	return fmt.Errorf("unknown scenario %q: see repro list", *name)
}
