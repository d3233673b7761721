package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/forks"
	"github.com/matrixrun/matrixrun/matrix"
)

// mistakes are two problems of the input.
var mistakes = matrix.Problems{{File: "suite/matrix.yaml", Line: 3, Text: "wrong"}, {Text: "--trials 0: wrong too"}}

// complaintOn checks the exit code of an error and what is printed of it. What
// wraps an error, as every layer does, must change neither.
func complaintOn(t *testing.T, err error, code int, want string) {
	t.Helper()
	var out strings.Builder
	if got := complain(&out, err); got != code {
		t.Errorf("exit code %d of %v, want %d", got, err, code)
	}
	if out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
	if err == nil {
		return
	}
	if got := exitCode(fmt.Errorf("doing something: %w", err)); got != code {
		t.Errorf("exit code %d of %v when wrapped, want %d", got, err, code)
	}
}

func TestExitOK(t *testing.T) {
	complaintOn(t, nil, 0, "")
	complaintOn(t, resultError{exitOK}, 0, "")
}

func TestExitDiffers(t *testing.T) {
	complaintOn(t, resultError{exitDiffers}, 1, "")
	complaintOn(t, &forks.ImpossibleError{Why: "it does not go on:\nhunk"}, 1, "matrixrun: it does not go on:\nmatrixrun: hunk\n")
}

func TestExitInput(t *testing.T) {
	complaintOn(t, mistakes, 2, "matrixrun: suite/matrix.yaml:3: wrong\nmatrixrun: --trials 0: wrong too\n")
	complaintOn(t, matrix.Mistake("%s: there is no such file", "x\nmatrixrun: y"), 2, "matrixrun: x\nmatrixrun:   matrixrun: y: there is no such file\n")
	complaintOn(t, usage(newRun(), errors.New("unknown flag: --trails")), 2, "matrixrun: unknown flag: --trails: see `run --help`\n")
	if err := usage(newRun(), nil); err != nil {
		t.Errorf("no mistake became %v", err)
	}
}

func TestExitUnknown(t *testing.T) {
	complaintOn(t, resultError{exitUnknown}, 3, "")
	complaintOn(t, errors.New("writing out: no room\nnone at all"), 3, "matrixrun: writing out: no room\nmatrixrun: none at all\n")
	complaintOn(t, fmt.Errorf("writing out: %w", syscall.EFBIG), 3,
		"matrixrun: writing out: file too large (a file grew to more than is allowed: raise the limit of the size of files (ulimit -f))\n")
	complaintOn(t, context.Canceled, 3, "matrixrun: interrupted\n")
	complaintOn(t, interruptedError{done: 2, rows: 88}, 3,
		"matrixrun: interrupted: 2 of 88 rows were answered; what was found out is kept, and the same command goes on from there\n")
}

// TestExitInputOutranks has bad input beside something that could not be found
// out, in either order.
func TestExitInputOutranks(t *testing.T) {
	other := errors.New("no network")
	for _, err := range []error{errors.Join(other, mistakes), errors.Join(mistakes, other)} {
		if got := exitCode(err); got != exitInput {
			t.Errorf("exit code %d of %v, want %d", got, err, exitInput)
		}
	}
}
