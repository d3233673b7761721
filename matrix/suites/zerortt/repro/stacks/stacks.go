// Package stacks looks at the stack traces of this process for what its goroutines
// wait for: there is no other way to know that a library has taken note of what
// it was called for.
//
// It needs nothing of the library under test, and so is compiled once for all
// releases that share a toolchain.
package stacks

import (
	"bytes"
	"context"
	"runtime"
	"sync"
)

// AwaitWaiting blocks until a goroutine waits inside a function: the library has
// then taken note of what it was called for, and there is no other way to know.
func AwaitWaiting(ctx context.Context, function string) error {
	for !WaitsIn(function) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		runtime.Gosched()
	}
	return nil
}

// WaitsIn reports whether some goroutine waits for a channel inside a function,
// which is named as in a stack trace.
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

// Quiet reports whether all goroutines but the one that asks wait for something.
// On a busy machine one that has work to do can be kept from it for long.
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

// traces is room for all stack traces, which are asked for again and again.
var (
	tracing sync.Mutex
	traces  = make([]byte, 1<<16)
)

// goroutines returns a stack trace for each goroutine, the one that asks first.
func goroutines() [][]byte {
	tracing.Lock()
	defer tracing.Unlock()
	n := runtime.Stack(traces, true)
	for n == len(traces) { // there are more than it has room for
		traces = make([]byte, 2*len(traces))
		n = runtime.Stack(traces, true)
	}
	return bytes.Split(append([]byte(nil), traces[:n]...), []byte("\n\n"))
}
