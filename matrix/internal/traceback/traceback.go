// Package traceback reads the stacks that a Go program prints when it dies.
//
// It is for one question: does the program die in the code of a module, in a call by
// somebody else's code? A panic in the caller's own code says nothing about the module.
package traceback

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A Frame is one call on a stack.
type Frame struct {
	Func  string // with its import path, such as example.com/lib.(*Conn).Close
	Place string // file and line, such as conn.go:12; empty if unknown
}

// A Goroutine is the stack of one goroutine, the innermost call first.
type Goroutine struct {
	State   string // such as "running" or "chan receive, 2 minutes"
	Frames  []Frame
	Creator string // the function with the go statement that started it; empty if unknown
}

// A Traceback is how a program died.
type Traceback struct {
	Message    string // such as "panic: no good"; empty if a signal asked for the stacks
	Signal     string // the signal, such as "SIGABRT: abort"; empty if there was none
	Goroutines []Goroutine
}

// AllAsleep reports whether the program died because it would have waited for ever.
func (t Traceback) AllAsleep() bool { return strings.Contains(t.Message, "all goroutines are asleep") }

// Parse reads the stacks in the log of a program. Registers and system stacks are left
// out. The second result is false if there is no goroutine; there may be a message all the
// same.
func Parse(log string) (Traceback, bool) {
	var t Traceback
	var open *Goroutine // the lines belong to its stack
	for line := range strings.Lines(log) {
		line = strings.TrimRight(line, "\r\n")
		if state, ok := goroutine(line); ok {
			t.Goroutines = append(t.Goroutines, Goroutine{State: state})
			open = &t.Goroutines[len(t.Goroutines)-1]
			continue
		}
		switch {
		case strings.TrimSpace(line) == "":
			open = nil
		case open != nil:
			open.line(line)
		case len(t.Goroutines) > 0:
		case died(line):
			// Of several, the last is nearest to the stack. Package testing recovers a panic
			// and repeats it.
			t.Message, _, _ = strings.Cut(strings.TrimSpace(line), " [recovered")
		case signal.MatchString(line):
			t.Signal = line
		case strings.HasSuffix(t.Message, ":"): // the message begins with a line break
			t.Message += " " + strings.TrimSpace(line)
		}
	}
	return t, len(t.Goroutines) > 0
}

// signal matches the first line of the stacks that a signal makes a program print.
var signal = regexp.MustCompile(`^SIG[A-Z0-9]+: [a-z ]+$`)

// died reports whether a line begins the report of a panic or another fatal error.
func died(line string) bool {
	return strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ")
}

// goroutine reads a line such as "goroutine 1 [running]:". Goroutine 0 belongs to the
// scheduler.
func goroutine(line string) (state string, ok bool) {
	rest, ok := strings.CutPrefix(line, "goroutine ")
	number, after, found := strings.Cut(rest, " ")
	_, state, bracket := strings.Cut(after, "[") // a debug build has more in front of it
	state, closed := strings.CutSuffix(state, "]:")
	return state, ok && found && bracket && closed && number != "0"
}

// line adds a line of the goroutine's stack: a call, or the place of the call before.
func (g *Goroutine) line(line string) {
	if place, ok := strings.CutPrefix(line, "\t"); ok {
		if n := len(g.Frames); n > 0 && g.Frames[n-1].Place == "" {
			place, _, _ = strings.Cut(place, " +0x")
			g.Frames[n-1].Place = path.Base(strings.ReplaceAll(place, `\`, "/"))
		}
		return
	}
	// The dots of an import path's last element are escaped.
	line = strings.ReplaceAll(line, "%2e", ".")
	if creator, ok := strings.CutPrefix(line, "created by "); ok {
		g.Creator, _, _ = strings.Cut(creator, " ")
		return
	}
	// The arguments have no parentheses. A wrapper is left out: Creator names the function with
	// the go statement that it was made for.
	if at := strings.LastIndexByte(line, '('); at > 0 && strings.HasSuffix(line, ")") && !wrapper.MatchString(line[:at]) {
		g.Frames = append(g.Frames, Frame{Func: line[:at]})
	}
}

// wrapper matches the names of functions that the compiler makes for go statements with
// arguments.
var wrapper = regexp.MustCompile(`\.gowrap[0-9]+$`)

// In returns the calls from the innermost one of the module down to the caller's, both
// included. They are nil unless the goroutine is in the module: unless it got there from
// the caller, and has not called back.
func (g Goroutine) In(module, caller string) []Frame {
	first := -1
	for i, f := range g.Frames {
		switch inside := belongs(f.Func, module); {
		case inside && first < 0:
			first = i
		case inside || !belongs(f.Func, caller) && !belongs(f.Func, "main"):
		case first < 0:
			return nil // the caller's own code
		default:
			return g.Frames[first : i+1]
		}
	}
	return nil
}

// Started returns the calls from the innermost one of the module on, if the caller has started
// the goroutine with a call of the module: "go lib.Serve()". They are nil otherwise.
func (g Goroutine) Started(module, caller string) []Frame {
	first := slices.IndexFunc(g.Frames, func(f Frame) bool { return belongs(f.Func, module) })
	last := len(g.Frames) - 1
	if first < 0 || !belongs(g.Frames[last].Func, module) || !belongs(g.Creator, caller) && !belongs(g.Creator, "main") {
		return nil
	}
	if slices.ContainsFunc(g.Frames, func(f Frame) bool { return belongs(f.Func, caller) || belongs(f.Func, "main") }) {
		return nil // a call back
	}
	return append(slices.Clone(g.Frames[first:]), Frame{Func: g.Creator})
}

// Calls returns the calls outside of the standard library of the first goroutine that
// has some.
func (t Traceback) Calls() []Frame {
	for _, g := range t.Goroutines {
		if calls := slices.DeleteFunc(slices.Clone(g.Frames), Frame.standard); len(calls) > 0 {
			return calls
		}
	}
	return nil
}

// standard reports whether the function is in the standard library, whose import paths
// begin with no domain.
func (f Frame) standard() bool {
	first, _, deep := strings.Cut(f.Func, "/")
	return !strings.HasPrefix(f.Func, "main.") && !(deep && strings.Contains(first, "."))
}

// belongs reports whether a function is in a package of a module. The external tests of
// its first package have a package of their own, with a name that ends in _test.
func belongs(function, module string) bool {
	rest, ok := strings.CutPrefix(function, module)
	return ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "_test."))
}

// mostCalls is how many calls Describe names.
const mostCalls = 4

// Describe returns calls in words: the innermost first, and the last one always. A call of
// the function panic says nothing.
func Describe(calls []Frame) string {
	calls = slices.DeleteFunc(slices.Clone(calls), func(f Frame) bool { return f.Func == "panic" })
	var parts []string
	for i, f := range calls {
		if i >= mostCalls-1 && i < len(calls)-1 {
			continue
		}
		word := "from"
		if i == 0 {
			word = "in"
		}
		if i == len(calls)-1 && len(calls) > mostCalls {
			word = fmt.Sprintf("%d more calls from", len(calls)-mostCalls)
		}
		part := word + " " + f.Func
		if f.Place != "" {
			part += " (" + f.Place + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}
