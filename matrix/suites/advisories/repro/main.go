// Command repro is the reproduction of the suite advisories.
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
			if err := out.Encode(s.Run(i)); err != nil {
				return fmt.Errorf("writing the report of trial %d: %v", i, err)
			}
		}
		return nil
	}
	return fmt.Errorf("unknown scenario %q: see repro list", *name)
}
