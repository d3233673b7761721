package trial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Program is the reproduction that is tried: its binary, and the one of the
// servers that its trials talk to where they are to run in a process of their
// own, built against something else.
type Program struct {
	Binary string
	Server string // empty: those of Binary, in the process of the trials
}

// errTold is the cause of a context whose process is no longer needed.
var errTold = errors.New("the trials are over")

// run runs the program to its end, beside a process of its servers where it has
// one. A failure of either is one of the trials.
func (p Program) run(ctx context.Context, args []string, limits Limits, folder string, out *lines) (*matrix.Failure, error) {
	client := process{binary: p.Binary, args: args, limits: limits, folder: folder, stop: hangSignal, cpu: &out.cpu}
	if p.Server == "" {
		return client.run(ctx, out)
	}
	s := startServer(ctx, p.Server, limits)
	address, ok := s.address(limits.Trial)
	if !ok {
		failure, err := s.end()
		if failure == nil && err == nil {
			reason := fmt.Sprintf("the servers: nothing was said of where they listen for %v", limits.Trial)
			failure = &matrix.Failure{Kind: matrix.FailureTimeout, Reason: reason}
		}
		return failure, err
	}
	client.args = append(client.args, "-peer", address)
	failure, err := client.run(ctx, out)
	if failure != nil || out.doubtful() {
		s.linger()
	}
	served, serverErr := s.end()
	out.cpu += s.cpu
	if err != nil || serverErr != nil {
		return nil, errors.Join(err, serverErr)
	}
	if served != nil { // it is what the client's failure came from
		return served, nil
	}
	return failure, nil
}

// A server is a process that runs the servers of trials.
type server struct {
	first  *firstLine
	stop   context.CancelCauseFunc
	ended  chan struct{}
	failed *matrix.Failure // once it has ended
	err    error           // likewise
	cpu    time.Duration   // likewise: what it took
}

// startServer starts the process, which lives until end is called.
func startServer(parent context.Context, binary string, limits Limits) *server {
	ctx, stop := context.WithCancelCause(parent)
	s := &server{first: &firstLine{whole: make(chan struct{})}, stop: stop, ended: make(chan struct{})}
	limits.Trial = 0 // it is the client that reports trials
	p := process{binary: binary, args: []string{"serve"}, limits: limits, stop: os.Interrupt, cpu: &s.cpu}
	go func() {
		defer close(s.ended)
		s.failed, s.err = p.run(ctx, s.first)
		switch {
		case s.err != nil && errors.Is(context.Cause(ctx), errTold):
			s.err = nil
		case s.err != nil:
			s.err = fmt.Errorf("running the servers: %w", s.err)
		case s.failed != nil:
			s.failed.Reason = "the servers: " + s.failed.Reason
		default:
			s.failed = &matrix.Failure{Kind: matrix.FailureOutput, Reason: "the servers: exit status 0 before the trials were over"}
		}
	}()
	return s
}

// address waits until the process has said where it listens, for no longer than
// a limit where there is one. It is not ok where the process has ended before.
func (s *server) address(limit time.Duration) (address string, ok bool) {
	var late <-chan time.Time
	if limit > 0 {
		late = time.After(limit)
	}
	select {
	case <-s.first.whole:
		return s.first.text, true
	case <-s.ended:
		return "", false
	case <-late:
		return "", false
	}
}

// aMoment is how long servers are given to end, where trials went as they do when
// the servers have failed: that must not be taken for their orderly end.
const aMoment = 100 * time.Millisecond

// linger waits for a moment whether the process ends by itself.
func (s *server) linger() {
	select {
	case <-s.ended:
	case <-time.After(aMoment):
	}
}

// end ends the process and says how it had failed before that, if it had.
func (s *server) end() (*matrix.Failure, error) {
	s.stop(errTold)
	<-s.ended
	return s.failed, s.err
}

// maxAddress bounds the first line of what runs the servers, in bytes.
const maxAddress = 256

// A firstLine is an output of which the first line alone matters.
type firstLine struct {
	text  string // once whole is closed
	whole chan struct{}
	part  []byte
}

func (f *firstLine) Write(p []byte) (int, error) {
	select {
	case <-f.whole:
		return len(p), nil
	default:
	}
	f.part = append(f.part, p...)
	line, _, ended := bytes.Cut(f.part, []byte("\n"))
	switch {
	case ended:
		f.text = string(bytes.TrimSpace(line))
		close(f.whole)
	case len(f.part) > maxAddress:
		return 0, wrongf("no address on the first line: %s", excerpt(f.part))
	}
	return len(p), nil
}

func (f *firstLine) onProgress(func()) {}

func (f *firstLine) finish() error { return nil }
