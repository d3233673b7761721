// Package stacks finds out from the stack traces of this process what its
// goroutines wait for. There is no other way to know that a library has
// processed a call that blocks.
//
// It does not use the library under test, so it is compiled once for all
// releases that share a toolchain.
package stacks

import (
	"bytes"
	"context"
	"runtime"
	"sync"
)

// AwaitWaiting waits until a goroutine waits inside a function. The library
// has then processed the call.
func AwaitWaiting(ctx context.Context, function string) error {
	for !WaitsIn(function) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		runtime.Gosched()
	}
	return nil
}

// WaitsIn reports whether some goroutine waits for a channel inside a
// function, which is named as in a stack trace.
func WaitsIn(function string) bool {
	for _, g := range goroutines() {
		state := bytes.SplitN(g, []byte("\n"), 2)[0]
		waits := bytes.Contains(state, []byte("[select")) || bytes.Contains(state, []byte("[chan receive"))
		if waits && bytes.Contains(g, []byte(function+"(")) {
			return true
		}
	}
	return false
}

// Quiet reports whether all other goroutines wait for something. On a busy
// machine a goroutine that has work to do may not run for a long time; it is
// not quiet then.
func Quiet() bool {
	for _, g := range goroutines()[1:] {
		state := bytes.SplitN(g, []byte("\n"), 2)[0]
		for _, busy := range []string{"[runnable", "[running", "[syscall"} {
			if bytes.Contains(state, []byte(busy)) {
				return false
			}
		}
	}
	return true
}

// AwaitQuiet waits until all other goroutines wait for something. The library
// has then processed all calls, and sent what they queued.
func AwaitQuiet(ctx context.Context) error {
	for !Quiet() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		runtime.Gosched()
	}
	return nil
}

// traces is a buffer for all stack traces. It is reused, since they are read
// often.
var (
	tracing sync.Mutex
	traces  = make([]byte, 1<<16)
)

// goroutines returns the stack trace of each goroutine, that of the caller
// first.
func goroutines() [][]byte {
	tracing.Lock()
	defer tracing.Unlock()
	n := runtime.Stack(traces, true)
	for n == len(traces) { // the buffer was too small
		traces = make([]byte, 2*len(traces))
		n = runtime.Stack(traces, true)
	}
	return bytes.Split(append([]byte(nil), traces[:n]...), []byte("\n\n"))
}
