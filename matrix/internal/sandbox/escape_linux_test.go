package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	_ "github.com/matrixrun/matrixrun/matrix/internal/exittest"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
)

// playing is the variable that says which program the test binary, run again, acts as.
const playing = "SANDBOX_TEST_PROGRAM"

// canary is the value of a variable that no program may get to see.
const canary = "SANDBOX_TEST_SECRET=canary"

func TestMain(m *testing.M) {
	if act := attempts[os.Getenv(playing)]; act != nil {
		if err := act(os.Args[1:]); err != nil {
			fmt.Println("refused:", err)
			os.Exit(1)
		}
		fmt.Println("escaped")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// attempts are what a foreign program may try. Each returns an error if it is refused.
// The arguments are those of its entry in escapes.
var attempts = map[string]func(args []string) error{
	"owner":    own,
	"terminal": useTerminal,
	"tty":      openTTY,
	"nothing":  func([]string) error { return nil },
	"orphan":   func([]string) error { return leaveOrphan() },
	"exit":     func([]string) error { os.Exit(7); return nil },
	"die":      func([]string) error { return unix.Kill(os.Getpid(), unix.SIGKILL) },
	"panic":    func([]string) error { panic("no good") },
	"tick":     func([]string) error { return live() },
	"sleep":    func([]string) error { time.Sleep(time.Hour); return nil },
	"idle":     func([]string) error { time.Sleep(400 * time.Millisecond); return nil },
	"write":    func(args []string) error { return os.WriteFile(args[0], []byte("x"), 0o600) },
	"read":     func(args []string) error { _, err := os.ReadFile(args[0]); return err },
	"list":     func(args []string) error { _, err := os.ReadDir(args[0]); return err },
	"dial": func(args []string) error {
		c, err := net.DialTimeout(args[0], args[1], 5*time.Second)
		if err == nil {
			_, err = c.Write([]byte("x"))
		}
		return err
	},
	"environ": func(args []string) error {
		data, err := os.ReadFile("/proc/" + args[0] + "/environ")
		if err == nil && !bytes.Contains(data, []byte(canary)) {
			err = errors.New("another process")
		}
		return err
	},
	"environs": func([]string) error {
		files, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil && bytes.Contains(data, []byte(canary)) {
				return nil
			}
		}
		return errors.New("nobody has it")
	},
	"kill": func(args []string) error {
		pid, err := strconv.Atoi(args[0])
		if err != nil {
			return err
		}
		return unix.Kill(pid, unix.SIGCONT)
	},
	"ptrace": func(args []string) error {
		pid, err := strconv.Atoi(args[0])
		if err != nil {
			return err
		}
		runtime.LockOSThread()
		return unix.PtraceSeize(pid) // it is let go when this process ends
	},
	"processes": func([]string) error {
		for range 2 * warden.Processes {
			if err := fork(); err != 0 {
				return err
			}
		}
		return nil
	},
	"memory": func([]string) error {
		size := uint64(warden.Memory) + 1<<30
		runtime.KeepAlive(make([]byte, size))
		return nil
	},
	"fill": func([]string) error {
		f, err := os.Create("file")
		for err == nil {
			_, err = f.Write(make([]byte, 1<<20))
			time.Sleep(tick)
		}
		return err
	},
	"fill secretly": func([]string) error {
		f, err := os.Create("file")
		if err == nil {
			err = os.Remove("file")
		}
		for err == nil {
			_, err = f.Write(make([]byte, 1<<20))
			time.Sleep(tick)
		}
		return err
	},
	"litter": func([]string) error {
		for i := 0; ; i++ {
			dir := strconv.Itoa(i / 1000)
			_ = os.Mkdir(dir, 0o700)
			if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)), nil, 0o600); err != nil {
				return err
			}
		}
	},
	"share": func(args []string) error { // memory with children, each below the limit
		if n, _ := strconv.Atoi(args[0]); n > 0 {
			child := exec.Command("/proc/self/exe", strconv.Itoa(n-1))
			child.Env = os.Environ()
			if err := child.Start(); err != nil {
				return err
			}
		}
		b := make([]byte, 16<<20)
		for i := range b {
			b[i] = 1
		}
		time.Sleep(time.Hour)
		runtime.KeepAlive(b)
		return nil
	},
	"privileges": func([]string) error {
		status, err := os.ReadFile("/proc/self/status")
		if err == nil && bytes.Contains(status, []byte("NoNewPrivs:\t1\n")) && bytes.Contains(status, []byte("CapEff:\t0000000000000000\n")) {
			err = errors.New("there are none, and none can be had")
		}
		return err
	},
}

// fork starts a copy of this process that waits for its end. It can do nothing else, since
// it does not have the other threads of a Go program.
//
//go:norace
func fork() syscall.Errno {
	pid, _, err := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	for err == 0 && pid == 0 {
		_, _, _ = unix.RawSyscall6(unix.SYS_PPOLL, 0, 0, 0, 0, 0, 0)
	}
	return err
}

// An escape is an attempt that a part of a sandbox refuses.
type escape struct {
	name    string
	attempt string
	args    []string
	refused func(ways) bool // whether it is refused in these ways
}

// escapes returns the attempts, with what there is to reach outside.
func escapes(t *testing.T) []escape {
	t.Helper()
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o644); err != nil { //nolint:gosec // the file's mode must not be what protects it
		t.Fatal(err)
	}
	listen := func(network, address string) string {
		l, err := net.Listen(network, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return l.Addr().String()
	}
	helper := strconv.Itoa(startHelper(t))
	files := func(w ways) bool { return w.Landlock || w.Mount }
	network := func(w ways) bool { return w.Net }
	apart := func(w ways) bool { return w.Space || w.Landlock && warden.Kernel() >= scoped }
	abstract := fmt.Sprintf("@matrixrun-test-%d", os.Getpid())
	return []escape{
		{"write into another folder", "write", []string{filepath.Join(outside, "new")}, files},
		{"change a file", "write", []string{secret}, files},
		{"read a file", "read", []string{secret}, files},
		{"list a folder", "list", []string{outside}, files},
		{"reach another address", "dial", []string{"tcp", listen("tcp", ownAddress(t)+":0")}, network},
		{"send to another address", "dial", []string{"udp", ownAddress(t) + ":9"}, network},
		{"reach a server on loopback", "dial", []string{"tcp", listen("tcp", "127.0.0.1:0")}, network},
		{"reach an abstract socket", "dial", []string{"unix", listen("unix", abstract)}, func(w ways) bool {
			return w.Net || w.Landlock && warden.Kernel() >= scoped
		}},
		{"reach a socket with a name", "dial", []string{"unix", listen("unix", filepath.Join(outside, "socket"))}, func(w ways) bool {
			return w.Mount || w.Landlock && warden.Kernel() >= 9
		}},
		{"read the environment of a process", "environ", []string{helper}, func(w ways) bool { return w.Space || w.Landlock }},
		{"read any environment", "environs", nil, func(w ways) bool { return w.Mount || w.Landlock }},
		{"signal a process", "kill", []string{helper}, apart},
		{"debug a process", "ptrace", []string{helper}, func(w ways) bool { return w.Space || w.Landlock }},
		{"start many processes", "processes", nil, func(w ways) bool { return w.Processes }},
		{"take much memory", "memory", nil, func(w ways) bool { return w.Memory }},
		{"have privileges", "privileges", nil, func(ways) bool { return true }},
	}
}

// startHelper starts a process to be reached, with a secret in its environment.
func startHelper(t *testing.T) int {
	t.Helper()
	helper := exec.Command(os.Args[0])
	helper.Env = []string{playing + "=sleep", canary}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := helper.Process.Kill(); err != nil {
			t.Error("a program ended a process outside of its box")
		}
		_ = helper.Wait()
	})
	return helper.Process.Pid
}

// ownAddress returns an address of this machine that is not loopback.
func ownAddress(t *testing.T) string {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			return ip.IP.String()
		}
	}
	t.Skip("needs an address that is not loopback")
	return ""
}

// runs has the test binary act as a program, in a box unless that is nil.
func runs(t *testing.T, b *Box, dir, attempt string, args ...string) (out string, err error) {
	t.Helper()
	var text bytes.Buffer
	c := proc.Cmd{
		Path: testBinary(t), Args: args, Dir: dir, Env: []string{playing + "=" + attempt, "TMPDIR=" + dir}, Stdout: &text, Stderr: &text,
	}
	if b != nil {
		c.In = b
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err = c.Run(ctx)
	return text.String(), err
}

func testBinary(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

// openFor makes a box in the given ways, with a folder.
func openFor(t *testing.T, w ways) (b *Box, dir string) {
	t.Helper()
	dir = t.TempDir()
	b, err := open(t.Context(), w, Files{Programs: []string{testBinary(t)}, Write: []string{dir}})
	if err != nil {
		t.Fatalf("making a box: %v", err)
	}
	t.Cleanup(b.Close)
	return b, dir
}

// here returns the ways that work on this machine.
func here(t *testing.T) ways {
	t.Helper()
	s, err := Find(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the sandbox %s", s.Contains.Summary())
	return s.ways
}

// TestEscapes has a program try to get out of boxes with all means, and with few. What
// is refused in a box must work without one, or the attempt proves nothing.
func TestEscapes(t *testing.T) {
	all := here(t)
	few := ways{Landlock: all.Landlock, Memory: all.Memory}
	spaces := all
	spaces.Landlock = false
	tried := escapes(t)
	for _, e := range tried {
		t.Run("without a box/"+e.name, func(t *testing.T) {
			if e.name == "have privileges" && os.Geteuid() != 0 {
				t.Log("a user has none")
			}
			if out, err := runs(t, nil, t.TempDir(), e.attempt, e.args...); err != nil {
				t.Errorf("%v: %.300s", err, out)
			}
		})
	}
	for name, w := range map[string]ways{"all": all, "Landlock": few, "namespaces": spaces} {
		b, dir := openFor(t, w)
		for _, e := range tried {
			t.Run(name+"/"+e.name, func(t *testing.T) {
				out, err := runs(t, b, dir, e.attempt, e.args...)
				if refused := proc.Failed(err) != nil; refused != e.refused(w) || err != nil && !refused {
					t.Errorf("refused %v, want %v: %v: %.300s", refused, e.refused(w), err, out)
				}
			})
		}
	}
}

// TestOrphans has a program leave a process that has forgotten its parent, its session
// and its environment. It ends with the box, also without a process namespace.
func TestOrphans(t *testing.T) {
	all := here(t)
	few := ways{Landlock: all.Landlock, Memory: all.Memory}
	for name, w := range map[string]ways{"namespaces": all, "no namespaces": few} {
		t.Run(name, func(t *testing.T) {
			b, dir := openFor(t, w)
			if out, err := runs(t, b, dir, "orphan"); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			file := filepath.Join(dir, "alive")
			waitFor(t, "the orphan", func() bool { return size(file) > 0 })
			b.Close()
			after := size(file)
			time.Sleep(20 * tick)
			if now := size(file); now != after {
				t.Errorf("it is still alive: %d bytes, then %d", after, now)
			}
		})
	}
	t.Run("without a box", func(t *testing.T) {
		dir := t.TempDir()
		if out, err := runs(t, nil, dir, "orphan"); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		file := filepath.Join(dir, "alive")
		waitFor(t, "the orphan", func() bool { return size(file) > 0 })
		before := size(file)
		waitFor(t, "a sign that it is still alive", func() bool { return size(file) > before })
		if err := os.WriteFile(filepath.Join(dir, "end"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the orphan to end", func() bool { return exists(filepath.Join(dir, "ended")) })
	})
}

// TestClear has a program leave an orphan in a box that is kept: clearing the box ends
// it, and the box can have another program.
func TestClear(t *testing.T) {
	all := here(t)
	few := ways{Landlock: all.Landlock, Memory: all.Memory}
	for name, w := range map[string]ways{"namespaces": all, "no namespaces": few} {
		t.Run(name, func(t *testing.T) {
			b, dir := openFor(t, w)
			file := filepath.Join(dir, "alive")
			for range 3 {
				if out, err := runs(t, b, dir, "orphan"); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				waitFor(t, "the orphan", func() bool { return size(file) > 0 })
				if err := b.Clear(); err != nil {
					t.Fatal(err)
				}
				after := size(file)
				time.Sleep(10 * tick)
				if now := size(file); now != after {
					t.Errorf("it is still alive: %d bytes, then %d", after, now)
				}
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.Clear(); err != nil {
				t.Errorf("clearing an empty box: %v", err)
			}
		})
	}
}

// TestOnly checks that a program can write into its own folder and not into that of
// another program of the box.
func TestOnly(t *testing.T) {
	all := here(t)
	if !all.Landlock {
		t.Skip("needs Landlock")
	}
	b, dir := openFor(t, all)
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // programs may run as another user
		t.Fatal(err)
	}
	own, other := filepath.Join(dir, "own"), filepath.Join(dir, "other")
	for _, d := range []string{own, other} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		in      proc.Starter
		folder  string
		refused bool
	}{{b.Only(own), own, false}, {b.Only(own), other, true}, {b.Only(own, other), other, false}, {b.Only(own), other, true}} {
		write := proc.Cmd{
			Path: testBinary(t), Args: []string{filepath.Join(c.folder, "file")}, Dir: own, Env: []string{playing + "=write"}, In: c.in,
		}
		if err := write.Run(t.Context()); (err != nil) != c.refused || err != nil && proc.Failed(err) == nil {
			t.Errorf("writing into %s: %v, want refused %v", c.folder, err, c.refused)
		}
	}
}

// tick is how often an orphan gives a sign of life.
const tick = 10 * time.Millisecond

// leaveOrphan starts a process that gives signs of life in the working directory, and
// has nothing of this process.
func leaveOrphan() error {
	orphan := exec.Command("/proc/self/exe")
	orphan.Env = []string{playing + "=tick"}
	orphan.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return orphan.Start()
}

// live gives signs of life until there is a file that tells it to end, and says when
// it does. It ends by itself after a minute, so that no test leaves it behind.
func live() error {
	f, err := os.Create("alive")
	for end := time.Now().Add(time.Minute); err == nil && time.Now().Before(end); {
		time.Sleep(tick)
		_, err = f.WriteString("x")
		if exists("end") {
			return os.WriteFile("ended", nil, 0o600)
		}
	}
	return err
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

func size(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(tick) {
		if time.Now().After(end) {
			t.Fatalf("waited for %s in vain", what)
		}
	}
}

// TestLimits has programs that use ever more. The sandbox ends them, and says why. A
// program that stays below its limits goes on.
func TestLimits(t *testing.T) {
	all := here(t)
	usual := limits
	defer func() { limits = usual }()
	limits = warden.Limits{Disk: 8 << 20, Files: 1000, Memory: 64 << 20}
	for name, w := range map[string]ways{"namespaces": all, "no namespaces": {Landlock: all.Landlock, Memory: all.Memory}} {
		b, dir := openFor(t, w)
		for _, c := range []struct {
			attempt string
			args    []string
			want    string
		}{
			{"fill", nil, "it wrote more than 8 MiB into its folders"},
			{"fill secretly", nil, "it wrote more than 8 MiB into its folders"},
			{"litter", nil, "it made more than 1000 files"},
			{"share", []string{"7"}, "its processes used more than 64 MiB of memory together"},
			{"idle", nil, ""},
		} {
			t.Run(name+"/"+c.attempt, func(t *testing.T) {
				_, err := runs(t, b, dir, c.attempt, c.args...)
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want+" ("+Off) || proc.Failed(err) != nil) {
					t.Errorf("got %v, want %q", err, c.want)
				}
				if err := b.Clear(); err != nil {
					t.Error(err)
				}
				empty(t, dir)
			})
		}
	}
}

// empty removes everything in a folder.
func empty(t *testing.T, dir string) {
	t.Helper()
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, name := range left {
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPipe makes a box for a program in whose place somebody put a named pipe. To open that
// would take until somebody writes there.
func TestPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "program")
	if err := unix.Mkfifo(pipe, 0o755); err != nil {
		t.Fatal(err)
	}
	all := here(t)
	done := make(chan error, 1)
	go func() {
		b, err := open(t.Context(), all, Files{Programs: []string{pipe}})
		if err == nil {
			b.Close()
		}
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for the pipe")
	}
}
