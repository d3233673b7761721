package stacks

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// waitHere waits for a channel.
func waitHere(c chan struct{}) { <-c }

// TestAwaitWaiting waits for a goroutine that waits, and until its context
// ends for one that does not exist.
func TestAwaitWaiting(t *testing.T) {
	c := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if WaitsIn("stacks.waitHere") {
		t.Error("a goroutine waits already")
	}
	go waitHere(c)
	if err := AwaitWaiting(ctx, "stacks.waitHere"); err != nil {
		t.Error(err)
	}
	close(c)
	cancel()
	if err := AwaitWaiting(ctx, "stacks.waitNowhere"); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting in a function that nobody calls: %v", err)
	}
}

// TestQuiet checks that a process is quiet only if all goroutines wait.
func TestQuiet(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stop atomic.Bool
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for !stop.Load() {
		}
	}()
	for range 100 {
		if Quiet() {
			t.Fatal("the process is quiet while a goroutine spins")
		}
	}
	ended, end := context.WithCancel(ctx)
	end()
	if err := AwaitQuiet(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting while a goroutine spins: %v", err)
	}
	stop.Store(true)
	<-stopped
	if err := AwaitQuiet(ctx); err != nil {
		t.Errorf("the process is never quiet although nothing runs: %v", err)
	}
}
