package main

import (
	"bufio"
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
	Cores       float64 `json:"cores"`                  // CPUs that the cgroup allows to use at the same time
	MemoryBytes int64   `json:"memory_bytes"`           // of the machine
	MemoryLimit int64   `json:"memory_limit,omitempty"` // the cgroup's; 0 for none
	OS          string  `json:"os"`
	Kernel      string  `json:"kernel"`
	GOOS        string  `json:"goos"`
	GOARCH      string  `json:"goarch"`
	Toolchains  string  `json:"toolchains"` // that compiled the rows
}

// unlimited is more memory than any machine has. Version 1 of cgroups writes such a
// number if there is no limit.
const unlimited = 1 << 60

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
	limit, err := strconv.ParseInt(first(groupFile(root, "memory", "memory.max"), groupFile(root, "memory", "memory.limit_in_bytes")), 10, 64)
	if err == nil && limit < unlimited {
		m.MemoryLimit = limit
	}
	return m
}

// cpuQuota returns the number of CPUs that the cgroup allows, 0 if there is no limit.
func cpuQuota(root fs.FS) float64 {
	words := strings.Fields(groupFile(root, "cpu", "cpu.max")) // such as "150000 100000", or "max 100000"
	if len(words) != 2 {
		words = []string{groupFile(root, "cpu", "cpu.cfs_quota_us"), groupFile(root, "cpu", "cpu.cfs_period_us")}
	}
	quota, err := strconv.ParseFloat(words[0], 64)
	if err != nil || quota <= 0 {
		return 0
	}
	period, err := strconv.ParseFloat(words[1], 64)
	if err != nil || period <= 0 {
		return 0
	}
	return quota / period
}

// groupFile returns the text of a file of this process's cgroup, of version 2 or of
// a controller of version 1. In a container, the folder of the cgroup is often the
// mount point itself.
func groupFile(root fs.FS, controller, name string) string {
	own := map[string]string{}
	for line := range strings.Lines(string(read(root, "proc/self/cgroup"))) { // such as "4:memory:/a/b", or "0::/a/b"
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) == 3 {
			own[parts[1]] = parts[2]
		}
	}
	for _, dir := range []string{
		path.Join("sys/fs/cgroup", own[""]), "sys/fs/cgroup",
		path.Join("sys/fs/cgroup", controller, own[controller]), path.Join("sys/fs/cgroup", controller),
	} {
		if text := word(root, path.Join(dir, name)); text != "" {
			return text
		}
	}
	return ""
}

// String describes the machine in one line.
func (m Machine) String() string {
	memory := ""
	if m.MemoryBytes > 0 {
		memory = fmt.Sprintf(", %.0f GB", float64(m.MemoryBytes)/1e9)
	}
	system := strings.TrimSpace(m.OS + " " + m.Kernel)
	return fmt.Sprintf("%s, %g cores%s, %s (%s/%s), %s", first(m.CPU, "unknown CPU"), m.Cores, memory, first(system, "unknown system"), m.GOOS, m.GOARCH, m.Toolchains)
}

// first returns the first text that is not empty.
func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
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
