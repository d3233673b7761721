//go:build unix

package interrupt_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/interrupt"
)

// role is the variable that makes the test binary one of the processes that these
// tests need.
const role = "INTERRUPT_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		heed(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
		os.Exit(m.Run())
	case "child": // it ignores what it can, and never ends
		signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
		fmt.Println("child", os.Getpid())
		time.Sleep(time.Hour)
	case "orderly", "slow":
		os.Exit(program(os.Getenv(role) == "slow"))
	}
}

// heed makes signals that this process ignores, as nohup has it do, arrive in the processes
// that it starts: a process hands on what it ignores, but not what it catches.
func heed(signals ...os.Signal) {
	for _, sig := range signals {
		if signal.Ignored(sig) {
			signal.Notify(make(chan os.Signal, 1), sig)
		}
	}
}

// program runs a child, and prints "kept" and returns 3 when it was interrupted. A
// slow one does not end by itself.
func program(slow bool) int {
	ctx, stop := interrupt.Context(context.Background(), os.Stderr)
	defer stop()
	err := proc.Cmd{Path: os.Args[0], Env: []string{role + "=child"}, Stdout: os.Stdout, Grace: time.Hour}.Run(ctx)
	if !errors.Is(err, context.Canceled) {
		fmt.Println(err)
		return 1
	}
	fmt.Println("kept")
	if slow {
		time.Sleep(time.Hour)
	}
	return 3
}

// A running is a program of these tests.
type running struct {
	*exec.Cmd
	child  int
	lines  *bufio.Reader
	stderr *bytes.Buffer
}

// start starts a program and waits until its child runs. A shell starts it, after it has
// run a command.
func start(t *testing.T, as, before string) running {
	t.Helper()
	r := running{Cmd: exec.Command("sh", "-c", before+`exec "$0"`, os.Args[0]), stderr: new(bytes.Buffer)}
	r.Env = append(os.Environ(), role+"="+as)
	r.Stderr = r.stderr
	out, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.lines = bufio.NewReader(out)
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Process.Kill() })
	if _, err := fmt.Fscanf(r.lines, "child %d\n", &r.child); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r running) signal(t *testing.T, sig os.Signal) {
	t.Helper()
	if err := r.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// end waits until the program and its child have ended. It returns how, and the rest
// of the output.
func (r running) end(t *testing.T) (state *os.ProcessState, output string) {
	t.Helper()
	rest, err := io.ReadAll(r.lines)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Wait() // the caller looks at the state
	for end := time.Now().Add(10 * time.Second); syscall.Kill(-r.child, 0) == nil; time.Sleep(time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.child))
		if err == nil && strings.Contains(string(stat), ") Z ") {
			break // its new parent need not hurry
		}
		if time.Now().After(end) {
			_ = syscall.Kill(-r.child, syscall.SIGKILL)
			t.Fatal("the child is still running")
		}
	}
	return r.ProcessState, string(rest)
}

// TestFirstSignal checks that a program ends in an orderly manner although its child
// would not.
func TestFirstSignal(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			r := start(t, "orderly", "")
			began := time.Now()
			r.signal(t, sig)
			state, output := r.end(t)
			if state.ExitCode() != 3 || output != "kept\n" {
				t.Errorf("%v after %v, output %q", state, time.Since(began), output)
			}
			if stacks := strings.Contains(r.stderr.String(), "goroutine 1 "); stacks != (sig == syscall.SIGQUIT) {
				t.Errorf("standard error:\n%s", r.stderr)
			}
		})
	}
}

// TestSecondSignal checks that a program that is stuck ends, with its child.
func TestSecondSignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			r := start(t, "slow", "")
			r.signal(t, os.Interrupt)
			// Two equal signals at the same time may arrive as one.
			if line, err := r.lines.ReadString('\n'); err != nil || line != "kept\n" {
				t.Fatalf("%q, %v", line, err)
			}
			r.signal(t, sig)
			state, _ := r.end(t)
			status, ok := state.Sys().(syscall.WaitStatus)
			if killed := ok && status.Signaled() && status.Signal() == sig; !killed && state.ExitCode() != 128+int(sig) {
				t.Errorf("ended with %v", state)
			}
		})
	}
}

// TestSecondSignalAtOnce checks a second signal that comes while the child is still
// asked to end.
func TestSecondSignalAtOnce(t *testing.T) {
	r := start(t, "slow", "")
	r.signal(t, os.Interrupt)
	r.signal(t, syscall.SIGTERM)
	if state, _ := r.end(t); state.Success() {
		t.Errorf("ended with %v", state)
	}
}

// TestIgnoredSignal checks that nohup works.
func TestIgnoredSignal(t *testing.T) {
	r := start(t, "orderly", "trap '' HUP; ")
	r.signal(t, syscall.SIGHUP)
	time.Sleep(50 * time.Millisecond) // there is nothing to wait for
	r.signal(t, os.Interrupt)
	if state, output := r.end(t); state.ExitCode() != 3 || output != "kept\n" {
		t.Errorf("%v, output %q", state, output)
	}
}

// TestStacksThatNobodyReads sends SIGQUIT to a program whose standard error takes nothing,
// such as a terminal that hangs. It must end its work nevertheless.
func TestStacksThatNobodyReads(t *testing.T) {
	r, w := io.Pipe()
	defer r.Close()
	ctx, stop := interrupt.Context(t.Context(), w)
	if err := syscall.Kill(os.Getpid(), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ctx.Done():
	case <-time.After(10 * time.Second):
		t.Error("the context does not end")
	}
	began := time.Now()
	stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
}
