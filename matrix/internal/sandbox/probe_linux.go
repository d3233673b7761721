package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
)

// probeName begins the name of a probe in lists of processes. The ID of the process that
// it belongs to follows.
const probeName = "sandbox-probe-of-"

func init() {
	if strings.HasPrefix(os.Args[0], probeName) {
		os.Exit(probe())
	}
}

// probeVariable marks a process that acts as a probe.
const probeVariable = "MATRIXRUN_SANDBOX_PROBE"

// What a probe prints for each part that it found to be contained.
const (
	provenFiles     = "files"
	provenNetwork   = "network"
	provenProcesses = "processes"
	provenMemory    = "memory"
	provenRoom      = "room" // in memory, up to the limit
)

// probe does in a box what Go programs do, and returns 0 if all of that works. It
// prints what it found to be contained.
func probe() int {
	if os.Getenv(probeVariable) != "1" {
		return 0 // the child of another one
	}
	outside, parent := os.Args[1], os.Args[2]
	for _, need := range []struct {
		name string
		try  func() error
	}{
		{"a temporary file", needFiles}, {"random numbers", needRandom}, {"UDP over loopback", needUDP},
		{"TCP over loopback", needTCP}, {"threads", needThreads}, {"memory", needMemory}, {"a child process", needChild},
	} {
		if err := need.try(); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", need.name, err)
			return 1
		}
	}
	pid, err := strconv.Atoi(parent)
	for _, p := range []struct {
		name   string
		proven bool
	}{
		{provenFiles, hidden(outside)}, {provenNetwork, isolated()},
		{provenProcesses, err == nil && alone(pid)}, {provenMemory, bounded()}, {provenRoom, roomy()},
	} {
		if p.proven {
			fmt.Println(p.name)
		}
	}
	return 0
}

func needFiles() error {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "file")
	err = errors.Join(os.WriteFile(file, []byte("text"), 0o600), os.Mkdir(file+"s", 0o700), os.Rename(file, filepath.Join(file+"s", "other")))
	return errors.Join(err, os.RemoveAll(dir))
}

func needRandom() error {
	f, err := os.Open("/dev/urandom")
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.ReadFull(f, make([]byte, 32))
	return err
}

func needUDP() error {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer server.Close()
	client, err := net.Dial("udp", server.LocalAddr().String())
	if err != nil {
		return err
	}
	defer client.Close()
	if _, err := client.Write([]byte("text")); err != nil {
		return err
	}
	_ = server.SetReadDeadline(time.Now().Add(probing / 2))
	_, _, err = server.ReadFrom(make([]byte, 10))
	return err
}

func needTCP() error {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer server.Close()
	client, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		return err
	}
	return client.Close()
}

func needThreads() error {
	var all sync.WaitGroup
	ready := make(chan struct{})
	const threads = 32
	var started sync.WaitGroup
	started.Add(threads)
	for range threads {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			started.Done()
			<-ready
		})
	}
	started.Wait()
	close(ready)
	all.Wait()
	return nil
}

func needMemory() error {
	const size, page = 128 << 20, 4 << 10
	b := make([]byte, size)
	for i := 0; i < size; i += page * page { // to use some of it
		b[i] = 1
	}
	runtime.KeepAlive(b)
	return nil
}

func needChild() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(self)
	child.Args = append([]string{os.Args[0]}, os.Args[1:]...)
	child.Env = []string{"TMPDIR=" + os.TempDir(), probeVariable + "=2"}
	return child.Run()
}

// hidden reports whether nothing can be written into a folder outside of the box.
func hidden(outside string) bool {
	return os.WriteFile(filepath.Join(outside, "file"), nil, 0o600) != nil
}

// isolated reports whether there is no other interface than loopback, and no way to
// another machine. The address is for documentation, RFC 5737.
func isolated() bool {
	all, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range all {
		if i.Flags&net.FlagLoopback == 0 {
			return false
		}
	}
	c, err := net.Dial("udp", "192.0.2.1:9")
	if err == nil {
		_ = c.Close()
	}
	return err != nil
}

// alone reports whether the process that made the box can be reached neither with
// signals nor with a debugger. In a process namespace the warden is the first process,
// and the number of another process means nothing.
func alone(parent int) bool {
	if os.Getppid() == 1 {
		return true
	}
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", parent))
	return unix.Kill(parent, 0) != nil && (err != nil || len(environ) == 0)
}

// bounded reports whether there is a limit of memory.
func bounded() bool {
	var l unix.Rlimit
	return unix.Getrlimit(unix.RLIMIT_DATA, &l) == nil && l.Max <= warden.Memory
}

// roomy reports whether the system gives a process all the memory that a box allows. It
// does unless a process asks at once for more than the machine has. Under strict
// accounting (vm.overcommit_memory is 2), that depends on what other processes have.
// A limit of the user may be lower than that of the box.
func roomy() bool {
	strict, err := os.ReadFile("/proc/sys/vm/overcommit_memory")
	if err != nil || strings.TrimSpace(string(strict)) == "2" {
		return false
	}
	var machine unix.Sysinfo_t
	var space, data unix.Rlimit
	err = errors.Join(unix.Sysinfo(&machine), unix.Getrlimit(unix.RLIMIT_AS, &space), unix.Getrlimit(unix.RLIMIT_DATA, &data))
	has := (uint64(machine.Totalram) + uint64(machine.Totalswap)) * uint64(machine.Unit) //nolint:unconvert // not on all architectures
	return err == nil && has >= warden.Memory && space.Cur == unix.RLIM_INFINITY && data.Max == warden.Memory
}
