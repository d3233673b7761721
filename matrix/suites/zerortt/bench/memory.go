package main

import (
	"context"
	"errors"
	"os"
	"strconv"
)

// memoryRows is how many releases a run has that is watched. The peak is that of
// a few compilers at once, which does not grow with them.
const memoryRows = 8

// jobs are the numbers of --jobs that are compared.
var jobs = []int{1, 2, 4}

// memory measures the peak of all processes together, of cold runs. The runs
// take longer than others, since looking at memory costs the machine something:
// their times are not kept.
func (l *lab) memory(ctx context.Context) (*Memory, error) {
	only := spaced(l.set.Rows, memoryRows)
	m := &Memory{Rows: len(only), Measure: "pss"}
	proc := os.DirFS("/proc")
	if word(proc, "self/statm") == "" {
		m.Missing = "this system does not tell, as Linux does in /proc"
		l.say("memory: %s", m.Missing)
		return m, nil
	}
	for _, n := range jobs {
		peak := Peak{Jobs: n}
		for run := range l.set.Runs {
			bytes, err := cold(l, func(h home) (int64, error) {
				s := &sampler{proc: proc, self: os.Getpid()}
				stop := s.watch()
				_, _, err := l.run(ctx, h, job{only: only, trials: l.set.Trials, args: []string{"--jobs", strconv.Itoa(n)}})
				bytes := stop()
				if s.rss {
					m.Measure = "rss"
				}
				if err == nil && bytes == 0 {
					err = errors.New("no process of a run was seen in /proc")
				}
				return bytes, err
			})
			if err != nil {
				return nil, err
			}
			l.say("memory %d/%d: --jobs %d, %d MB", run+1, l.set.Runs, n, bytes/1e6)
			peak.Bytes = append(peak.Bytes, bytes)
		}
		m.Peaks = append(m.Peaks, peak)
	}
	return m, nil
}

// spaced returns at most n of some values, evenly spaced, the last among them.
func spaced(all []string, n int) (some []string) {
	n = min(n, len(all))
	for i := range n {
		some = append(some, all[(i+1)*len(all)/n-1])
	}
	return some
}
