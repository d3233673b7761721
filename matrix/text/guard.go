package text

import "io"

// A Guard is the way out of the program: a stream that makes harmless what is written
// to it, as Harmless does. What was not checked before cannot reach a terminal or a
// log as a command.
type Guard struct {
	to     io.Writer
	filter filter
	rest   string // the end of what was written, which depends on what follows
}

// NewGuard returns a guard for a stream. Colours pass if colored is set.
func NewGuard(to io.Writer, colored bool) *Guard {
	return &Guard{to: to, filter: filter{colors: colored}}
}

func (g *Guard) Write(data []byte) (int, error) {
	var out string
	out, g.rest = g.filter.piece(g.rest+string(data), plainSyntax)
	if _, err := io.WriteString(g.to, out); err != nil {
		return 0, err
	}
	return len(data), nil
}

// Fd returns the file descriptor of the stream, or one that does not exist if the
// stream is not a file.
func (g *Guard) Fd() uintptr {
	if f, ok := g.to.(interface{ Fd() uintptr }); ok {
		return f.Fd()
	}
	return ^uintptr(0)
}

// Unguarded returns the stream behind a guard, for control sequences and commands that
// matrixrun makes itself. It returns other streams unchanged.
func Unguarded(w io.Writer) io.Writer {
	if g, ok := w.(*Guard); ok {
		return g.to
	}
	return w
}
