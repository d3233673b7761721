// Changed reports which part of the matrix a change affects. It reads the changed
// files from standard input, as printed by git in the root of the repository:
//
//	git diff --name-status --no-renames -z origin/main | go run ./matrix/internal/changed
//
// It prints what should be tried and which file is the reason. With -output FILE it
// also appends the outputs of a workflow step to the file:
//
//	patches=NAME...   patches that were added or changed and still exist
//	rows=none|sample|all
//	sample=SAMPLE     the value for --sample; empty for all rows
//
// A changed patch is tried on the releases that it names, with and without it. A
// changed suite, lock or reproduction affects all rows. Changed code affects all
// rows in the same way, so the newest release of each minor line is enough.
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

// changed reads a list of changed files from list and writes the report to out.
// Tree is the repository after the change.
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
	// Steps append to a file that the runner makes.
	f, err := os.OpenFile(output, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("writing the outputs: %w", err)
	}
	_, err = bytes.NewBufferString(s.outputs()).WriteTo(f)
	return errors.Join(err, f.Close())
}
