package trial

import (
	"os"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
	"github.com/matrixrun/matrixrun/matrix/internal/traceback"
)

// maxLog bounds the log of a failed process, in bytes. That is enough for the stacks
// of a small program.
const maxLog = 32 << 10

// maxStacks bounds the log in which stacks are looked for, in bytes.
const maxStacks = 1 << 20

// cut replaces the names of the binary, of the temporary folders and of the home
// folder, which say something about this machine or this run only.
func (p process) cut(text, dir string) string {
	paths := []scrub.Path{{Path: p.tests, Name: "."}, {Path: p.binary, Name: "repro"}, {Path: dir, Name: "$TMPDIR"}, {Path: p.folder, Name: "EVIDENCE"}}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, scrub.Path{Path: home, Name: "~"})
	}
	return scrub.Cut(text, paths...)
}

// A hiddenError is an error with another text, which has no names of this machine.
type hiddenError struct {
	error
	text string
}

// Error returns the text.
func (e *hiddenError) Error() string { return e.text }

// Unwrap returns the error.
func (e *hiddenError) Unwrap() error { return e.error }

// hide returns an error without what cut replaces.
func (p process) hide(err error) error { return &hiddenError{err, p.cut(err.Error(), p.dir)} }

// withPanic adds the reason for an exit status: the panic, or the signal if the program printed
// its stacks, which may end with registers, or else the last line of the log.
func withPanic(status, log string) string {
	died, stacks := traceback.Parse(log)
	switch {
	case died.Message != "":
		return status + ": " + died.Message
	case stacks:
		return strings.TrimSuffix(status+": "+died.Signal, ": ")
	}
	return withLast(status, log)
}

// withLast adds the last line of an output to an exit status.
func withLast(status, output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.TrimSuffix(status+": "+strings.TrimSpace(lines[len(lines)-1]), ": ")
}

// oneLine joins and shortens a reason to fit the cell of a table.
func oneLine(text string) string {
	const most = 400
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
