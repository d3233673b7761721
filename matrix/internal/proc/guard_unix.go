//go:build unix

package proc

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// guardName begins the name of the guard in process lists. The ID of the process that
// it belongs to follows. It differs from the program's own name, so that killing all
// processes of that name spares the guard.
const guardName = "guard-of-"

const (
	// hunting bounds the time that the guard looks for processes to kill.
	hunting = 3 * time.Second
	// calm is how long the guard waits between looking twice.
	calm = 20 * time.Millisecond
)

func init() {
	scratch.OnDead(func(dir string) { hunt(nil, []string{dir}) })
	if pid, ok := strings.CutPrefix(os.Args[0], guardName); ok {
		if _, err := strconv.Atoi(pid); err == nil {
			watch(os.Stdin)
			os.Exit(0)
		}
	}
}

// startGuard starts this program again as a guard, with the first lines to read. It
// returns nil if that fails.
//
// The guard is in a session of its own, which the terminal's signals do not reach. It
// has nothing of this process but the pipe, so nothing waits for it.
func startGuard(lines string) *guard {
	program, err := thisProgram()
	if err != nil {
		return nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil
	}
	defer r.Close()
	cmd := exec.Command(program)
	cmd.Args = []string{guardName + strconv.Itoa(os.Getpid())}
	cmd.Stdin, cmd.Dir, cmd.Env = r, "/", []string{"GOMAXPROCS=1"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	// The lines come first, so that a guard never knows too little. The pipe has room
	// for those of a thousand children.
	_ = w.SetWriteDeadline(time.Now().Add(deaf))
	if _, err := io.WriteString(w, lines); err != nil || cmd.Start() != nil {
		_ = w.Close()
		return nil
	}
	g := &guard{w, cmd.Process, time.Now(), make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(g.ended)
		running.replace(g)
	}()
	return g
}

// watch reads which processes to kill until the pipe ends. Then it kills them, and
// removes their temporary files.
func watch(pipe io.Reader) {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE)
	groups := make(map[int]bool)
	var dirs []string
	for lines := bufio.NewReader(pipe); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		switch operand := strings.TrimSuffix(line[1:], "\n"); line[:1] {
		case actDir:
			if dir, err := strconv.Unquote(operand); err == nil {
				dirs = append(dirs, dir)
			}
		case actAdd:
			if pid, err := strconv.Atoi(operand); err == nil && pid > 1 {
				groups[pid] = true
			}
		case actDrop:
			if pid, err := strconv.Atoi(operand); err == nil {
				delete(groups, pid)
			}
		}
	}
	hunt(groups, dirs)
	for _, dir := range dirs {
		_ = scratch.RemoveOf(dir)
	}
}

// hunt kills the groups and their relatives. It looks again until it finds nothing: a
// process may be starting another one at the time.
func hunt(groups map[int]bool, dirs []string) {
	known := make(map[int]bool)
	for end := time.Now().Add(hunting); time.Now().Before(end); time.Sleep(calm) {
		found := relatives(groups, dirs, known) // before their parents die
		for pid := range groups {
			killPid(pid)
		}
		for _, pid := range found {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if len(found) == 0 {
			return
		}
	}
}

// killPid kills a group.
func killPid(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
