// Package screen reports how to write to a stream: how wide its lines may be, and
// whether it shows colours.
package screen

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"

	"github.com/matrixrun/matrixrun/matrix/report"
)

// Lines of prose have at most MaxProse characters, because longer lines are
// tiring to read, and UsualWidth characters if the width of the screen is not
// known. A screen narrower than minProse is taken to have minProse characters.
const (
	MaxProse   = 100
	UsualWidth = 80
	minProse   = 40
)

// Of returns the screen that a report on a stream is for.
func Of(w io.Writer) report.Screen { return report.Screen{Width: Width(w), Color: Colored(w)} }

// A file is a stream that may be a terminal.
type file interface{ Fd() uintptr }

// IsTerminal reports whether a stream is a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(file)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Colored reports whether a stream gets colours: a terminal that shows them, or any
// stream if the environment forces colours. It follows https://no-color.org and
// https://bixense.com/clicolors, in this order.
func Colored(w io.Writer) bool {
	switch {
	case os.Getenv("NO_COLOR") != "":
		return false
	case isOn("CLICOLOR_FORCE") || isOn("FORCE_COLOR"):
		return true
	case os.Getenv("CLICOLOR") == "0" || os.Getenv("TERM") == "dumb":
		return false
	default:
		return IsTerminal(w)
	}
}

// isOn reports whether an environment variable switches something on.
func isOn(name string) bool {
	value := os.Getenv(name)
	return value != "" && value != "0"
}

// Width returns how many characters a line of a stream can have: the width of the
// terminal, or $COLUMNS. It returns 0 if neither is known.
func Width(w io.Writer) int {
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

// ProseWidth returns how many characters a line of help may have.
func ProseWidth(w io.Writer) int {
	width := Width(w)
	if width == 0 {
		return UsualWidth
	}
	return max(minProse, min(width, MaxProse))
}
