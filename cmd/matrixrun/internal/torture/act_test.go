//go:build torture && linux

package torture

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A run is one of the processes of an act.
type run struct {
	*process
	question *question
	args     []string
	out      string // the folder of -o
	proxy    string // GOPROXY
	modules  string // GOMODCACHE
	stdout   string // /dev/full, or empty

	trouble trouble // the zero value for none
	at      time.Duration
	draw    *rand.Rand // for the trouble

	excused bool // it may find out less than an undisturbed run
}

// about says what happens to a run.
func (r *run) about() string {
	text := "no trouble of its own"
	if r.trouble.name != "" {
		text = fmt.Sprintf("%s after %v", r.trouble.name, r.at)
	}
	if r.stdout != "" {
		text += ", standard output to " + r.stdout
	}
	if strings.Contains(r.proxy, "/bad-") {
		text += ", a proxy that misbehaves"
	}
	return text
}

// drawRun decides what a run does, and what happens to it.
func (l *life) drawRun() *run {
	q := l.questions[l.draw.IntN(len(l.questions))]
	r := &run{question: q, proxy: l.proxy.good(), modules: l.path("gomodcache"), at: l.moment(), draw: rand.New(rand.NewPCG(l.seed, l.draw.Uint64()))}
	l.asked[q] = true
	var remote []string
	record := recordFolder
	if l.draw.IntN(2) == 0 {
		remote = l.drawRemote()
		if l.draw.IntN(2) == 0 {
			record = otherRecord
		}
	}
	r.args, r.out = l.argumentsOn(q, record)
	r.args = append(r.args, remote...)
	r.args = append(r.args, "--jobs", fmt.Sprint(1+l.draw.IntN(3)))
	if l.draw.IntN(8) == 0 {
		r.args = append(r.args, "--fresh")
	}
	if l.draw.IntN(4) > 0 {
		r.trouble = drawTrouble(l.draw)
		r.excused = r.trouble.excuse
	}
	if l.draw.IntN(3) == 0 {
		if l.draw.IntN(2) == 0 {
			r.modules = fmt.Sprintf("%s-%d", r.modules, l.outs) // an empty one
		}
		r.proxy, r.excused = l.proxy.bad(l.seed+uint64(l.outs), 20+l.draw.IntN(60)), true
	}
	if l.draw.IntN(12) == 0 {
		r.stdout, r.excused = "/dev/full", true
	}
	return r
}

// act runs one to four processes at the same time, with all kinds of trouble, and waits
// until they have ended.
func (l *life) act() {
	l.over = make(chan struct{})
	var runs []*run
	var processes []*process
	for range 1 + l.draw.IntN(4) {
		runs = append(runs, l.drawRun())
	}
	d := l.drawDisk()
	if d.name != "" {
		l.tell("  a full disk: %s, after %v until %v, with %d bytes left", d.name, d.at, d.until, d.left)
	}
	damages, draw := l.drawDamages(), rand.New(rand.NewPCG(l.seed, l.draw.Uint64()))
	hurt, drawRemote := l.drawHurt(), rand.New(rand.NewPCG(l.seed, l.draw.Uint64()))
	l.tally.add(processesAtOne, fmt.Sprint("× ", len(runs)))
	for _, r := range runs {
		l.tell("  matrixrun %s: %s", strings.Join(r.args, " "), r.about())
		var err error
		if r.process, err = l.start(l.environ(r.proxy, r.modules), r.stdout, r.args...); err != nil {
			l.failf("%v", err)
			return
		}
		processes = append(processes, r.process)
		r.excused = r.excused || d.name != ""
	}
	var group sync.WaitGroup
	for _, r := range runs {
		group.Go(func() { l.disturb(r) })
	}
	var around sync.WaitGroup
	around.Go(func() { d.use(l, processes) })
	around.Go(func() { damages.use(l, draw) })
	around.Go(func() { hurt.use(l, drawRemote) })
	group.Wait()
	close(l.over)
	around.Wait()
	if _, left := alone(); len(left) > 0 {
		l.failf("processes are left: %q", left)
	}
	l.countAct(runs, d)
	for _, r := range runs {
		l.judge(r)
	}
}

// countAct adds what was done to the tally.
func (l *life) countAct(runs []*run, d disk) {
	for _, r := range runs {
		if r.trouble.name != "" {
			l.tally.add(signalsSent, r.trouble.name)
		}
		if r.stdout != "" {
			l.tally.add(disksFull, "standard output")
		}
	}
	if d.name != "" {
		l.tally.add(disksFull, d.name)
	}
}

// heeded is how long a run may take to end after a signal that asks for it. The program
// needs no more than a second; the machine may be busy.
const heeded = 10 * time.Second

// disturb does to a run what was decided, and waits for its end.
func (l *life) disturb(r *run) {
	if r.trouble.do != nil && r.sleep(r.at) {
		r.trouble.do(r.process, r.draw)
		if r.trouble.heed && r.sleep(heeded) {
			l.failf("%v: still running %v after %s", r.question, heeded, r.trouble.name)
			r.signal(unix.SIGQUIT)
			r.sleep(time.Second)
			r.signal(unix.SIGKILL)
		}
	}
	_, _ = r.wait(limit)
}

// A timed is a damage with the moment at which it is done.
type timed struct {
	damage
	at time.Duration
}

// A series is damages during an act.
type series []timed

// drawDamages decides what damages the record during an act.
func (l *life) drawDamages() (s series) {
	if l.draw.IntN(3) > 0 {
		return nil
	}
	for range 1 + l.draw.IntN(10) {
		s = append(s, timed{damages[l.draw.IntN(len(damages))], l.moment()})
	}
	return s
}

// use damages the record while processes run.
func (s series) use(l *life, draw *rand.Rand) {
	start := time.Now()
	for _, d := range s {
		if !l.await(max(0, d.at-time.Since(start))) {
			return
		}
		l.damage(d.damage, draw)
	}
}
