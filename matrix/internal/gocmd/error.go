package gocmd

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// An Error says that a go command did not do what it was asked.
type Error struct {
	Dir       string
	Args      []string
	Toolchain string        // as in the Call
	ExitCode  int           // -1 where it did not start, or was ended by a signal
	Stderr    string        // the tail of what it wrote
	Limit     time.Duration // that it had
	TimedOut  bool          // whether it was ended for reaching that
	Err       error         // what happened: an *exec.ExitError, exec.ErrNotFound, the context's error

	goproxy string // as the go command was given it, for the advice
}

func newError(c Call, env environment, err error, stderr string) *Error {
	e := &Error{
		Dir: c.Dir, Args: c.Args, Toolchain: c.Toolchain, ExitCode: -1, Stderr: stderr,
		Limit: c.Limit, TimedOut: errors.Is(err, errTook), Err: err, goproxy: env.all["GOPROXY"],
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		e.ExitCode = exit.ExitCode()
	}
	return e
}

// Unwrap returns what happened.
func (e *Error) Unwrap() error { return e.Err }

// Error tells the command, what became of it, what it said last, and what to
// do about it where that is known.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Toolchain != "" {
		fmt.Fprintf(&b, "GOTOOLCHAIN=%s ", e.Toolchain)
	}
	b.WriteString("go " + strings.Join(e.Args, " ") + ": ")
	said := e.said()
	switch {
	case e.TimedOut:
		fmt.Fprintf(&b, "it took longer than %v", e.Limit)
	case e.ExitCode > 0 && said != "":
		// "exit status 1" says nothing beside the go command's own words.
	default:
		b.WriteString(e.Err.Error())
	}
	if said != "" {
		if e.TimedOut || e.ExitCode <= 0 {
			b.WriteString("; it said: ")
		}
		b.WriteString(said)
	}
	if advice := e.Advice(); advice != "" {
		b.WriteString(" (" + advice + ")")
	}
	return b.String()
}

// saidLines is how many lines of the go command's words a message carries: the
// reason is in the last ones, after those that tell what it is downloading.
const saidLines = 8

// said returns the last lines of what the command wrote, without what only
// tells of progress.
func (e *Error) said() string {
	var lines []string
	for line := range strings.Lines(e.Stderr) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "go: downloading ") {
			continue
		}
		lines = append(lines, line)
	}
	lines = lines[max(0, len(lines)-saidLines):]
	return strings.Join(lines, "\n")
}

// advices tell what to do next, by what the go command said; the first that
// is found holds.
var advices = []struct{ said, advice string }{
	{"checksum database disabled", "GOSUMDB=off keeps the go command from fetching a toolchain: unset it, and name private modules in GONOSUMDB or GOPRIVATE instead"},
	{"disabled by GOPROXY=off", "GOPROXY=off allows no download: unset it, or run once with it unset to fill the module cache"},
	{"checksum mismatch", "what was downloaded is not what the checksum was taken of: find out why before anything else; \"go clean -modcache\" removes a damaged download"},
	{"no space left on device", "make room where GOCACHE, GOMODCACHE and the temporary folder are"},
	{"403 Forbidden", "the module proxy refuses this version: see whether it exists, and what GOPROXY says"},
	{"404 Not Found", "the module proxy has no such version: see whether it exists, and what GOPROXY says"},
}

// unreachable are the words of a network that does not answer.
var unreachable = []string{
	"dial tcp", "no such host", "connection refused", "connection reset", "i/o timeout", "TLS handshake timeout", "network is unreachable",
	"proxyconnect", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "unexpected EOF", "x509: ",
}

// Advice returns what to do next, or nothing where that is not known.
func (e *Error) Advice() string {
	if errors.Is(e.Err, exec.ErrNotFound) {
		return "install Go, and put the folder with the go command into PATH"
	}
	if strings.Contains(e.Stderr, "toolchain not available") {
		return e.toolchainAdvice()
	}
	for _, a := range advices {
		if strings.Contains(e.Stderr, a.said) {
			return a.advice
		}
	}
	for _, words := range unreachable {
		if strings.Contains(e.Stderr, words) {
			return "the module proxy could not be reached: see to the network, or to GOPROXY"
		}
	}
	return ""
}

// toolchainAdvice tells apart why a toolchain is not to be had; the go command
// has the same words for both.
func (e *Error) toolchainAdvice() string {
	if e.goproxy == "off" {
		return "GOPROXY=off allows no download: unset it, or fetch the toolchain once with it unset: " + "GOTOOLCHAIN=" + e.Toolchain + " go version"
	}
	return fmt.Sprintf("no proxy that GOPROXY names has %s for %s/%s: see whether it was released, or name another one", e.Toolchain, runtime.GOOS, runtime.GOARCH)
}
