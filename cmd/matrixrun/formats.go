package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A format is one way to print a T.
type format[T any] struct {
	name  string
	about string // one line for the shell's completion, may be empty
	write func(w io.Writer, d T, on report.Screen) error
}

// formats are the values of a command's --format, the default first.
type formats[T any] []format[T]

// choose returns the format with a name. The error also says why the file of -o
// cannot be written, unless out is empty.
func (all formats[T]) choose(name, out string) (format[T], error) {
	return all.chooseFor("--format", name, "-o", out)
}

// chooseFor is choose for a name and a file that other flags have.
func (all formats[T]) chooseFor(nameFlag, name, outFlag, out string) (format[T], error) {
	var problems matrix.Problems
	f, err := all.find(nameFlag, name)
	if err := problems.Join(err); err != nil {
		return f, err
	}
	if out != "" {
		if err := problems.Join(output.CheckFile(outFlag, out)); err != nil {
			return f, err
		}
	}
	return f, problems.Err()
}

// find returns the format with a name, which a flag has.
func (all formats[T]) find(flag, name string) (format[T], error) {
	names := make([]string, len(all))
	for i, f := range all {
		if f.name == name {
			return f, nil
		}
		names[i] = f.name
	}
	return format[T]{}, matrix.Mistake("%s %q: %s", flag, name, text.Hint(name, names))
}

// words returns the names of the formats for the shell's completion.
func (all formats[T]) words() (words []cobra.Completion) {
	for _, f := range all {
		word := f.name
		if f.about != "" {
			word = cobra.CompletionWithDesc(f.name, f.about)
		}
		words = append(words, word)
	}
	return words
}

// print writes d to the file of -o, as output.WriteFile does, or to stdout if out
// is empty. Only stdout can be a screen.
func (f format[T]) print(ctx context.Context, d T, out string, stdout, stderr io.Writer) error {
	var b bytes.Buffer
	var on report.Screen
	if out == "" {
		on = screen.Of(stdout)
	}
	if err := f.write(&b, d, on); err != nil {
		return fmt.Errorf("making the report %s: %w", f.name, err)
	}
	if f.name == annotations {
		stdout, stderr = text.Unguarded(stdout), text.Unguarded(stderr)
	}
	if out == "" {
		_, err := stdout.Write(b.Bytes())
		return err
	}
	if err := output.WriteFile(ctx, out, b.Bytes(), stdout, stderr); err != nil {
		return err
	}
	fmt.Fprintln(stderr, "wrote", out)
	return nil
}
