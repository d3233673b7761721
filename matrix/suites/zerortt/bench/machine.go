package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strconv"
	"strings"
)

// A Machine describes the machine of the measurements. Fields that are unknown are
// empty or 0, since only Linux has the files that describe reads.
type Machine struct {
	CPU         string  `json:"cpu"`
	CPUs        int     `json:"cpus"`
	Cores       float64 `json:"cores"`        // CPUs that the cgroup allows to use at the same time
	MemoryBytes int64   `json:"memory_bytes"` // of the machine
	OS          string  `json:"os"`
	Kernel      string  `json:"kernel"`
	GOOS        string  `json:"goos"`
	GOARCH      string  `json:"goarch"`
	Toolchains  string  `json:"toolchains"` // that compiled the rows
}

// describe reads the description of a machine from the files below its root.
func describe(root fs.FS) Machine {
	m := Machine{
		CPU:         field(root, "proc/cpuinfo", "model name", ":"),
		CPUs:        runtime.NumCPU(),
		Cores:       float64(runtime.NumCPU()),
		MemoryBytes: kilobytes(field(root, "proc/meminfo", "MemTotal", ":")),
		OS:          strings.Trim(field(root, "etc/os-release", "PRETTY_NAME", "="), `"`),
		Kernel:      word(root, "proc/sys/kernel/osrelease"),
		GOOS:        runtime.GOOS, GOARCH: runtime.GOARCH,
	}
	if quota := cpuQuota(root); quota > 0 {
		m.Cores = min(m.Cores, quota)
	}
	return m
}

// cpuQuota returns the number of CPUs that the cgroup allows, 0 if there is no limit. In
// a container, the folder of the cgroup is often the mount point itself.
func cpuQuota(root fs.FS) float64 {
	const mounted = "sys/fs/cgroup"
	own := path.Join(mounted, field(root, "proc/self/cgroup", "0", "::"))
	var quota, period float64
	limit := cmp.Or(word(root, path.Join(own, "cpu.max")), word(root, path.Join(mounted, "cpu.max")))
	if _, err := fmt.Sscan(limit, &quota, &period); err != nil || period <= 0 { // such as "max 100000"
		return 0
	}
	return quota / period
}

// String describes the machine in one line.
func (m Machine) String() string {
	memory := ""
	if m.MemoryBytes > 0 {
		memory = fmt.Sprintf(", %.0f GB", float64(m.MemoryBytes)/1e9)
	}
	system := strings.TrimSpace(m.OS + " " + m.Kernel)
	return fmt.Sprintf("%s, %g cores%s, %s (%s/%s), %s", cmp.Or(m.CPU, "unknown CPU"), m.Cores, memory, cmp.Or(system, "unknown system"), m.GOOS, m.GOARCH, m.Toolchains)
}

// read returns the content of a file, and nil if the file cannot be read.
func read(root fs.FS, name string) []byte {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return nil
	}
	return data
}

// word returns the content of a file without the white space around it.
func word(root fs.FS, name string) string { return strings.TrimSpace(string(read(root, name))) }

// field returns the value of the first line of a file that has this key.
func field(root fs.FS, name, key, separator string) string {
	lines := bufio.NewScanner(strings.NewReader(string(read(root, name))))
	for lines.Scan() {
		k, value, ok := strings.Cut(lines.Text(), separator)
		if ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// kilobytes returns the bytes of a size in the syntax of /proc, such as "1776 kB".
func kilobytes(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(text, "kB")), 10, 64)
	if err != nil {
		return 0
	}
	return n * 1024
}
