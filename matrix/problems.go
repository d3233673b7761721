package matrix

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one mistake in the user's input: in matrix.yaml, in the header of a
// patch, on the command line.
type Problem struct {
	File string // the path to use in messages; empty for the command line
	Line int    // 1-based; 0 if the problem has no line
	Text string // what is wrong and what would be right
}

func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.Text
	case p.Line == 0:
		return fmt.Sprintf("%s: %s", p.File, p.Text)
	default:
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
	}
}

// Problems are all mistakes that were found in the input. As an error, they mean bad
// input, for which the command exits with 2. Any other error means that something
// could not be found out.
type Problems []Problem

// Error returns the problems, each on a line of its own. Further lines of a problem are
// indented, so that no value in it can pass for another problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = strings.ReplaceAll(p.String(), "\n", "\n  ")
	}
	return strings.Join(lines, "\n")
}

// Mistake returns one problem of the command line as an error. Its text is formatted
// as by fmt.Sprintf.
func Mistake(format string, args ...any) Problems {
	return Problems{{Text: fmt.Sprintf(format, args...)}}
}

// Add appends a problem. Its text is formatted as by fmt.Sprintf.
func (ps *Problems) Add(file string, line int, format string, args ...any) {
	*ps = append(*ps, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// Join appends the problems if err has some, and returns nil. It returns any other
// error unchanged. A reader can so go on after bad input, and stop after other errors.
func (ps *Problems) Join(err error) error {
	if more, ok := errors.AsType[Problems](err); ok {
		*ps = append(*ps, more...)
		return nil
	}
	return err
}

// First returns the first n problems. One more says how many others there are, and where
// they begin.
func (ps Problems) First(n int) Problems {
	if len(ps) <= n {
		return ps
	}
	first, more := slices.Clone(ps[:n]), "mistakes"
	if len(ps) == n+1 {
		more = "mistake"
	}
	first.Add(ps[n].File, ps[n].Line, "and %d more %s", len(ps)-n, more)
	return first
}

// Err returns the problems as an error, or nil if there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}
