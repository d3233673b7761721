package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/forks"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/remedy"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// The exit codes. If several apply, 2 outranks 3, and 3 outranks 1. A table has one
// of 0, 1 and 3: see matrix.Grid's Exit.
const (
	exitOK      = matrix.ExitOK      // everything was found out, and nothing differs from what matrix.yaml expects
	exitDiffers = matrix.ExitDiffers // everything was found out, and something differs
	exitInput   = 2                  // the command line or a file that it names is wrong
	exitUnknown = matrix.ExitUnknown // something could not be found out
)

// A resultError ends a command that did its work with the exit code of the results.
// There is nothing to print, since the report says why.
type resultError struct{ code int }

func (e resultError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// An interruptedError ends a run that was stopped.
type interruptedError struct{ done, rows int }

func (e interruptedError) Error() string {
	if e.done == e.rows {
		return fmt.Sprintf("interrupted: all %d rows were answered, but not as sure as --sure asks for; what was found out is kept, and the same command goes on from there", e.rows)
	}
	return fmt.Sprintf("interrupted: %d of %d rows were answered; what was found out is kept, and the same command goes on from there", e.done, e.rows)
}

// A stoppedVerify ends a verify that was interrupted, after what it found was printed.
type stoppedVerify struct {
	v   *matrix.Verification
	out string // the file of -o, or empty
}

func (e stoppedVerify) Error() string {
	said := fmt.Sprintf("interrupted: %d of %s were built again", e.v.Built, text.Count(e.v.Built+e.v.Unbuilt, "row"))
	if e.v.Tried+e.v.Untried > 0 {
		said += fmt.Sprintf(", and %d of %d were tried", e.v.Tried, e.v.Tried+e.v.Untried)
	}
	if e.out != "" {
		said += "; " + e.out + " was not written"
	}
	return said + "; the same command starts over"
}

// usage makes bad input of an error that cobra returns for a command line, with a
// pointer to the help.
func usage(c *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	return matrix.Mistake("%v: see `%s --help`", err, c.CommandPath())
}

// exitCode returns the exit code for an error.
func exitCode(err error) int {
	var result resultError
	var problems matrix.Problems
	var noFork *forks.ImpossibleError
	var refused *remedy.RefusedError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &result):
		return result.code
	case errors.As(err, &problems):
		return exitInput
	case errors.As(err, &noFork), errors.As(err, &refused):
		return exitDiffers
	default:
		return exitUnknown
	}
}

// complain prints an error, and returns the exit code.
func complain(w io.Writer, err error) int {
	code := exitCode(err)
	var result resultError
	if err == nil || errors.As(err, &result) {
		return code
	}
	if errors.Is(err, context.Canceled) && code == exitUnknown {
		fmt.Fprintln(w, "matrixrun: interrupted")
		return code
	}
	said := err.Error()
	if advice := output.Advice(err); code == exitUnknown && advice != "" && !strings.Contains(said, advice) {
		said += " (" + advice + ")"
	}
	for line := range strings.Lines(said) {
		fmt.Fprintln(w, "matrixrun:", strings.TrimRight(line, "\n"))
	}
	return code
}
