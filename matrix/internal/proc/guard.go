package proc

import (
	"io"
	"os"
	"strconv"
	"strings"
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
	began   time.Time
	ended   chan struct{}
}

var running = children{groups: make(map[int]bool)}

func init() { scratch.OnRoot(running.addDir) }

const (
	// deaf is how long a guard may take to read when the pipe is full.
	deaf = time.Second
	// steady is how long a guard must have run to be replaced at once.
	steady = 10 * time.Millisecond
)

// The guard reads lines. Each is an act and its operand.
const (
	actAdd  = "+" // and the ID of a group
	actDrop = "-" // and the ID of a group
	actDir  = "d" // and a folder of temporary files, quoted as in Go
)

// add adds a group. The first one starts the guard.
func (c *children) add(pid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.groups[pid] = true
	if c.guard == nil {
		c.start()
		return
	}
	c.tell(actAdd, strconv.Itoa(pid))
}

// drop removes a group that has ended.
func (c *children) drop(pid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.groups, pid)
	c.tell(actDrop, strconv.Itoa(pid))
}

// addDir adds a folder of temporary files. Processes that use it belong to this
// process even if they have left the groups.
func (c *children) addDir(dir string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dirs = append(c.dirs, dir)
	c.tell(actDir, strconv.Quote(dir))
}

// tell sends an act to the guard, if there is one. A guard that is gone, or does not
// read because somebody stopped it, is replaced.
func (c *children) tell(act, operand string) {
	if c.guard == nil {
		return
	}
	_ = c.guard.pipe.SetWriteDeadline(time.Now().Add(deaf)) // a pipe without deadlines waits
	if _, err := io.WriteString(c.guard.pipe, act+operand+"\n"); err != nil {
		c.start()
	}
}

// start starts a guard that knows everything, and ends the one before. If there can be
// none, children still end with this process unless it is killed.
func (c *children) start() {
	if c.guard != nil {
		c.guard.end()
	}
	var all strings.Builder
	for _, dir := range c.dirs {
		all.WriteString(actDir + strconv.Quote(dir) + "\n")
	}
	for pid := range c.groups {
		all.WriteString(actAdd + strconv.Itoa(pid) + "\n")
	}
	c.guard = startGuard(all.String())
}

// replace starts another guard after one has ended, which somebody must have killed.
// One that ended as soon as it began would do so again.
func (c *children) replace(g *guard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.guard == g && time.Since(g.began) > steady {
		c.start()
	}
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
