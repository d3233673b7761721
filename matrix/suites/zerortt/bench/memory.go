package main

import (
	"context"
	"errors"
	"os"
	"strconv"
)

// memoryRows is the number of releases of a run whose memory is measured. The peak
// comes from a few compilers at the same time, and does not grow with the releases.
const memoryRows = 8

// jobs are the values of --jobs to compare.
var jobs = []int{1, 2, 4}

// memory measures the peak memory of all processes of cold runs together. Their
// times are not kept, since the sampling slows them down.
func (l *lab) memory(ctx context.Context) (*Memory, error) {
	only := spaced(l.set.Rows, memoryRows)
	m := &Memory{Rows: len(only), Measure: "pss"}
	proc := os.DirFS("/proc")
	if word(proc, "self/smaps_rollup") == "" {
		m.Missing = "this system does not tell, as Linux does in /proc"
		l.logf("memory: %s", m.Missing)
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
				if err == nil && bytes == 0 {
					err = errors.New("no process of a run was seen in /proc")
				}
				return bytes, err
			})
			if err != nil {
				return nil, err
			}
			l.logf("memory %d/%d: --jobs %d, %d MB", run+1, l.set.Runs, n, bytes/1e6)
			peak.Bytes = append(peak.Bytes, bytes)
		}
		m.Peaks = append(m.Peaks, peak)
	}
	return m, nil
}

// spaced returns at most n of the values, evenly spaced, with the last one.
func spaced(all []string, n int) (some []string) {
	n = min(n, len(all))
	for i := range n {
		some = append(some, all[(i+1)*len(all)/n-1])
	}
	return some
}
