package warden

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Name begins the name of a warden in lists of processes. The ID of the process that it
// belongs to follows.
const Name = "sandbox-of-"

// controlFile is the warden's end of the socket.
const controlFile = 3

func init() {
	if strings.HasPrefix(os.Args[0], Name) {
		guardBox()
		os.Exit(0)
	}
}

// A warden makes a box, and starts and waits for the programs in it. Programs inherit
// their restrictions from the thread that starts them, which each has for itself.
type warden struct {
	setup  Setup
	null   int          // /dev/null
	report func(Report) // sends a report

	mu       sync.Mutex
	some     *sync.Cond      // there is something to wait for
	programs map[int]program // by process
	clearing bool            // end all processes
	over     string          // why all processes were ended before
	looking  sync.Mutex      // held while somebody looks whether they use too much
}

// A program is one that runs.
type program struct {
	id    int
	ended chan struct{}
}

// newWarden returns a warden without a box.
func newWarden(report func(Report)) *warden {
	w := &warden{report: report, programs: make(map[int]program)}
	w.some = sync.NewCond(&w.mu)
	return w
}

// guardBox acts as a warden until the other end of the socket is closed. It is in a
// process group of its own, which the terminal's signals do not reach.
func guardBox() {
	runtime.LockOSThread()
	unix.CloseOnExec(controlFile)
	w := newWarden(func(r Report) { _ = send(controlFile, r) })
	outside := len(os.Args) == 1
	if err := w.learn(outside); err != nil {
		return
	}
	if err := leaveTerminal(); err != nil {
		_ = send(controlFile, failure(0, err))
		return
	}
	if spaces := w.setup.Ways; outside && (spaces.User || spaces.Space || spaces.Mount || spaces.Net) {
		if err := enter(w.setup); err != nil {
			_ = send(controlFile, failure(0, err))
		}
		return
	}
	if err := w.make(); err != nil {
		_ = send(controlFile, failure(0, err))
		return
	}
	if send(controlFile, Report{Ready: true}) != nil {
		return
	}
	go w.reap()
	for buf := make([]byte, MaxMessage); ; {
		data, files, err := receive(controlFile, buf)
		if err != nil || len(data) == 0 {
			break
		}
		var o Order
		if json.Unmarshal(data, &o) != nil {
			break
		}
		w.obey(o, files)
	}
	w.killAll()
}

// learn gets the setup: from outside of the namespaces by the socket, and in them from
// the command line.
func (w *warden) learn(outside bool) error {
	if !outside {
		return json.Unmarshal([]byte(os.Args[1]), &w.setup)
	}
	first, _, err := receive(controlFile, make([]byte, MaxMessage))
	if err != nil {
		return err
	}
	o := Order{Setup: &w.setup}
	return json.Unmarshal(first, &o)
}

// obey carries out an order, and closes its files.
func (w *warden) obey(o Order, files []int) {
	defer func() {
		for _, fd := range files {
			_ = unix.Close(fd)
		}
	}()
	switch {
	case o.Start != nil && len(files) == 2:
		if err := w.start(o.ID, *o.Start, files); err != nil {
			w.report(failure(o.ID, err))
		}
	case o.Clear:
		w.mu.Lock()
		w.clearing = true
		w.mu.Unlock()
		w.killAll()
		w.some.Signal()
	case o.Signal != 0:
		w.mu.Lock()
		defer w.mu.Unlock()
		for pid, p := range w.programs {
			if p.id == o.ID {
				_ = unix.Kill(-pid, o.Signal)
			}
		}
	}
}

// start starts a program from a thread of its own, which gets the program's restrictions.
// The thread ends after the program: the kernel ends a program whose thread ends.
func (w *warden) start(id int, l Launch, files []int) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // for good, so that nothing else runs there
		p := program{id, make(chan struct{})}
		err := w.confine(l.Write)
		if err == nil {
			err = w.launch(p, l, files)
		}
		result <- err
		if err == nil {
			go w.watch(p.ended) // from a thread without restrictions
			<-p.ended
		}
	}()
	return <-result
}

// launch starts a program in a process group of its own, and reports that. It does so
// before anybody can report that the program has ended.
func (w *warden) launch(p program, l Launch, files []int) error {
	sys := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if w.setup.User != 0 {
		sys.Credential = &syscall.Credential{Uid: uint32(w.setup.User), Gid: uint32(w.setup.User)}
	}
	w.mu.Lock() // reap waits for it
	defer w.mu.Unlock()
	pid, err := syscall.ForkExec(l.Path, l.Args, &syscall.ProcAttr{
		Dir: l.Dir, Env: l.Env, Sys: sys, Files: []uintptr{uintptr(w.null), uintptr(files[0]), uintptr(files[1])},
	})
	if err != nil {
		return &os.PathError{Op: "fork/exec", Path: l.Path, Err: err}
	}
	w.programs[pid] = p
	w.report(Report{ID: p.id, Ready: true})
	w.some.Signal()
	return nil
}

// reap waits for all processes, also those that have lost their parents, and reports
// the end of programs.
func (w *warden) reap() {
	for {
		var status unix.WaitStatus
		var used unix.Rusage
		w.mu.Lock()
		clearing := w.clearing // so that what is killed for it has been waited for
		w.mu.Unlock()
		pid, err := unix.Wait4(-1, &status, 0, &used)
		if err == unix.EINTR {
			continue
		}
		if err != nil { // there is no process
			w.idle(clearing)
			continue
		}
		w.mu.Lock()
		p, ok := w.programs[pid]
		delete(w.programs, pid)
		r := Report{ID: p.id, Ended: true, Status: syscall.WaitStatus(status), CPU: time.Duration(used.Utime.Nano() + used.Stime.Nano())}
		if ok {
			_ = unix.Kill(-pid, unix.SIGKILL) // processes that it left behind
		}
		if status.Signal() == unix.SIGKILL {
			r.Over = w.over
		}
		w.mu.Unlock()
		if ok {
			close(p.ended)
			w.report(r)
		}
	}
}

// idle is called when there is no process. It reports that the box is clear, or waits for
// the next program.
func (w *warden) idle(clearing bool) {
	if clearing {
		w.looking.Lock() // a look that began before must not end the next program
		defer w.looking.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case clearing:
		w.clearing, w.over = false, ""
		w.report(Report{Cleared: true})
	case !w.clearing && len(w.programs) == 0:
		w.some.Wait()
	}
}

// killAll ends all processes of the box. In a process namespace, where this is the first
// process, the kernel ends the others at once. Elsewhere they are descendants of this
// process, which takes over those that lose their parents.
func (w *warden) killAll() {
	if w.setup.Ways.Space && os.Getpid() == 1 {
		_ = unix.Kill(-1, unix.SIGKILL)
		return
	}
	const most = 100 // a process may start others as fast as they are killed
	for range most {
		found := descendants(os.Getpid())
		if len(found) == 0 {
			return
		}
		for _, pid := range found {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		time.Sleep(time.Millisecond)
	}
}
