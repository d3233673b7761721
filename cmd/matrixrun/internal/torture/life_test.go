//go:build torture && linux

package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A life is one record, from the first run to the last.
type life struct {
	*place
	seed  uint64
	draw  *rand.Rand
	tally *tally
	asked map[*question]bool

	over chan struct{} // closed when all processes of an act have ended

	mu       sync.Mutex
	problems []string
	story    []string // what was done
}

// failf reports what must not happen.
func (l *life) failf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

// tell adds what is done to the story that a failure prints.
func (l *life) tell(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.story = append(l.story, fmt.Sprintf(format, args...))
}

// moment returns when something happens in an act, which is more often soon than late.
// Most runs take between one second and four.
func (l *life) moment() time.Duration {
	x := l.draw.Float64()
	return time.Duration(x * x * float64(4*time.Second))
}

// await waits, or returns false as soon as all processes have ended.
func (l *life) await(d time.Duration) bool {
	select {
	case <-l.over:
		return false
	case <-time.After(d):
		return true
	}
}

// run lives the life, and returns what must not have happened, or "".
func (l *life) run(t *testing.T) (failure string) {
	l.place = l.world.place(t, fmt.Sprintf("life-%d", l.seed))
	l.live(t)
	if err := l.remove(); err != nil {
		l.failf("removing the files of this life: %v", err)
	}
	if len(l.problems) == 0 {
		return ""
	}
	return report(l.seed, l.story, l.problems)
}

// live runs the acts, and after them all questions again.
func (l *life) live(t *testing.T) {
	check(t, os.CopyFS(l.gocache, os.DirFS(l.world.gocache)))
	l.asked = make(map[*question]bool)
	if folder := []string{recordFolder, tempFolder, outFolder, layoutFolder}[l.draw.IntN(4)]; l.noMount == nil {
		check(t, mount(l.path(folder)))
		l.mounted = l.path(folder)
		l.tell("a disk of its own: %s", folder)
	}
	for act := range 1 + l.draw.IntN(3) {
		l.tell("act %d", act+1)
		if act > 0 && l.draw.IntN(2) == 0 {
			for range 1 + l.draw.IntN(10) {
				l.damage(damages[l.draw.IntN(len(damages))], l.draw)
			}
		}
		l.act()
		if len(l.problems) > 0 {
			return
		}
	}
	l.survive()
}

// damage damages one file of the record.
func (l *life) damage(d damage, draw *rand.Rand) {
	l.tell("  a file of the record: %s", d.name)
	if err := harm(l.path(recordFolder), d, draw); err != nil {
		l.failf("damaging the record, %s: %v", d.name, err)
	}
	l.count(filesDamaged, d.name)
}

// survive asks all questions again, without any trouble. The answers must be those of
// undisturbed runs. Asked once more, they come from the record, and nothing is left of
// the processes that were killed.
func (l *life) survive() {
	for _, q := range l.questions {
		if !l.asked[q] {
			continue
		}
		for again := range 2 {
			a, err := l.answer(q)
			if err != nil {
				l.failf("%v, undisturbed, on the record of this life: %v\n%s", q, err, a.output)
				return
			}
			if diff := differences(q.want, a); diff != "" {
				l.failf("%v, undisturbed, on the record of this life: %s\n%s", q, diff, a.output)
				return
			}
			if again == 1 && !idle.MatchString(a.output) {
				l.failf("%v, asked again, is not answered from the record:\n%s", q, a.output)
			}
			l.tally.add(survivors, "equal to an undisturbed run")
		}
	}
	l.begin()
	l.clean()
}

// begin asks a question on an empty record for each of the remote records, with what is left
// of it. What was done to that must not change the answer.
func (l *life) begin() {
	for _, ref := range []string{l.remote(l.registry.address, ""), "oci-layout:" + l.path(layoutFolder)} {
		q := l.questions[l.draw.IntN(len(l.questions))]
		args, out := l.argumentsOn(q, fmt.Sprintf("%s-%d", recordFolder, l.outs))
		args = append(args, "--remote", ref, "--push")
		code, output := l.once(args...)
		a, err := readAnswer(out, code, output)
		if err != nil {
			l.failf("%v, undisturbed, with the remote record of this life %s: %v\n%s", q, ref, err, output)
			return
		}
		if diff := differences(q.want, a); diff != "" {
			l.failf("%v, undisturbed, with the remote record of this life %s: %s\n%s", q, ref, diff, output)
			return
		}
		l.count(survivors, "equal with a remote record")
		l.countFetched(output)
	}
}

// idle matches the output of a run that found everything in the record.
var idle = regexp.MustCompile(`\b0 built, 0 trials run\b`)

// clean checks that no process and no temporary file is left.
func (l *life) clean() {
	if _, left := alone(); len(left) > 0 {
		l.failf("processes are left: %q", left)
	}
	entries, err := os.ReadDir(l.path(tempFolder))
	if err != nil {
		l.failf("%v", err)
	}
	for _, e := range entries {
		files, _ := filepath.Glob(filepath.Join(l.path(tempFolder), e.Name(), "*"))
		l.failf("left in the folder for temporary files: %s, with %q", e.Name(), files)
	}
}

// judge compares what a disturbed run wrote with what an undisturbed one wrote.
func (l *life) judge(r *run) {
	code, output := r.wait(limit)
	blame := func(format string, args ...any) {
		l.failf("%v, with %s: %s\nexit code %d, output:\n%s", r.question, r.about(), fmt.Sprintf(format, args...), code, output)
	}
	a, err := readAnswer(r.out, code, output)
	switch {
	case r.hung:
		blame("no end after %v", limit)
	case err != nil:
		blame("%v", err)
	case panics.MatchString(output):
		blame("it panics")
	case r.end() != 0 && !r.trouble.fatal:
		blame("it ends by the signal %v, which nobody sent", r.end())
	case code == 2:
		blame("it takes the trouble for bad input")
	case code == 3 && a.results == nil && !strings.Contains(output, "matrixrun: ") && r.stdout == "":
		blame("it does not say why it wrote no results")
	case invented(r.question.want, a) != "":
		blame("an answer is invented: %s", invented(r.question.want, a))
	case r.end() != 0:
		l.count(runsEnded, "killed")
	case differences(r.question.want, a) == "":
		l.count(runsEnded, "equal to an undisturbed run")
	case !r.excused:
		blame("nothing excuses the difference: %s", differences(r.question.want, a))
	default:
		l.count(runsEnded, "found out less, and said so")
	}
	l.countFetched(output)
}

// countFetched counts a run that a remote record had something for.
func (l *life) countFetched(output string) {
	if fetched.MatchString(output) {
		l.count(remotesUsed, somethingFetched)
	}
}

// fetched matches what such a run says.
var fetched = regexp.MustCompile(`\b(builds?|binar(y|ies)) fetched\b`)

// panics matches what a Go program prints when it panics.
var panics = regexp.MustCompile(`(?m)^(panic:|fatal error:|goroutine \d+ |SIG[A-Z]+: )`)

// count adds one thing to a group of the tally.
func (l *life) count(group, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.add(group, name)
}
