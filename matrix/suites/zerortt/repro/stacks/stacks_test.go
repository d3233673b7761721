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

// TestAwaitWaiting waits until a goroutine waits, and no longer than it may for
// one that never does.
func TestAwaitWaiting(t *testing.T) {
	c := make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if WaitsIn("stacks.waitHere") {
		t.Error("somebody waits already")
	}
	go waitHere(c)
	if err := AwaitWaiting(ctx, "stacks.waitHere"); err != nil {
		t.Error(err)
	}
	close(c)
	cancel()
	if err := AwaitWaiting(ctx, "stacks.waitNowhere"); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for nobody: %v", err)
	}
}

// TestQuiet tells a process whose goroutines wait from one that has work to do.
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
			t.Fatal("a goroutine that spins is at rest")
		}
	}
	stop.Store(true)
	<-stopped
	for !Quiet() {
		if ctx.Err() != nil {
			t.Fatal("with nobody at work the process is never quiet")
		}
	}
}
