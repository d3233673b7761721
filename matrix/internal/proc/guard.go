package proc

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// A children is the set of process groups that this process has started and not yet
// seen end. Each is known by the ID of its first process.
//
// A process that is killed cannot kill its children. A second process, the guard, does
// that: it has the same list, and the reading end of a pipe whose writing end only
// this process has. When the pipe ends, so has this process.
type children struct {
	mu     sync.Mutex
	groups map[int]bool
	dirs   []string // of temporary files, which the guard removes
	guard  *guard   // nil before the first child, and where there is no guard
}

// A guard is the other end of a guard process.
type guard struct {
	pipe    *os.File
	process *os.Process
	ended   chan struct{}
}

var running = children{groups: make(map[int]bool)}

func init() { scratch.OnRoot(running.addDir) }

// deaf is how long a guard may take to read when the pipe is full.
const deaf = time.Second

// The guard reads lines. Each is an act and its operand.
const (
	actAdd  = '+' // and the ID of a group
	actDrop = '-' // and the ID of a group
	actDir  = '/' // and the folder of temporary files, without its first slash
)

// add adds a group. The first one starts the guard.
func (c *children) add(pid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.groups[pid] = true
	if c.guard == nil || !c.tell("%c%d\n", actAdd, pid) {
		c.start()
	}
}

// drop removes a group that has ended.
func (c *children) drop(pid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.groups, pid)
	if c.guard != nil {
		c.tell("%c%d\n", actDrop, pid)
	}
}

// addDir adds a folder of temporary files. Processes that use it belong to this
// process even if they have left the groups.
func (c *children) addDir(dir string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dirs = append(c.dirs, dir)
	if c.guard != nil {
		c.tell("%c%s\n", actDir, dir[1:])
	}
}

// start starts the guard and tells it everything. If there can be no guard, children
// still end with this process unless it is killed.
func (c *children) start() {
	if c.guard != nil {
		c.guard.end()
	}
	if c.guard = startGuard(); c.guard == nil {
		return
	}
	for _, dir := range c.dirs {
		c.tell("%c%s\n", actDir, dir[1:])
	}
	for pid := range c.groups {
		c.tell("%c%d\n", actAdd, pid)
	}
}

// tell sends a line to the guard. It returns false if the guard is gone, or does not
// read because somebody stopped it.
func (c *children) tell(format string, args ...any) bool {
	_ = c.guard.pipe.SetWriteDeadline(time.Now().Add(deaf)) // without deadlines it waits
	_, err := fmt.Fprintf(c.guard.pipe, format, args...)
	return err == nil
}

// end ends a guard. It must not see the end of the pipe, which would make it kill
// everything.
func (g *guard) end() {
	_ = g.process.Kill()
	<-g.ended
	_ = g.pipe.Close()
}

// KillAll kills all processes that Run has started, with their groups. Each Run then
// returns.
func KillAll() {
	running.mu.Lock()
	defer running.mu.Unlock()
	for pid := range running.groups {
		killPid(pid)
	}
}
