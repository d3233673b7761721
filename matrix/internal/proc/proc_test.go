package proc_test

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
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/matrixrun/matrixrun/matrix/internal/exittest"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// child is the variable that tells the test binary, run again, which child process
// to act as.
const child = "PROC_TEST_CHILD"

func TestMain(m *testing.M) {
	if role := os.Getenv(child); role != "" {
		play(role)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func play(role string) {
	switch role {
	case "environment":
		fmt.Println(strings.Join(os.Environ(), "\n"))
	case "fail":
		fmt.Fprintln(os.Stderr, "no good")
		os.Exit(3)
	case "report":
		os.Stdout.Write(bytes.Repeat([]byte("x"), reported))
	case "flood-stdout":
		flood(os.Stdout)
	case "flood-stderr":
		flood(os.Stderr)
	case "hang":
		fmt.Println("ready")
		time.Sleep(time.Hour) // an empty select would be reported as a deadlock
	case "hang-on-interrupt":
		signal.Ignore(syscall.SIGINT)
		fmt.Println("ready")
		time.Sleep(time.Hour)
	case "tidy":
		interrupted := make(chan os.Signal, 1)
		signal.Notify(interrupted, os.Interrupt)
		fmt.Println("ready")
		<-interrupted
		fmt.Println("tidied up")
		os.Exit(4)
	case "program", "family", "stubborn", "leaver", "escape", "short":
		playGuarded(role)
	case "parent", "parent-that-hangs":
		grandchild := exec.Command(os.Args[0])
		grandchild.Env = append(os.Environ(), child+"=hang-on-interrupt")
		grandchild.Stdout = os.Stdout // keep the pipe open, as careless programs do
		if err := grandchild.Start(); err != nil {
			os.Exit(5)
		}
		fmt.Println("grandchild", grandchild.Process.Pid)
		if role == "parent-that-hangs" {
			time.Sleep(time.Hour)
		}
	}
}

func flood(w io.Writer) {
	for {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 4096)); err != nil {
			os.Exit(6)
		}
	}
}

// cmd returns the test binary in a role.
func cmd(t *testing.T, role string) proc.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return proc.Cmd{Path: exe, Env: []string{child + "=" + role}}
}

func TestEnvironmentIsWhatWasGiven(t *testing.T) {
	t.Setenv("PROC_TEST_LEAKED", "from the parent")
	var out bytes.Buffer
	c := cmd(t, "environment")
	c.Stdout = &out
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), child+"=environment\n"; got != want {
		t.Errorf("environment of the child:\n%s\nwant:\n%s", got, want)
	}
}

func TestExitStatus(t *testing.T) {
	log := proc.Tail{Max: 100}
	c := cmd(t, "fail")
	c.Stderr = &log
	err := c.Run(t.Context())
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("Run = %v, want exit status 3", err)
	}
	if got := log.String(); got != "no good\n" {
		t.Errorf("standard error = %q", got)
	}
}

func TestMissingExecutable(t *testing.T) {
	err := proc.Cmd{Path: t.TempDir() + "/missing", Stdout: io.Discard}.Run(t.Context())
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Run = %v, want that the file does not exist", err)
	}
}

func TestFloodIsStopped(t *testing.T) {
	for _, stream := range []string{"stdout", "stderr"} {
		t.Run(stream, func(t *testing.T) {
			const most = 100_000
			var kept bytes.Buffer
			c := cmd(t, "flood-"+stream)
			if stream == "stdout" {
				c.Stdout, c.MaxStdout = &kept, most
			} else {
				c.Stderr, c.MaxStderr = &kept, most
			}
			err := c.Run(t.Context())
			var flood *proc.FloodError
			if !errors.As(err, &flood) || flood.Stream != stream || flood.Max != most {
				t.Errorf("Run = %v, want a flood on %s", err, stream)
			}
			if kept.Len() != most {
				t.Errorf("%d bytes reached the writer, want %d", kept.Len(), most)
			}
		})
	}
}

// TestFloodUnread checks the bound of a stream that is discarded.
func TestFloodUnread(t *testing.T) {
	c := cmd(t, "flood-stderr")
	c.MaxStderr = 1000
	var flood *proc.FloodError
	if err := c.Run(t.Context()); !errors.As(err, &flood) {
		t.Errorf("Run = %v, want a flood", err)
	}
}

// onLine is a writer that calls a function with the first line of each write.
type onLine func(line string) error

func (f onLine) Write(p []byte) (int, error) {
	line, _, _ := strings.Cut(string(p), "\n")
	return len(p), f(line)
}

func TestWriterThatRefuses(t *testing.T) {
	refusal := errors.New("seen enough")
	c := cmd(t, "hang")
	c.Stdout = onLine(func(string) error { return refusal })
	if err := c.Run(t.Context()); !errors.Is(err, refusal) {
		t.Errorf("Run = %v, want %v", err, refusal)
	}
}

func TestCancel(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs interrupts")
	}
	tests := []struct {
		role  string
		after string // output after the interrupt
	}{
		{"hang", ""},
		{"tidy", "tidied up"},
		{"hang-on-interrupt", ""}, // ends when it is killed
	}
	for _, test := range tests {
		t.Run(test.role, func(t *testing.T) {
			reason := errors.New("changed my mind")
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var output string
			c := cmd(t, test.role)
			c.Grace = 200 * time.Millisecond
			if test.after != "" {
				c.Grace = time.Minute // it ends by itself, however busy the machine is
			}
			c.Stdout = onLine(func(line string) error {
				if line == "ready" {
					cancel(reason)
					return nil
				}
				output += line
				return nil
			})
			if err := c.Run(ctx); !errors.Is(err, reason) {
				t.Errorf("Run = %v, want %v", err, reason)
			}
			if output != test.after {
				t.Errorf("output after the interrupt %q, want %q", output, test.after)
			}
		})
	}
}

func TestCancelledBeforehand(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := cmd(t, "hang").Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v, want %v", err, context.Canceled)
	}
}

// TestNoGrandchildrenAreLeft checks that a grandchild that ignores interrupts and
// holds the pipe is killed, both after a child that ends by itself and after one
// that is ended.
func TestNoGrandchildrenAreLeft(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs process groups")
	}
	for _, role := range []string{"parent", "parent-that-hangs"} {
		t.Run(role, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			read, write := io.Pipe()
			c := cmd(t, role)
			c.Stdout, c.Grace = write, time.Minute
			done := make(chan error, 1)
			go func() {
				done <- c.Run(ctx)
				write.Close()
			}()
			var pid int
			for lines := bufio.NewScanner(read); lines.Scan(); {
				if _, err := fmt.Sscanf(lines.Text(), "grandchild %d", &pid); err == nil && role == "parent-that-hangs" {
					cancel()
				}
			}
			if err := <-done; (err != nil) != (role == "parent-that-hangs") {
				t.Errorf("Run = %v", err)
			}
			if pid == 0 {
				t.Fatal("the child did not print the process ID of the grandchild")
			}
			waitGone(t, pid)
		})
	}
}

// reported is what the child "report" writes: more than is read at a time, and less than
// a pipe holds.
const reported = 60_000

// A slowWriter takes longer for its first write than the pipes are read after the end of
// a child, as if this process got no time.
type slowWriter struct{ n int }

func (w *slowWriter) Write(p []byte) (int, error) {
	if w.n == 0 {
		time.Sleep(1200 * time.Millisecond)
	}
	w.n += len(p)
	return len(p), nil
}

// TestSlowReader checks that nothing that a child wrote is lost when this process is slow.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("pipes have no deadlines there")
	}
	var out slowWriter
	err := proc.Cmd{Path: os.Args[0], Env: []string{child + "=report"}, Stdout: &out}.Run(t.Context())
	if err != nil || out.n != reported {
		t.Errorf("read %d bytes of %d: %v", out.n, reported, err)
	}
}
