// Command fresh keeps what is published in results, and what README.md and other
// documents say about it, consistent with the code, the lock and the reproduction of this
// tree.
// make runs it in the root of the module. It needs neither the network nor git.
//
//	go run ./results/fresh sources             # print a digest of everything that decides the results
//	go run ./results/fresh write               # write the reports and the tables of documents again from results.json
//	go run ./results/fresh check               # list what is out of date and the commands that fix it
//	go run ./results/fresh backports OWN UP    # publish the grids that matrixrun backport wrote to two folders
//
// OWN is about the patches of this project, UP about upstream's own commits; if UP is
// empty, what is published about those stays.
//
// A results.json contains the digests of the lock and the reproduction that were
// used and, in the version of matrixrun, the digest of the sources. The last one is
// linked into the program by the same make target that compiles the sources, so it
// cannot be that of other sources. Results without it are out of date.
//
// The exit code is 1 if something is out of date, and 2 if that could not be
// determined.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(execute(".", os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes.
const (
	exitFresh   = 0
	exitStale   = 1
	exitUnknown = 2
)

// execute runs a command line in the root of the module and returns the exit code.
func execute(root string, args []string, stdout, stderr io.Writer) int {
	err := errors.New("want one of: sources, write, check, backports OWN UP")
	t := tree{root: root}
	switch {
	case len(args) == 1 && args[0] == "sources":
		var digest string
		if digest, err = t.sources(); err == nil {
			fmt.Fprintln(stdout, digest)
		}
	case len(args) == 1 && args[0] == "write":
		// Report what write cannot fix, but leave the failure to check.
		if err = t.write(stderr); err == nil && t.report(stdout, stderr) == exitUnknown {
			return exitUnknown
		}
	case len(args) == 1 && args[0] == "check":
		return t.report(stdout, stderr)
	case len(args) == 3 && args[0] == "backports":
		err = t.publishBackports(args[1], args[2], stderr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "fresh:", err)
		return exitUnknown
	}
	return exitFresh
}

// report prints what is out of date and returns the exit code.
func (t tree) report(stdout, stderr io.Writer) int {
	found, err := t.check()
	for _, f := range found {
		fmt.Fprintf(stdout, "%s: %s\n", f.file, f.what)
	}
	for i, f := range found {
		if i == 0 || f.cure != found[i-1].cure {
			fmt.Fprintf(stdout, "To fix this: %s\n", f.cure)
		}
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "fresh:", err)
		return exitUnknown
	case len(found) > 0:
		return exitStale
	}
	fmt.Fprintln(stdout, "The published results are up to date.")
	return exitFresh
}
