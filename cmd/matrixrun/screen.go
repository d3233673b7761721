package main

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"

	"github.com/matrixrun/matrixrun/matrix/report"
)

// A file is a stream that may be a terminal.
type file interface{ Fd() uintptr }

// isTerminal reports whether a stream is one that a person looks at.
func isTerminal(w io.Writer) bool {
	f, ok := w.(file)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colored reports whether a stream takes colours: a terminal that shows them, or
// any stream where colours are forced. After https://no-color.org and
// https://bixense.com/clicolors, and in their order: who wants none gets none.
func colored(w io.Writer) bool {
	switch {
	case os.Getenv("NO_COLOR") != "":
		return false
	case asked("CLICOLOR_FORCE") || asked("FORCE_COLOR"):
		return true
	case os.Getenv("CLICOLOR") == "0" || os.Getenv("TERM") == "dumb":
		return false
	default:
		return isTerminal(w)
	}
}

// asked reports whether a variable of the environment switches something on.
func asked(name string) bool {
	value := os.Getenv(name)
	return value != "" && value != "0"
}

// columns is how many characters a line of a stream can have: those of the
// terminal, or what COLUMNS says; 0 where neither tells.
func columns(w io.Writer) int {
	if f, ok := w.(file); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && width > 0 {
		return width
	}
	return 0
}

// Prose is set in lines of at most longLine characters, since longer ones are
// tiring to read, and of usualLine where nobody knows how wide the screen is. A
// screen below leastLine is written to as if it had so many.
const (
	longLine  = 100
	usualLine = 80
	leastLine = 40
)

// proseWidth is how many characters a line of help may have.
func proseWidth(w io.Writer) int {
	width := columns(w)
	if width == 0 {
		return usualLine
	}
	return max(leastLine, min(width, longLine))
}

// screenOf tells what a report that goes to a stream is shown on.
func screenOf(w io.Writer) report.Screen {
	return report.Screen{Width: columns(w), Color: colored(w)}
}
