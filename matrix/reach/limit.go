package reach

import (
	"context"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Limit bounds what an answer may cost. A zero field is no limit.
type Limit struct {
	Packages int           // of the program, with those of all modules and of the standard library
	Time     time.Duration // since the beginning
	Memory   int64         // of this process, in bytes
}

// A cutError reports that a limit ended the analysis.
type cutError struct{ what string }

func (e *cutError) Error() string { return e.what }

// pace is how often memory is measured.
const pace = 50 * time.Millisecond

// limited calls f, and returns early if a limit is reached. Then f goes on until it next
// looks at its context: type checking cannot be interrupted. A panic of f, which means
// that the analysis cannot deal with the program, becomes an error.
func limited[T any](ctx context.Context, limit Limit, f func(context.Context) (T, error)) (result T, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if limit.Memory > 0 {
		// Collect garbage more often rather than reach the limit.
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit.Memory * 9 / 10))
	}
	type outcome struct {
		result T
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if r := recover(); r != nil {
				o.err = fmt.Errorf("the analysis of the program failed: %v", r)
			}
			done <- o
		}()
		o.result, o.err = f(ctx)
	}()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	began := time.Now()
	for {
		select {
		case o := <-done:
			return o.result, o.err
		case <-ctx.Done():
			return result, ctx.Err()
		case <-tick.C:
			if err := limit.reached(time.Since(began)); err != nil {
				return result, err
			}
		}
	}
}

// reached returns an error if the limit of time or memory is reached.
func (l Limit) reached(took time.Duration) error {
	if l.Time > 0 && took > l.Time {
		return &cutError{fmt.Sprintf("it took longer than %v, which `--reach-limit` sets", l.Time)}
	}
	if used := memory(); l.Memory > 0 && used > l.Memory {
		return &cutError{fmt.Sprintf("it needed more memory than the limit of %d MB", l.Memory/1e6)}
	}
	return nil
}

// memory returns how many bytes this process has of the system, as far as the Go
// runtime knows, without those that it gave back.
func memory() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}

// packages returns an error if a program has too many packages.
func (l Limit) packages(n int) error {
	if l.Packages > 0 && n > l.Packages {
		return &cutError{fmt.Sprintf("the program has %s, and the limit is %d", text.Count(n, "package"), l.Packages)}
	}
	return nil
}
