package trial

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
)

// A Program is a reproduction to run.
type Program struct {
	Binary string // the program that runs the trials
	Server string // runs the servers, built against another release; empty: Binary does, in the process of the trials

	Sandbox *sandbox.Sandbox // to run both in; nil for none
	Boxes   *Boxes           // keeps boxes of the sandbox for the next run; nil for none

	Speaks  matrix.Speech
	Tests   Tests   // what Binary needs if it speaks test
	Profile Profile // nil if it does not count how often code of the target runs
	Defects Defects
	Env     []string // of the suite, as NAME=VALUE; see Environment
}

// errOver cancels the context of the servers when the trials are over.
var errOver = errors.New("the trials are over")

// run runs the program to its end, next to a process with its servers if it has one.
// A failure of either counts as a failure of the trials.
func (p Program) run(ctx context.Context, args []string, limits Limits, out report) (*death, error) {
	at, err := openPlace(ctx, p)
	if err != nil {
		return nil, err
	}
	defer at.close()
	return at.run(ctx, args, limits, "", out)
}

// run runs the program of a place to its end.
func (at *place) run(ctx context.Context, args []string, limits Limits, folder string, out report) (*death, error) {
	failure, err := at.runBoth(ctx, args, limits, folder, out)
	if why := out.base().suspect(at.sandbox); why != "" && err == nil {
		return nil, doubtf("%s", why)
	}
	return failure, err
}

// runBoth runs the program and the process with its servers. The program keeps evidence
// in a folder of the place, unless that is empty.
func (at *place) runBoth(ctx context.Context, args []string, limits Limits, folder string, out report) (*death, error) {
	client := process{
		binary: at.program.Binary, args: at.program.Tests.count(args, at.client), limits: limits, place: at,
		dir: at.client, work: at.program.Tests.work(), tests: at.program.Tests.Dir, folder: folder, stop: hangSignal, cpu: &out.base().cpu,
		env: out.base().env,
	}
	if at.program.Profile != nil || at.program.Tests.Counted { // tests complain on standard error without it
		client.env = append(client.env, "GOCOVERDIR="+at.client)
	}
	if at.server == "" {
		return client.run(ctx, out)
	}
	s := at.startServer(ctx, limits)
	address, ok := s.address(limits.Trial)
	if !ok {
		failure, err := s.end()
		if failure == nil && err == nil {
			reason := fmt.Sprintf("the servers: nothing was said of where they listen for %v", limits.Trial)
			failure = &death{Failure: matrix.Failure{Kind: matrix.FailureTimeout, Reason: reason}}
		}
		return failure, err
	}
	client.args = append(client.args, "-peer", address)
	failure, err := client.run(ctx, out)
	if failure != nil || out.base().doubtful() {
		s.linger()
	}
	serverFailure, serverErr := s.end()
	out.base().cpu += s.cpu
	if err != nil || serverErr != nil {
		return nil, errors.Join(err, serverErr)
	}
	if serverFailure != nil { // it explains any failure of the client
		return serverFailure, nil
	}
	return failure, nil
}

// A server is a process that runs the servers of trials.
type server struct {
	first  *firstLine
	stop   context.CancelCauseFunc
	ended  chan struct{}
	failed *death        // set when ended is closed
	err    error         // likewise
	cpu    time.Duration // likewise
}

// startServer starts the process. The caller must call end.
func (at *place) startServer(parent context.Context, limits Limits) *server {
	ctx, stop := context.WithCancelCause(parent)
	s := &server{first: &firstLine{done: make(chan struct{})}, stop: stop, ended: make(chan struct{})}
	limits.Trial = 0 // the client reports trials, not this process
	p := process{
		binary: at.program.Server, args: []string{"serve"}, limits: limits, place: at, dir: at.server, stop: endSignal, cpu: &s.cpu,
	}
	go func() {
		defer close(s.ended)
		s.failed, s.err = p.run(ctx, s.first)
		var lost *proc.LostError
		switch {
		case errors.Is(s.err, errOver) && !errors.As(s.err, &lost):
			s.err = nil
		case s.err != nil:
			s.err = fmt.Errorf("running the servers: %w", s.err)
		case s.failed != nil:
			s.failed.Reason = "the servers: " + s.failed.Reason
		default:
			s.failed = &death{Failure: matrix.Failure{Kind: matrix.FailureOutput, Reason: "the servers: exit status 0 before the trials were over"}}
		}
	}()
	return s
}

// address waits until the process prints its address. It returns false if the
// process ends first, or after the limit; 0 is no limit.
func (s *server) address(limit time.Duration) (address string, ok bool) {
	var late <-chan time.Time
	if limit > 0 {
		late = time.After(limit)
	}
	select {
	case <-s.first.done:
		return s.first.text, true
	case <-s.ended:
		return "", false
	case <-late:
		return "", false
	}
}

// grace is how long servers get to exit on their own after trials that look as if
// the servers had crashed. Without it, end would take a crash for an orderly exit.
const grace = 100 * time.Millisecond

// linger waits for the process to exit on its own, up to grace.
func (s *server) linger() {
	select {
	case <-s.ended:
	case <-time.After(grace):
	}
}

// end stops the process and returns the failure that it had before, if any.
func (s *server) end() (*death, error) {
	s.stop(errOver)
	<-s.ended
	return s.failed, s.err
}

// maxAddress bounds the line with the servers' address, in bytes.
const maxAddress = 256

// A firstLine is an output that keeps its first line and discards the rest.
type firstLine struct {
	text string // set when done is closed
	done chan struct{}
	part []byte
}

func (f *firstLine) Write(p []byte) (int, error) {
	select {
	case <-f.done:
		return len(p), nil
	default:
	}
	f.part = append(f.part, p...)
	line, _, ended := bytes.Cut(f.part, []byte("\n"))
	switch {
	case ended:
		f.text = string(bytes.TrimSpace(line))
		close(f.done)
	case len(f.part) > maxAddress:
		return 0, wrongf("no address on the first line: %s", excerpt(f.part))
	}
	return len(p), nil
}

func (f *firstLine) onProgress(func()) {}

func (f *firstLine) finish(end ending) error { return end.err }
