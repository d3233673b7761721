//go:build torture && linux

package torture

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A trouble is what happens to one process.
type trouble struct {
	name string
	do   func(r *process, draw *rand.Rand)

	fatal  bool // the process may end by a signal, such as one that comes before it handles signals
	excuse bool // it may find out less than an undisturbed run
	heed   bool // it must end soon
	often  int  // how much more often it comes than others
}

// troubles are all kinds of trouble.
var troubles = []trouble{
	{name: "SIGKILL", do: send(unix.SIGKILL), fatal: true, excuse: true, heed: true, often: 1},
	{name: "SIGTERM", do: send(unix.SIGTERM), fatal: true, excuse: true, heed: true},
	{name: "SIGINT", do: send(unix.SIGINT), fatal: true, excuse: true, heed: true},
	{name: "SIGHUP", do: send(unix.SIGHUP), fatal: true, excuse: true, heed: true},
	{name: "SIGINT and SIGTERM", do: func(r *process, draw *rand.Rand) {
		r.signal(unix.SIGINT)
		r.sleep(upTo(draw, 100*time.Millisecond))
		r.signal(unix.SIGTERM)
	}, fatal: true, excuse: true, heed: true},
	{name: "SIGSTOP and SIGCONT", do: func(r *process, draw *rand.Rand) {
		r.signal(unix.SIGSTOP)
		r.sleep(pause(draw))
		r.signal(unix.SIGCONT)
	}},
	{name: "SIGSTOP and SIGKILL", do: func(r *process, draw *rand.Rand) {
		r.signal(unix.SIGSTOP)
		r.sleep(pause(draw))
		r.signal(unix.SIGKILL)
	}, fatal: true, excuse: true, heed: true},
	{name: "SIGSTOP and SIGCONT to a child", do: func(r *process, draw *rand.Rand) {
		if child := pickChild(r, draw); child > 0 {
			_ = unix.Kill(child, unix.SIGSTOP)
			time.Sleep(upTo(draw, 3*time.Second))
			_ = unix.Kill(child, unix.SIGCONT)
		}
	}},
	{name: "SIGKILL to children", do: func(r *process, draw *rand.Rand) {
		for range 1 + draw.IntN(5) {
			if child := pickChild(r, draw); child > 0 {
				_ = unix.Kill(child, unix.SIGKILL)
			}
			r.sleep(upTo(draw, 500*time.Millisecond))
		}
	}, excuse: true, often: 3},
}

// drawTrouble returns a trouble. One that can do much comes often.
func drawTrouble(draw *rand.Rand) trouble {
	var all []trouble
	for _, one := range troubles {
		all = append(all, slices.Repeat([]trouble{one}, 1+one.often)...)
	}
	return all[draw.IntN(len(all))]
}

// send returns a trouble that sends a signal.
func send(s unix.Signal) func(*process, *rand.Rand) {
	return func(r *process, _ *rand.Rand) { r.signal(s) }
}

// pause returns how long a process is suspended. Others stop waiting for it after five
// seconds, which some pauses exceed.
func pause(draw *rand.Rand) time.Duration {
	if draw.IntN(4) == 0 {
		return 7 * time.Second
	}
	return upTo(draw, 2*time.Second)
}

// pickChild returns one of the processes that a run has started, or that these have. It
// waits some seconds until there is one. It returns 0 if there is none. The guard of the run is
// always there, and chosen less often than others.
func pickChild(r *process, draw *rand.Rand) int {
	guard := draw.IntN(8) == 0
	for range 1000 { // then it hangs, which its limit ends
		found := descendants(r.Process.Pid)
		maps.DeleteFunc(found, func(_ int, what string) bool { return strings.Contains(what, "guard-of-") != guard })
		if pids := slices.Sorted(maps.Keys(found)); len(pids) > 0 {
			return pids[draw.IntN(len(pids))]
		}
		if !r.sleep(5 * time.Millisecond) {
			break
		}
	}
	return 0
}
