package sandbox

import (
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// nobody runs the programs of a root user who has namespaces. The limit of processes
// does not concern root.
const nobody = 65534

// hasNobody reports whether root can become nobody. Some containers only have root.
func hasNobody() bool {
	for _, file := range []string{uidMap, gidMap} {
		if !slices.ContainsFunc(allIDs(file), func(m syscall.SysProcIDMap) bool {
			return m.ContainerID <= nobody && nobody < m.ContainerID+m.Size
		}) {
			return false
		}
	}
	return os.Geteuid() == 0
}

// The files with the IDs of this user namespace.
const (
	uidMap = "/proc/self/uid_map"
	gidMap = "/proc/self/gid_map"
)

// closing is how long a warden may take to end the processes of its box.
const closing = 5 * time.Second

// A Box is a place for processes that can do little harm. They share it: each can reach
// the others, also over its loopback interface.
type Box struct {
	socket *net.UnixConn
	warden *exec.Cmd
	space  bool // the kernel ends all processes with the warden
	drop   func()
	log    proc.Tail // of the warden

	mu       sync.Mutex
	programs map[int]*program // by ID
	last     int              // ID
	sending  sync.Mutex
	ended    chan struct{} // no more reports come
}

// A program is a process in a box.
type program struct {
	box     *Box
	id      int
	started chan report
	ended   chan report
}

// Open makes a box. The caller closes it.
func (s *Sandbox) Open(files Files) (*Box, error) {
	b, err := open(s.ways, files)
	if err != nil {
		return nil, fmt.Errorf("making a sandbox: %w (%s)", err, Off)
	}
	return b, nil
}

// open makes a box in the given ways. An error of the warden is a *stepError.
func open(w ways, files Files) (*Box, error) {
	s := setup{Ways: w, Files: Files{Read: slices.Concat(files.Read, files.Programs), Write: files.Write}}
	if slices.ContainsFunc(files.Programs, isDynamic) {
		s.Files.Read = append(s.Files.Read, libraries...)
	}
	if w.Nobody {
		s.User = nobody
	}
	mine, its, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer its.Close()
	b := &Box{socket: mine, space: w.Space, log: proc.Tail{Max: 4 << 10}, programs: make(map[int]*program), ended: make(chan struct{})}
	b.warden = exec.Command("/proc/self/exe") // which is right even after the file was replaced
	b.warden.Args = []string{wardenName + strconv.Itoa(os.Getpid())}
	b.warden.Env, b.warden.Dir = []string{"GOMAXPROCS=1", "GOGC=off"}, "/"
	b.warden.ExtraFiles = []*os.File{its}
	b.warden.Stderr = &b.log
	b.warden.SysProcAttr = attributes(w)
	if err := b.warden.Start(); err != nil {
		_ = mine.Close()
		return nil, &stepError{stepClone, err}
	}
	b.drop = proc.Keep(b.warden.Process.Pid)
	if err := b.prepare(s); err != nil {
		b.Close()
		return nil, err
	}
	go b.listen()
	return b, nil
}

// libraries are the folders that dynamically linked programs need.
var libraries = []string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store"}

// isDynamic reports whether a program needs an interpreter that loads libraries.
// Reproductions do not, since they are built without cgo.
func isDynamic(program string) bool {
	f, err := elf.Open(program)
	if err != nil {
		return false
	}
	defer f.Close()
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

// attributes returns how to start a warden.
func attributes(w ways) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	for _, ns := range []struct {
		use  bool
		flag uintptr
	}{
		{w.User, unix.CLONE_NEWUSER}, {w.Space, unix.CLONE_NEWPID | unix.CLONE_NEWIPC},
		{w.Mount, unix.CLONE_NEWNS}, {w.Net, unix.CLONE_NEWNET},
	} {
		if ns.use {
			attr.Cloneflags |= ns.flag
		}
	}
	switch {
	case !w.User:
	case os.Geteuid() == 0:
		attr.UidMappings, attr.GidMappings = allIDs(uidMap), allIDs(gidMap)
		attr.GidMappingsEnableSetgroups = true
	default:
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
		// The warden keeps its user, so that programs see that of this process. It needs
		// these in its namespaces.
		attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_SETPCAP}
	}
	return attr
}

// allIDs returns a mapping of all IDs of this user namespace to themselves.
func allIDs(file string) (all []syscall.SysProcIDMap) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(data)) {
		var first, outside, size int
		if n, _ := fmt.Sscan(line, &first, &outside, &size); n == 3 {
			all = append(all, syscall.SysProcIDMap{ContainerID: first, HostID: first, Size: size})
		}
	}
	return all
}

// prepare sends a warden its setup and waits until the box is ready.
func (b *Box) prepare(s setup) error {
	if err := b.send(order{Setup: &s}); err != nil {
		return b.lost(err)
	}
	r, err := b.next()
	if err != nil {
		return b.lost(err)
	}
	return r.err()
}

// send sends an order with files.
func (b *Box) send(o order, files ...int) error {
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
	_, _, err = b.socket.WriteMsgUnix(data, extra, nil)
	return err
}

// next returns the next report.
func (b *Box) next() (r report, err error) {
	buf := make([]byte, maxMessage)
	n, err := b.socket.Read(buf)
	if err == nil {
		err = json.Unmarshal(buf[:n], &r)
	}
	return r, err
}

// lost returns the error of a warden that is gone.
func (b *Box) lost(err error) error {
	return fmt.Errorf("the process that watches it has ended: %w", err)
}

// listen passes on the reports until the warden ends.
func (b *Box) listen() {
	defer close(b.ended)
	for {
		r, err := b.next()
		if err != nil {
			return
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

// Start starts a process in the box.
func (b *Box) Start(c proc.Cmd, stdout, stderr *os.File) (proc.Child, error) {
	if stdout == nil || stderr == nil {
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			return nil, err
		}
		defer null.Close()
		if stdout == nil {
			stdout = null
		}
		if stderr == nil {
			stderr = null
		}
	}
	p := &program{box: b, started: make(chan report, 1), ended: make(chan report, 1)}
	b.mu.Lock()
	b.last++
	p.id = b.last
	b.programs[p.id] = p
	b.mu.Unlock()
	name := c.Name
	if name == "" {
		name = c.Path
	}
	l := &launch{Path: c.Path, Args: append([]string{name}, c.Args...), Dir: c.Dir, Env: append([]string{}, c.Env...)}
	if err := b.send(order{ID: p.id, Start: l}, int(stdout.Fd()), int(stderr.Fd())); err != nil {
		return nil, err
	}
	select {
	case r := <-p.started:
		if err := r.err(); err != nil {
			var step *stepError
			if errors.As(err, &step) {
				err = step.err
			}
			return nil, err
		}
		return p, nil
	case <-b.ended:
		return nil, errEnded
	}
}

// Wait waits for the end of the process.
func (p *program) Wait() (proc.End, error) {
	select {
	case r := <-p.ended:
		return proc.End{Status: r.Status, CPU: r.CPU}, nil
	case <-p.box.ended:
	}
	select {
	case r := <-p.ended: // which came first
		return proc.End{Status: r.Status, CPU: r.CPU}, nil
	default:
		return proc.End{}, errEnded
	}
}

// Signal sends a signal to the process and its group. A warden that takes no order is
// killed, with all processes of its box.
func (p *program) Signal(sig syscall.Signal) {
	_ = p.box.socket.SetWriteDeadline(time.Now().Add(closing))
	if p.box.send(order{ID: p.id, Signal: sig}) != nil {
		_ = p.box.warden.Process.Kill()
	}
}

// Close ends all processes of the box.
func (b *Box) Close() {
	_ = b.socket.Close()
	if b.space {
		_ = b.warden.Process.Kill()
	}
	late := time.AfterFunc(closing, func() { _ = b.warden.Process.Kill() })
	defer late.Stop()
	_ = b.warden.Wait()
	b.drop()
}
