package gocmd

import (
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

// An Error reports that a go command failed.
type Error struct {
	Dir       string
	Args      []string
	Toolchain string        // as in the Call
	ExitCode  int           // -1 if it did not start or was ended by a signal
	Stderr    string        // the end of it, without secrets
	Limit     time.Duration // of the Call
	TimedOut  bool          // whether the limit ended it
	Err       error         // an *exec.ExitError, exec.ErrNotFound, or the context's error

	env environment // of the command, for the advice
}

func newError(c Call, env environment, err error, stderr string) *Error {
	e := &Error{
		Dir: c.Dir, Args: c.Args, Toolchain: c.Toolchain, ExitCode: -1,
		Limit: c.Limit, TimedOut: errors.Is(err, errTook), Err: err, env: env,
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		e.ExitCode = exit.ExitCode()
	}
	e.Stderr = e.Cut(stderr)
	return e
}

// Cut returns what the command printed without the secrets of its environment. Stderr
// has none; use Cut for the standard output of a command that failed.
func (e *Error) Cut(text string) string {
	names := slices.Collect(maps.Keys(e.env.all))
	return scrub.Find(func(key string) string { return e.env.all[key] }, names).Cut(text)
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// Error returns the command, how it failed, the last lines of its standard error,
// and advice if there is any.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Toolchain != "" {
		fmt.Fprintf(&b, "GOTOOLCHAIN=%s ", e.Toolchain)
	}
	b.WriteString("go " + strings.Join(e.Args, " ") + ": ")
	words := e.lastWords()
	switch {
	case e.TimedOut:
		fmt.Fprintf(&b, "it took longer than %v", e.Limit)
	case e.ExitCode > 0 && words != "":
		// "exit status 1" adds nothing to the go command's own message.
	default:
		b.WriteString(e.Err.Error())
	}
	if words != "" {
		if e.TimedOut || e.ExitCode <= 0 {
			b.WriteString("; it said: ")
		}
		b.WriteString(words)
	}
	if advice := e.Advice(); advice != "" {
		b.WriteString(" (" + advice + ")")
	}
	return b.String()
}

// lastLines is how many lines of standard error a message has. The reason is in the
// last ones, after the progress of downloads.
const lastLines = 8

// crash matches the first line of what the Go runtime prints when it ends a program. A
// trace follows.
var crash = regexp.MustCompile(`(?m)^(?:runtime: |runtime/cgo: |fatal error: |panic: ).*$`)

// traced matches a line of that trace.
var traced = regexp.MustCompile(`(?m)^(?:goroutine \d+ |runtime stack:)`)

// lastWords returns the last lines of standard error without progress messages. If the
// go command crashed, it returns the line with the reason.
func (e *Error) lastWords() string {
	if line := crash.FindString(e.Stderr); line != "" && traced.MatchString(e.Stderr) {
		return strings.TrimSpace(line)
	}
	var lines []string
	for line := range strings.Lines(e.Stderr) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "go: downloading ") {
			continue
		}
		lines = append(lines, line)
	}
	lines = lines[max(0, len(lines)-lastLines):]
	return strings.Join(lines, "\n")
}

// advices maps messages of the go command to what the user can do. The first match
// is used.
var advices = []struct{ message, advice string }{
	{"checksum database disabled", "GOSUMDB=off keeps the go command from fetching a toolchain: unset it, and name private modules in GONOSUMDB or GOPRIVATE instead"},
	{"disabled by GOPROXY=off", "GOPROXY=off allows no download: unset it, or run once with it unset to fill the module cache"},
	{"checksum mismatch", "the download does not match its checksum: find out why before anything else; \"go clean -modcache\" removes a damaged download"},
	{"403 Forbidden", "the module proxy refuses this version: check that it exists, and the value of GOPROXY"},
	{"404 Not Found", "the module proxy has no such version: check that it exists, and the value of GOPROXY"},
}

// unreachable lists messages that mean that the network or the proxy does not
// answer.
var unreachable = []string{
	"dial tcp", "no such host", "connection refused", "connection reset", "i/o timeout", "TLS handshake timeout", "network is unreachable",
	"proxyconnect", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout", "unexpected EOF", "x509: ",
}

// Advice returns what the user can do next, or "" if that is not known.
func (e *Error) Advice() string {
	if errors.Is(e.Err, exec.ErrNotFound) {
		return "install Go, and put the folder with the go command into PATH"
	}
	getenv := func(key string) string { return e.env.all[key] }
	if advice := fault.RootAdvice(getenv); advice != "" {
		return advice
	}
	if strings.Contains(e.Stderr, "toolchain not available") {
		return e.toolchainAdvice()
	}
	for _, a := range advices {
		if strings.Contains(e.Stderr, a.message) {
			return a.advice
		}
	}
	for _, words := range unreachable {
		if strings.Contains(e.Stderr, words) {
			return "the module proxy could not be reached: check the network and the value of GOPROXY"
		}
	}
	return fault.GoAdvice(e.Stderr+"\n"+e.Err.Error(), getenv)
}

// toolchainAdvice returns advice for a toolchain that is not available. The go
// command prints the same message for all causes.
func (e *Error) toolchainAdvice() string {
	if e.env.all["GOPROXY"] == "off" {
		return "GOPROXY=off allows no download: unset it, or download the toolchain once with it unset: GOTOOLCHAIN=" + e.Toolchain + " go version"
	}
	return fmt.Sprintf("no proxy that GOPROXY names has %s for %s/%s: check that it was released, or name another one", e.Toolchain, runtime.GOOS, runtime.GOARCH)
}
