package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// files returns a file system from names and contents.
func files(texts map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range texts {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestSample(t *testing.T) {
	s := &sampler{self: 10, proc: files(map[string]string{
		"10/stat": "10 (bench) S 1 10 10", "10/smaps_rollup": "Rss: 900 kB\nPss: 800 kB\n", // this process itself does not count
		"11/stat": "11 (go) S 10 11 11", "11/smaps_rollup": "0-1 ---p [rollup]\nRss: 5 kB\nPss:   3 kB\nPss_Dirty: 1 kB\n",
		"12/stat": "12 (a ) S 99 b) S 11 12 12", "12/smaps_rollup": "Pss: 4 kB\n",
		"13/stat": "13 (done) Z 10 13 13", "13/smaps_rollup": "",
		"14/stat": "14 (other) S 1 14 14", "14/smaps_rollup": "Pss: 700 kB\n",
		"15/stat": "", "meminfo": "MemTotal: 1 kB\n",
	})}
	s.sample()
	if s.peak != 7*1024 {
		t.Errorf("peak %d: want %d, the shares of processes 11 and 12", s.peak, 7*1024)
	}
	s.proc = files(nil)
	if s.sample(); s.peak == 0 {
		t.Error("the peak is lost when the processes end")
	}
}

func TestSpaced(t *testing.T) {
	all := strings.Split("abcdefgh", "")
	for n, want := range map[int]string{1: "h", 2: "dh", 3: "beh", 8: "abcdefgh", 9: "abcdefgh"} {
		if got := strings.Join(spaced(all, n), ""); got != want {
			t.Errorf("%d of %v: got %s, want %s", n, all, got, want)
		}
	}
}

func TestDescribe(t *testing.T) {
	common := map[string]string{
		"proc/cpuinfo": "processor\t: 0\nmodel name\t: A CPU\nprocessor\t: 1\nmodel name\t: B\n", "proc/meminfo": "MemTotal:  2048 kB\n",
		"etc/os-release": "NAME=x\nPRETTY_NAME=\"An OS 1\"\n", "proc/sys/kernel/osrelease": "6.1\n",
	}
	tests := []struct {
		name  string
		files map[string]string
		cores float64 // 0 for all cores of the machine
	}{
		{"no cgroup", nil, 0},
		{"a limit", map[string]string{"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "50000 100000\n"}, 0.5},
		{"no limit in a container", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := files(common)
			for name, file := range files(test.files) {
				root[name] = file
			}
			got := describe(root)
			want := got
			want.CPU, want.OS, want.Kernel, want.MemoryBytes = "A CPU", "An OS 1", "6.1", 2<<20
			if want.Cores = float64(got.CPUs); test.cores > 0 {
				want.Cores = test.cores
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
