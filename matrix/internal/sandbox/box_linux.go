package sandbox

import (
	"cmp"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
)

// closing is how long a warden may take to obey an order, and to end the processes of
// its box.
const closing = 5 * time.Second

// limits bound what the processes of a box use together. A program may stay below its
// own limit of memory and start others.
var limits = warden.Limits{Disk: 1 << 30, Files: 100_000, Memory: 6 << 30}

// answering is how long a warden may take to make its box, and to start a program. It
// takes milliseconds. Only one that hangs takes this long, or one that somebody stopped.
const answering = time.Minute

// A Box is a place for processes that can do little harm. They share it: each can reach
// the others over its loopback interface. It may have one program after another, and is
// cleared in between.
type Box struct {
	socket   *net.UnixConn
	warden   *exec.Cmd
	drop     func()
	report   []byte        // the last one
	log      proc.Tail     // of the warden
	writable []string      // folders
	patience time.Duration // with the warden: closing

	mu       sync.Mutex
	programs map[int]*program // by ID
	last     int              // ID
	sending  sync.Mutex
	ended    chan struct{} // no more reports come
	cleared  chan warden.Report
}

// A program is a process in a box.
type program struct {
	box     *Box
	id      int
	started chan warden.Report
	ended   chan warden.Report
	waited  chan struct{} // closed when Wait returns
}

// Open makes a box. The caller closes it.
func (s *Sandbox) Open(ctx context.Context, files Files) (*Box, error) {
	b, err := open(ctx, s.ways, files)
	if err != nil {
		return nil, advise(fmt.Errorf("making a sandbox: %w", err))
	}
	return b, nil
}

// open makes a box in the given ways. An error of the warden is a *warden.StepError.
func open(ctx context.Context, w ways, files Files) (*Box, error) {
	s := warden.Setup{Ways: w, Limits: limits, Files: Files{Read: slices.Concat(files.Read, files.Programs), Write: files.Write}}
	if slices.ContainsFunc(files.Programs, isDynamic) {
		s.Files.Read = append(s.Files.Read, libraries...)
	}
	if w.Nobody {
		s.User = warden.Nobody
	}
	b, err := startWarden()
	if err != nil {
		return nil, err
	}
	if err := b.prepare(ctx, s); err != nil {
		b.Close()
		return nil, b.explain(err)
	}
	b.writable = files.Write
	go b.listen()
	return b, nil
}

// startWarden starts the process that makes a box.
func startWarden() (*Box, error) {
	mine, its, err := socketPair()
	if err != nil {
		return nil, err
	}
	b := &Box{
		socket: mine, report: make([]byte, warden.MaxMessage), log: proc.Tail{Max: 4 << 10}, programs: make(map[int]*program),
		ended: make(chan struct{}), cleared: make(chan warden.Report, 1), patience: closing,
	}
	b.warden = exec.Command("/proc/self/exe") // which is right even after the file was replaced
	b.warden.Args = []string{warden.Name + strconv.Itoa(os.Getpid())}
	b.warden.Env, b.warden.Dir = []string{"GOMAXPROCS=1", "GOGC=off", "GOMEMLIMIT=64MiB"}, "/"
	b.warden.ExtraFiles = []*os.File{its}
	b.warden.Stderr = &b.log
	// A session of its own would do too, but the kernel may divide the time of processors
	// among sessions (sched_autogroup_enabled): that made trials slower by a sixth.
	b.warden.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = b.warden.Start()
	_ = its.Close() // now only the warden has it, so reading mine ends when the warden does
	if err != nil {
		_ = mine.Close()
		return nil, &warden.StepError{Step: warden.StepClone, Err: err}
	}
	b.drop = proc.Keep(b.warden.Process.Pid)
	return b, nil
}

// libraries are the folders that dynamically linked programs need.
var libraries = []string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store"}

// isDynamic reports whether a program needs an interpreter that loads libraries.
// Reproductions do if they are built with cgo.
func isDynamic(program string) bool {
	file, _, err := regular.Open(program, math.MaxInt64) // a named pipe could keep it waiting
	if err != nil {
		return false
	}
	defer file.Close()
	f, err := elf.NewFile(file)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP })
}

// socketPair returns both ends of a socket.
func socketPair() (mine *net.UnixConn, its *os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	its = os.NewFile(uintptr(pair[1]), "its end")
	file := os.NewFile(uintptr(pair[0]), "my end")
	defer file.Close() // the connection has a copy
	c, err := net.FileConn(file)
	if err != nil {
		_ = its.Close()
		return nil, nil, err
	}
	return c.(*net.UnixConn), its, nil
}

// prepare sends a warden its setup and waits until the box is ready. A warden that does
// not answer before the context ends, because somebody has suspended it, is killed.
func (b *Box) prepare(ctx context.Context, s warden.Setup) error {
	ctx, cancel := context.WithTimeoutCause(ctx, answering, fmt.Errorf("the process that watches it does not answer: it was not ready after %v", answering))
	defer cancel()
	defer context.AfterFunc(ctx, b.kill)()
	err := b.send(warden.Order{Setup: &s})
	var r warden.Report
	if err == nil {
		r, err = b.next()
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return fmt.Errorf("the process that watches it has ended: %w", err)
	}
	return r.Err()
}

// explain adds what the warden said before it ended to an error that is not its own.
func (b *Box) explain(err error) error {
	var step *warden.StepError
	said := b.log.String()
	if errors.As(err, &step) || firstLine(said) == "" {
		return err
	}
	if advice := fault.Shortage(said); advice != "" {
		return fmt.Errorf("%w: %s (%s)", err, firstLine(said), advice)
	}
	return fmt.Errorf("%w: %s", err, firstLine(said))
}

// kill ends the warden, and with it all processes of the box.
func (b *Box) kill() { _ = b.warden.Process.Kill() }

// send sends an order with files. It is an error if the warden does not take it soon.
func (b *Box) send(o warden.Order, files ...int) error {
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	var extra []byte
	if len(files) > 0 {
		extra = unix.UnixRights(files...)
	}
	b.sending.Lock()
	defer b.sending.Unlock()
	if err := b.socket.SetWriteDeadline(time.Now().Add(b.patience)); err != nil {
		return err
	}
	_, _, err = b.socket.WriteMsgUnix(data, extra, nil)
	return err
}

// next returns the next report.
func (b *Box) next() (r warden.Report, err error) {
	n, err := b.socket.Read(b.report)
	if err == nil {
		err = json.Unmarshal(b.report[:n], &r)
	}
	return r, err
}

// listen passes on the reports until the warden ends.
func (b *Box) listen() {
	defer close(b.ended)
	for {
		r, err := b.next()
		if err != nil {
			return
		}
		if r.Cleared {
			b.cleared <- r
			continue
		}
		b.mu.Lock()
		p := b.programs[r.ID]
		if r.Ended || r.Failed != "" {
			delete(b.programs, r.ID)
		}
		b.mu.Unlock()
		switch {
		case p == nil:
		case r.Ended:
			p.ended <- r
		default:
			p.started <- r
		}
	}
}

// errEnded means that the warden of a box has ended before the box was closed.
var errEnded = errors.New("the process that watches the sandbox has ended, most likely killed by the system for want of memory")

// errDeaf means that the warden of a box takes no orders. Most likely somebody has
// suspended it.
var errDeaf = errors.New("the process that watches the sandbox does not answer")

// Start starts a process in the box. It may change the files in all of the box's
// writable folders.
func (b *Box) Start(ctx context.Context, c proc.Cmd, stdout, stderr *os.File) (proc.Child, error) {
	return b.Only(b.writable...).Start(ctx, c, stdout, stderr)
}

// Only returns what starts processes in the box that may change files in these folders
// only. They are in the box's writable folders.
func (b *Box) Only(folders ...string) proc.Starter { return &corner{b, folders} }

// A corner is a box in which only some folders are writable.
type corner struct {
	box      *Box
	writable []string
}

// Start starts a process.
func (r *corner) Start(ctx context.Context, c proc.Cmd, stdout, stderr *os.File) (proc.Child, error) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	stdout, stderr = cmp.Or(stdout, null), cmp.Or(stderr, null)
	b := r.box
	p := &program{box: b, started: make(chan warden.Report, 1), ended: make(chan warden.Report, 1), waited: make(chan struct{})}
	b.mu.Lock()
	b.last++
	p.id = b.last
	b.programs[p.id] = p
	b.mu.Unlock()
	l := &warden.Launch{
		Path: c.Path, Args: append([]string{cmp.Or(c.Name, c.Path)}, c.Args...), Dir: c.Dir, Env: append([]string{}, c.Env...), Write: r.writable,
	}
	if err := b.send(warden.Order{ID: p.id, Start: l}, int(stdout.Fd()), int(stderr.Fd())); err != nil {
		return nil, fmt.Errorf("%w: %w", errDeaf, err)
	}
	select {
	case r := <-p.started:
		if err := r.Err(); err != nil {
			var step *warden.StepError
			if errors.As(err, &step) && step.Step == warden.StepStart {
				err = step.Err
			}
			return nil, err
		}
		return p, nil
	case <-b.ended:
		return nil, errEnded
	case <-ctx.Done(): // nobody may start the program later
	case <-time.After(answering):
	}
	b.kill()
	return nil, errDeaf
}

// Works reports whether the warden of the box still runs.
func (b *Box) Works() bool {
	select {
	case <-b.ended:
		return false
	default:
		return true
	}
}

// Clear ends all processes in the box, and waits until they have ended. After an error
// the box must not be used again.
func (b *Box) Clear() error {
	if err := b.send(warden.Order{Clear: true}); err != nil {
		return fmt.Errorf("%w: %w", errDeaf, err)
	}
	select {
	case r := <-b.cleared:
		return r.Err()
	case <-b.ended:
		return errEnded
	case <-time.After(b.patience):
		return errDeaf
	}
}

// Wait waits for the end of the process.
func (p *program) Wait() (proc.End, error) {
	defer close(p.waited)
	var r warden.Report
	select {
	case r = <-p.ended:
	case <-p.box.ended:
		select {
		case r = <-p.ended: // which came first
		default:
			return proc.End{}, errEnded
		}
	}
	if r.Over != "" {
		return proc.End{CPU: r.CPU}, fmt.Errorf("the sandbox ended it, because %s (%s)", r.Over, Off)
	}
	return proc.End{Status: r.Status, CPU: r.CPU}, nil
}

// Signal sends a signal to the process and its group. A warden that takes no order, or
// does not end the process when it should, is killed, with all processes of its box.
func (p *program) Signal(sig syscall.Signal) {
	if p.box.send(warden.Order{ID: p.id, Signal: sig}) != nil {
		p.box.kill()
		return
	}
	if sig != syscall.SIGKILL {
		return
	}
	select {
	case <-p.waited:
	case <-time.After(p.box.patience):
		p.box.kill()
	}
}

// Close ends all processes of the box. The warden does that when the socket is closed.
func (b *Box) Close() {
	_ = b.socket.Close()
	late := time.AfterFunc(b.patience, b.kill)
	defer late.Stop()
	_ = b.warden.Wait()
	b.drop()
}
