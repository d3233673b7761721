//go:build torture && linux

package torture

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// adopt makes this process the parent of all processes whose parents end, so that it
// finds everything that a run leaves behind.
func adopt(t *testing.T) {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
}

// started are the processes that this one started itself, and waits for.
var started startedProcesses

type startedProcesses struct {
	sync.Mutex
	pids map[int]bool // whether they are meant to be there for all lives
}

// note adds a process.
func (s *startedProcesses) note(pid int, lasting bool) {
	if s.pids == nil {
		s.pids = make(map[int]bool)
	}
	s.pids[pid] = lasting
}

// lasting reports whether a process is meant to be there for all lives.
func (s *startedProcesses) lasting(pid int) bool {
	s.Lock()
	defer s.Unlock()
	return s.pids[pid]
}

// A process is a running matrixrun.
type process struct {
	*exec.Cmd
	log   *bytes.Buffer // from both of its streams; complete when it has ended
	ended chan struct{}
	hung  bool // it had to be killed, because it took too long
}

// start starts the program. Its standard output goes to the file stdout, or into the log
// if that is empty. The log is a pipe, because a full disk must not hide what is said.
func (p *place) start(env []string, stdout string, args ...string) (*process, error) {
	r := &process{Cmd: exec.Command(p.program, args...), log: new(bytes.Buffer), ended: make(chan struct{})}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	r.Stdout, r.Stderr = write, write
	if stdout != "" {
		out, err := os.OpenFile(stdout, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		defer out.Close()
		r.Stdout = out
	}
	r.Dir, r.Env = p.work, env
	r.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	started.Lock()
	defer started.Unlock()
	if err := r.Start(); err != nil {
		return nil, err
	}
	started.note(r.Process.Pid, false)
	go r.follow(read)
	return r, nil
}

// follow waits until the process ends. Whatever holds its streams a moment longer is a
// process that was left behind, which alone finds.
func (r *process) follow(log *os.File) {
	defer close(r.ended)
	defer log.Close()
	var copying sync.WaitGroup
	copying.Go(func() { _, _ = io.Copy(r.log, log) })
	_ = r.Wait() // the state says how it ended
	started.Lock()
	delete(started.pids, r.Process.Pid)
	started.Unlock()
	_ = log.SetReadDeadline(time.Now().Add(time.Second))
	copying.Wait()
}

// wait waits until the process has ended, and returns its exit code, -1 for a signal,
// and its output. A process that hangs prints its stacks, and is killed.
func (r *process) wait(limit time.Duration) (code int, output string) {
	select {
	case <-r.ended:
	case <-time.After(limit):
		r.hung = true
		r.signal(unix.SIGCONT)
		r.signal(unix.SIGQUIT)
		select {
		case <-r.ended:
		case <-time.After(10 * time.Second):
			r.signal(unix.SIGKILL)
			<-r.ended
		}
	}
	return r.ProcessState.ExitCode(), r.log.String()
}

// signal sends a signal, if the process still runs.
func (r *process) signal(s unix.Signal) { _ = r.Process.Signal(s) }

// sleep waits, or returns false as soon as the process has ended.
func (r *process) sleep(d time.Duration) bool {
	select {
	case <-r.ended:
		return false
	case <-time.After(d):
		return true
	}
}

// end returns the signal that ended the process, 0 if none did.
func (r *process) end() syscall.Signal {
	if status, ok := r.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal()
	}
	return 0
}

// descendants returns the processes below one, by what they run, without those that are meant
// to last. It reaps those that have ended and were left to this process.
func descendants(root int) map[int]string {
	children := make(map[int][]int)
	names := make(map[int]string)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		var pid, parent int
		var state string
		open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
		_, _ = fmt.Sscan(string(text[:open]), &pid)
		_, _ = fmt.Sscan(string(text[end+1:]), &state, &parent)
		if state == "Z" {
			reap(pid, parent)
			continue
		}
		if started.lasting(pid) {
			continue
		}
		children[parent] = append(children[parent], pid)
		line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		names[pid] = fmt.Sprintf("%d %s %q", pid, state, bytes.ReplaceAll(line, []byte{0}, []byte{' '}))
	}
	found := make(map[int]string)
	for todo := children[root]; len(todo) > 0; {
		pid := todo[0]
		todo = append(todo[1:], children[pid]...)
		found[pid] = names[pid]
	}
	return found
}

// reap waits for a process that has ended, if it was left to this one.
func reap(pid, parent int) {
	started.Lock()
	defer started.Unlock()
	if _, ours := started.pids[pid]; parent == os.Getpid() && !ours {
		_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
	}
}

// vanish is how long processes may take to end after the one that started them. The
// program itself waits for no more than a second; the machine may be busy.
const vanish = 5 * time.Second

// alone waits until this process has no descendants, and returns how long that took. It
// kills those that remain, and returns them.
func alone() (took time.Duration, left []string) {
	start := time.Now()
	for {
		found := descendants(os.Getpid())
		if len(found) == 0 {
			return time.Since(start), nil
		}
		if time.Since(start) > vanish {
			for pid, what := range found {
				left = append(left, what)
				_ = unix.Kill(pid, unix.SIGKILL)
			}
			return time.Since(start), left
		}
		time.Sleep(10 * time.Millisecond)
	}
}
