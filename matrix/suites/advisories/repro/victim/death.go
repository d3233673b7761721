package victim

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// target is the import path of the library under test.
const target = "github.com/quic-go/quic-go"

// A Death is how a victim ended by itself.
type Death struct {
	Panic    string // the message of the panic, one line; empty if it was none
	Place    string // the function and line of the first frame that is not of the runtime
	InTarget bool   // that frame is in the library under test
	Exit     string // how the process ended
}

// String returns the panic and its place, or how else the process ended.
func (d *Death) String() string {
	if d.Panic == "" {
		return "the process ended with " + d.Exit
	}
	return fmt.Sprintf("%s, in %s", d.Panic, d.Place)
}

// death returns how the process ended; nil if it did as it was asked to, or was killed.
func (p *Process) death() *Death {
	if p.err == nil || p.cmd.ProcessState.ExitCode() < 0 {
		return nil
	}
	p.stderr.mu.Lock()
	defer p.stderr.mu.Unlock()
	d := parse(string(p.stderr.data))
	d.Exit = p.err.Error()
	return &d
}

// A frame is a call in the stack of a goroutine: the function on one line, and the file
// with the line on the next.
var frame = regexp.MustCompile(`(?m)^([^\s(][^\n]*)\([^\n]*\)\n\t(\S+):(\d+)`)

// parse reads what a Go program prints when it panics.
func parse(log string) (d Death) {
	at := strings.Index("\n"+log, "\npanic: ")
	if at < 0 {
		return d
	}
	log = log[at:]
	d.Panic = strings.SplitN(log, "\n", 2)[0]
	for _, m := range frame.FindAllStringSubmatch(log, -1) {
		name := m[1]
		if name == "panic" || strings.HasPrefix(name, "runtime.") {
			continue
		}
		d.Place = fmt.Sprintf("%s (%s:%s)", name, path.Base(m[2]), m[3])
		d.InTarget = strings.HasPrefix(name, target)
		if d.InTarget || strings.HasPrefix(name, "main.") {
			break // the standard library may be in between
		}
	}
	return d
}
