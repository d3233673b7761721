package trial

import (
	"os"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

// maxLog is how much of a failed process's log is kept, in bytes: enough for
// the stacks of a small program.
const maxLog = 32 << 10

// cut removes what a log says of this machine, and of this one run: the names
// of the binary and of the temporary folders.
func (p process) cut(text, dir string) string {
	paths := []scrub.Path{{Path: p.binary, Name: "repro"}, {Path: dir, Name: "$TMPDIR"}, {Path: p.folder, Name: "EVIDENCE"}}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, scrub.Path{Path: home, Name: "~"})
	}
	return scrub.Cut(text, paths...)
}

// withPanic adds to an exit status what the runtime, or else the program, said
// of it.
func withPanic(status, log string) string {
	last := ""
	for line := range strings.Lines(log) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return status + ": " + line
		}
		if line != "" {
			last = line
		}
	}
	if last == "" {
		return status
	}
	return status + ": " + last
}

// oneLine makes a reason fit a cell of a table.
func oneLine(text string) string {
	const most = 400
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
