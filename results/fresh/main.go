// Command fresh keeps what is published in results/zerortt, and what README.md
// says of it, true of the code, the lock and the reproduction in this tree. It is
// run in the module's root, by make, and needs neither network nor git.
//
//	go run ./results/fresh sources         # what decides what a run finds out, as a digest
//	go run ./results/fresh write           # make the reports and README.md anew of results.json
//	go run ./results/fresh check           # what is out of date, with the command that mends it
//	go run ./results/fresh backports DIR   # publish the grid that a run of backport has written to DIR
//
// A results.json names the lock and the reproduction that it was made with, by
// their digests, and in the version of matrixrun the sources. That digest is put
// into the program when it is linked, by the same command that compiles those
// sources, so that a run cannot tell of others than it was made of, and results
// of a program without it are refused. Nothing is noted beside the results, which
// could say something else. What is told of the results is computed from them.
//
// The exit code is 1 where something is out of date, and 2 where that could not
// be found out.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(execute(".", os.Args[1:], os.Stdout, os.Stderr)) }

// The exit codes.
const (
	exitFresh   = 0
	exitStale   = 1
	exitUnknown = 2
)

// execute does what the command line says, in the module's root.
func execute(root string, args []string, stdout, stderr io.Writer) int {
	err := errors.New("want one of: sources, write, check, backports DIR")
	t := tree{root: root}
	switch {
	case len(args) == 1 && args[0] == "sources":
		var digest string
		if digest, err = t.sources(); err == nil {
			fmt.Fprintln(stdout, digest)
		}
	case len(args) == 1 && args[0] == "write":
		// What writing cannot mend is told, and is for check to complain of.
		if err = t.write(stderr); err == nil && t.tell(stdout, stderr) == exitUnknown {
			return exitUnknown
		}
	case len(args) == 1 && args[0] == "check":
		return t.tell(stdout, stderr)
	case len(args) == 2 && args[0] == "backports":
		err = t.publishBackports(args[1])
	}
	if err != nil {
		fmt.Fprintln(stderr, "fresh:", err)
		return exitUnknown
	}
	return exitFresh
}

// tell checks the tree and lists what is out of date.
func (t tree) tell(stdout, stderr io.Writer) int {
	found, err := t.check()
	for _, f := range found {
		fmt.Fprintf(stdout, "%s: %s\n", f.file, f.what)
	}
	for i, f := range found {
		if i == 0 || f.cure != found[i-1].cure {
			fmt.Fprintf(stdout, "This mends it: %s\n", f.cure)
		}
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "fresh:", err)
		return exitUnknown
	case len(found) > 0:
		return exitStale
	}
	fmt.Fprintln(stdout, "What is published is what this tree comes to.")
	return exitFresh
}
