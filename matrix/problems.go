package matrix

import (
	"errors"
	"fmt"
	"strings"
)

// A Problem is one mistake in what the user gave: a line of matrix.yaml, a
// patch's header, a flag.
type Problem struct {
	File string // as the user would name it; empty for the command line
	Line int    // 1-based; 0 where there is no line to point at
	Text string // what is wrong, and what would be right
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

// Problems are all the mistakes that one reading of the input found. As an
// error it stands for bad input, which the command turns into exit code 2; any
// other error means that something could not be found out.
type Problems []Problem

// Error lists the problems, a line each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Add appends a problem at a place; its text is formatted as by fmt.Sprintf.
func (ps *Problems) Add(file string, line int, format string, args ...any) {
	*ps = append(*ps, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

// Join appends the problems that err stands for and returns any other error
// unchanged, so that a reader can go on after bad input and stop at the rest.
func (ps *Problems) Join(err error) error {
	var more Problems
	if errors.As(err, &more) {
		*ps = append(*ps, more...)
		return nil
	}
	return err
}

// Err returns the problems as an error, or nil where there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}
