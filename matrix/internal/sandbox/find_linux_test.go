package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
)

// inContainer is set in the environment of a test that runs in a container.
const inContainer = "SANDBOX_TEST_CONTAINER"

// containers are systems that refuse something, as scripts that run their argument there.
// They need nothing but user namespaces.
var containers = map[string]struct{ script, want string }{
	"root without user namespaces": {
		`exec unshare --map-root-user --mount sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$0"' "$0"`,
		"contains files, network, processes, memory; processes: their number has no limit\n",
	},
	"root without namespaces": {
		`exec unshare --map-root-user --mount sh -c 'cd /proc/sys/user && for n in user pid mnt net ipc; do echo 0 >max_${n}_namespaces || exit; done && exec "$0"' "$0"`,
		"contains files, processes, memory; files: sockets of other programs that have a name in the file system may be reached; " +
			"not network: without namespaces: no space left on device; processes: their number has no limit\n",
	},
}

// TestContainers finds the sandbox of systems that refuse something, and checks that it
// says so and that the rest is in force.
func TestContainers(t *testing.T) {
	if os.Getenv(inContainer) != "" {
		s, err := Find(t.Context(), matrix.SandboxAuto)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("SANDBOX %s", s.Contains.Summary())
		if _, err := Find(t.Context(), matrix.SandboxRequire); (err == nil) != !s.Contains.Gaps() {
			t.Errorf("--sandbox=require: %v", err)
		}
		return
	}
	for name, c := range containers {
		t.Run(name, func(t *testing.T) {
			self := filepath.Join(t.TempDir(), "run")
			script := "#!/bin/sh\nexec " + testBinary(t) + " -test.run='^TestContainers$' -test.v\n"
			if err := os.WriteFile(self, []byte(script), 0o755); err != nil { //nolint:gosec // a program
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "sh", "-c", c.script, self)
			cmd.Env = append(os.Environ(), inContainer+"=yes", "TMPDIR="+t.TempDir())
			out, err := cmd.CombinedOutput()
			if err != nil && !strings.Contains(string(out), "=== RUN") {
				t.Skipf("needs user namespaces: %v: %s", err, out)
			}
			if err != nil || !strings.Contains(string(out), "SANDBOX "+c.want) {
				t.Errorf("%v: got\n%s\nwant %q", err, out, c.want)
			}
		})
	}
}

// TestOff checks the sandbox that contains nothing.
func TestOff(t *testing.T) {
	s, err := Find(t.Context(), matrix.SandboxOff)
	if err != nil || s.Active() || s.Contains.Summary() != "contains nothing: --sandbox=off" {
		t.Errorf("got %+v, %v", s, err)
	}
	if s.Suspect("permission denied") != "" || s.TooMuchMemory("fatal error: out of memory") != "" {
		t.Error("a sandbox that contains nothing is suspected")
	}
}

// TestWardenIsKilled kills the warden of a box, as the system may do for want of memory:
// the program ends, and nobody takes that for an end of its own.
func TestWardenIsKilled(t *testing.T) {
	b, dir := openFor(t, here(t))
	time.AfterFunc(200*time.Millisecond, func() { _ = b.warden.Process.Kill() })
	_, err := runs(t, b, dir, "sleep")
	if proc.Failed(err) != nil || !errors.Is(err, errEnded) {
		t.Errorf("Run = %v, want %v", err, errEnded)
	}
	if _, err := runs(t, b, dir, "sleep"); err == nil || proc.Failed(err) != nil {
		t.Errorf("Run after that = %v, want an error", err)
	}
}

// TestWardenIsLostEarly kills and suspends wardens before their boxes are ready: that is
// an error at once, or when the caller has waited long enough.
func TestWardenIsLostEarly(t *testing.T) {
	setup := warden.Setup{Ways: here(t)}
	for name, c := range map[string]struct {
		signal syscall.Signal
		limit  time.Duration // of the caller
		want   string
	}{
		"killed":    {syscall.SIGKILL, time.Minute, "the process that watches it has ended"},
		"suspended": {syscall.SIGSTOP, 200 * time.Millisecond, context.DeadlineExceeded.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := startWarden()
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if err := b.warden.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), c.limit)
			defer cancel()
			began := time.Now()
			err = b.prepare(ctx, setup)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("prepare = %v, want %q", err, c.want)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestWardenHangs stops the warden of a box: the program still ends with its context. A
// box is not waited for after the context has ended.
func TestWardenHangs(t *testing.T) {
	b, dir := openFor(t, here(t))
	b.patience = 50 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	file := filepath.Join(dir, "alive")
	go func() {
		for size(file) == 0 && t.Context().Err() == nil {
			time.Sleep(tick)
		}
		suspend(t, b)
		cancel()
	}()
	c := proc.Cmd{Path: testBinary(t), Dir: dir, Env: []string{playing + "=tick"}, Grace: 50 * time.Millisecond, In: b}
	if err := c.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v", err)
	}
	if b, err := open(ctx, here(t), Files{}); !errors.Is(err, context.Canceled) {
		t.Errorf("open = %v, %v", b, err)
	}
}

// childrenOf returns the processes that a process has started from its first thread.
func childrenOf(pid int) (all []int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	for _, word := range strings.Fields(string(text)) {
		if child, err := strconv.Atoi(word); err == nil {
			all = append(all, child)
		}
	}
	return all
}

// suspend suspends the warden of a box, which may be the child of the process that was
// started for it.
func suspend(t *testing.T, b *Box) {
	t.Helper()
	for _, pid := range append(childrenOf(b.warden.Process.Pid), b.warden.Process.Pid) {
		if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
			t.Error(err)
		}
	}
}

// TestWardenIsSuspended suspends the warden of a box: before it is to start a program,
// while one runs, and before it is to clear the box. Nobody waits for it without end,
// and nothing is taken for the program's own end.
func TestWardenIsSuspended(t *testing.T) {
	all := here(t)
	sleeping := proc.Cmd{Path: testBinary(t), Env: []string{playing + "=sleep"}, Grace: 100 * time.Millisecond}
	for name, act := range map[string]func(ctx context.Context, b *Box) error{
		"before it starts a program": func(ctx context.Context, b *Box) error {
			suspend(t, b)
			return sleeping.Run(ctx)
		},
		"while a program runs": func(ctx context.Context, b *Box) error {
			time.AfterFunc(200*time.Millisecond, func() { suspend(t, b) })
			return sleeping.Run(ctx)
		},
		"before it clears the box": func(_ context.Context, b *Box) error {
			suspend(t, b)
			return b.Clear()
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, dir := openFor(t, all)
			b.patience = 300 * time.Millisecond
			sleeping.In, sleeping.Dir = b, dir
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := act(ctx, b)
			if !errors.Is(err, errDeaf) && !errors.Is(err, errEnded) || proc.Failed(err) != nil {
				t.Errorf("got %v, want an error about the warden", err)
			}
			var lost *proc.LostError
			if ran := !strings.HasSuffix(name, "box"); errors.As(err, &lost) != ran || errors.Is(err, context.DeadlineExceeded) != ran {
				t.Errorf("got %#v, a program ran: %v", err, ran)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestStatus checks that the end of a program in a box is reported as that of a child.
func TestStatus(t *testing.T) {
	b, dir := openFor(t, here(t))
	for _, act := range []string{"exit", "die", "panic"} {
		_, in := runs(t, b, dir, act)
		_, out := runs(t, nil, dir, act)
		a, z := proc.Failed(in), proc.Failed(out)
		if a == nil || z == nil || a.Error() != z.Error() || a.ExitCode() != z.ExitCode() || a.Sys() != z.Sys() {
			t.Errorf("%s: %v in a box, %v without", act, in, out)
		}
	}
	c := proc.Cmd{Path: dir + "/missing", In: b}
	if err := c.Run(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing program: %v", err)
	}
}

// TestKilledProgramLeavesNothing kills a program that has a box with an orphan in it.
func TestKilledProgramLeavesNothing(t *testing.T) {
	for _, spaces := range []string{"namespaces", "none"} {
		t.Run(spaces, func(t *testing.T) {
			dir := t.TempDir()
			owner := exec.Command(os.Args[0], dir, spaces)
			owner.Env = append(os.Environ(), playing+"=owner")
			owner.Stderr = os.Stderr
			if err := owner.Start(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "alive")
			waitFor(t, "the orphan", func() bool { return size(file) > 0 })
			if err := owner.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = owner.Wait()
			for end := time.Now().Add(20 * time.Second); ; {
				before := size(file)
				time.Sleep(20 * tick)
				if size(file) == before {
					return
				}
				if time.Now().After(end) {
					t.Fatal("the orphan is still alive")
				}
			}
		})
	}
}

// own opens a box, leaves an orphan in it, and waits.
func own(args []string) error {
	w := ways{Landlock: warden.Kernel() > 0, Memory: true}
	if args[1] == "namespaces" {
		w.User, w.Space, w.Mount, w.Net, w.Nobody = true, true, true, true, warden.HasNobody()
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b, err := open(context.Background(), w, Files{Programs: []string{self}, Write: []string{args[0]}})
	if err != nil {
		return err
	}
	c := proc.Cmd{Path: self, Dir: args[0], Env: []string{playing + "=orphan"}, In: b}
	if err := c.Run(context.Background()); err != nil {
		return err
	}
	time.Sleep(time.Hour)
	return nil
}

// TestFailedThere checks what a program means that failed in a box: that the box does not
// work, unless the machine ran out of something. The reason is one line in any case.
func TestFailedThere(t *testing.T) {
	const trace = "\n\ngoroutine 1 [running]:\nmain.main()"
	for _, test := range []struct {
		said, want string
		shortage   bool
	}{
		{"fatal error: out of memory" + trace, "a program failed there: exit status 2: fatal error: out of memory (there was not enough memory", true},
		{"\nruntime/cgo: pthread_create failed: Resource temporarily unavailable\nSIGABRT: abort" + trace, "Resource temporarily unavailable (the system refused", true},
		{"socket: operation not permitted" + trace, "a program failed there: exit status 2: socket: operation not permitted", false},
		{"", "a program failed there: exit status 2", false},
	} {
		err := failedThere(errors.New("exit status 2"), test.said)
		var step *warden.StepError
		if !strings.Contains(err.Error(), test.want) || strings.ContainsAny(err.Error(), "\n") || errors.As(err, &step) == test.shortage {
			t.Errorf("%q: the error is %q, of type %T", test.said, err, err)
		}
	}
	if line := firstLine(strings.Repeat("ä", 1000)); len(line) > mostSaid+3 || !strings.HasSuffix(line, "ä...") {
		t.Errorf("a long line became %q", line)
	}
}
