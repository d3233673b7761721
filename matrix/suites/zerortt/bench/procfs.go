package main

import (
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// sampleEvery is how often memory is looked at. A compiler lives for a few
// hundred milliseconds at least.
const sampleEvery = 25 * time.Millisecond

// A sampler watches the memory of all descendants of this process together.
// Only Linux tells of it.
type sampler struct {
	proc fs.FS // /proc
	self int

	peak int64 // bytes
	rss  bool  // some process did not tell its share of what it shares
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

// descendants returns this process's children, and theirs. Those whose parent
// has ended are nobody's any more; matrixrun leaves none.
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

// parent reads a process's parent, 0 where the process is gone. The name before
// it, in brackets, may have blanks and brackets in it.
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

// footprint returns the memory of a process, 0 where it is gone: its own pages
// and its share of those that it shares, or all of them where that is not told.
func (s *sampler) footprint(pid int) int64 {
	dir := strconv.Itoa(pid)
	if pss := field(s.proc, path.Join(dir, "smaps_rollup"), "Pss", ":"); pss != "" {
		return kilobytes(pss)
	}
	fields := strings.Fields(string(read(s.proc, path.Join(dir, "statm")))) // in pages: size, resident, ...
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil || pages == 0 { // a process that has ended, and whose parent has not looked yet
		return 0
	}
	s.rss = true
	return pages * int64(os.Getpagesize())
}
