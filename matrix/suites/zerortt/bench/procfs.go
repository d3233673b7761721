package main

import (
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// sampleEvery is the time between two samples of memory. A compiler runs for a few
// hundred milliseconds at least.
const sampleEvery = 25 * time.Millisecond

// A sampler finds the peak of the memory of all descendants of this process
// together. It reads /proc, which only Linux has.
type sampler struct {
	proc fs.FS // /proc
	self int

	peak int64 // bytes
}

// watch samples until stop is called, which returns the peak. The first sample
// is taken at once.
func (s *sampler) watch() (stop func() int64) {
	done := make(chan struct{})
	var sampling sync.WaitGroup
	sampling.Go(func() {
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		for {
			s.sample()
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
	})
	return func() int64 {
		close(done)
		sampling.Wait()
		return s.peak
	}
}

// sample adds up the memory of all descendants.
func (s *sampler) sample() {
	var sum int64
	for _, pid := range s.descendants() {
		sum += s.footprint(pid)
	}
	s.peak = max(s.peak, sum)
}

// descendants returns the IDs of this process's children, their children, and so
// on. It cannot find processes whose parent has ended; matrixrun leaves none.
func (s *sampler) descendants() []int {
	entries, err := fs.ReadDir(s.proc, ".")
	if err != nil {
		return nil
	}
	children := map[int][]int{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if parent := s.parent(pid); parent > 0 {
			children[parent] = append(children[parent], pid)
		}
	}
	found := children[s.self]
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found
}

// parent returns the ID of a process's parent, 0 if the process has ended. In the
// file, the parent follows a name in parentheses, which may itself contain blanks
// and parentheses.
func (s *sampler) parent(pid int) int {
	stat := string(read(s.proc, path.Join(strconv.Itoa(pid), "stat")))
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0
	}
	return parent
}

// footprint returns the memory of a process in bytes, 0 if the process has ended: its own
// pages and its share of shared pages (pss).
func (s *sampler) footprint(pid int) int64 {
	return kilobytes(field(s.proc, path.Join(strconv.Itoa(pid), "smaps_rollup"), "Pss", ":"))
}
