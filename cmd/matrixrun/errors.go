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
)

// The exit codes. A results file gives 0, 1 or 3, by matrix.Grid's Exit; where
// several hold, 2 outranks 3, and 3 outranks 1.
const (
	exitOK      = matrix.ExitOK      // all was found out, and nothing differs from what matrix.yaml expects
	exitDiffers = matrix.ExitDiffers // all was found out, and something differs
	exitInput   = 2                  // the command line, matrix.yaml or a patch file is wrong
	exitUnknown = matrix.ExitUnknown // something could not be found out
)

// A resultError ends a run that did its work, whose results say how to exit.
// It has nothing more to tell: the report did.
type resultError struct{ code int }

func (e resultError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// An interruptedError ends a run that was told to stop.
type interruptedError struct{ done, rows int }

func (e interruptedError) Error() string {
	return fmt.Sprintf("interrupted: %d of %d rows were answered; what was found out is kept, and the same command goes on from there", e.done, e.rows)
}

// usage turns what cobra finds wrong with a command line into bad input, with
// the way to the right one.
func usage(c *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	var problems matrix.Problems
	problems.Add("", 0, "%v: see `%s --help`", err, c.CommandPath())
	return problems
}

// exitCode maps an error to the exit code.
func exitCode(err error) int {
	var result resultError
	var problems matrix.Problems
	var noFork *forks.ImpossibleError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &result):
		return result.code
	case errors.As(err, &problems):
		return exitInput
	case errors.As(err, &noFork):
		return exitDiffers
	default:
		return exitUnknown
	}
}

// complain prints an error for the person who has to act on it, and returns
// the exit code.
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
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(w, "matrixrun:", strings.TrimRight(line, "\n"))
	}
	return code
}
