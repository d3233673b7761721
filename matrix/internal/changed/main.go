// Changed tells what of the matrix a change asks to be tried again: it reads the
// changed files as `git diff --name-status --no-renames -z` lists them, on its
// standard input, in the folder that they are below.
//
//	git diff --name-status --no-renames -z origin/main | go run ./matrix/internal/changed
//
// It prints, for a person, what is to be tried and because of which file; and, to the
// file that -output names, the same as outputs of a workflow's step:
//
//	patches=NAME...   the patches that were added or changed, and are still there
//	rows=none|sample|all
//	sample=SAMPLE     what --sample is given, empty for all rows
//
// A patch is tried on the releases that it names, with and without it. A suite, its
// lock or its reproduction concerns every row. The code that runs them concerns all
// in the same way, so that the newest release of each minor line tells.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
)

func main() {
	output := flag.String("output", "", "add the outputs to a `FILE`")
	flag.Parse()
	if err := changed(os.Stdin, os.DirFS("."), *output, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "changed:", err)
		os.Exit(1)
	}
}

// changed reads a list of changed files, and tells of it.
func changed(list io.Reader, tree fs.FS, output string, out io.Writer) error {
	text, err := io.ReadAll(list)
	if err != nil {
		return fmt.Errorf("reading the changed files: %w", err)
	}
	files, err := parse(string(text))
	if err != nil {
		return err
	}
	s := choose(files, func(file string) bool { _, err := fs.Stat(tree, file); return err == nil })
	if _, err := fmt.Fprint(out, s); err != nil || output == "" {
		return err
	}
	// The runner makes the file, and steps add to it.
	f, err := os.OpenFile(output, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("writing the outputs: %w", err)
	}
	_, err = bytes.NewBufferString(s.outputs()).WriteTo(f)
	return errors.Join(err, f.Close())
}
