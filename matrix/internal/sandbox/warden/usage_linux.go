package warden

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Limits bound what all processes of a box use together.
type Limits struct {
	Disk   int64 // bytes in the folders that they may change, and in files without a name
	Files  int   // in these folders
	Memory int64 // bytes
}

// lookEvery is how often the warden looks at what programs use. Most trials end before.
const lookEvery = 250 * time.Millisecond

// watch ends all processes of the box when they use too much, until a program ends.
func (w *warden) watch(ended chan struct{}) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
			w.look(ended)
		}
	}
}

// look ends all processes of the box if they use too much, unless a program has ended.
func (w *warden) look(ended chan struct{}) {
	w.looking.Lock()
	defer w.looking.Unlock()
	select {
	case <-ended:
		return
	default:
	}
	if over := w.excess(); over != "" {
		w.mu.Lock()
		w.over = over
		w.mu.Unlock()
		w.killAll()
	}
}

// excess says what the processes of the box do too much, and is empty if that is nothing.
func (w *warden) excess() string {
	most := w.setup.Limits
	u := usage{mostFiles: most.Files}
	processes := descendants(os.Getpid())
	for _, pid := range processes {
		u.process(pid)
	}
	for _, dir := range w.setup.Files.Write {
		u.folder(dir)
	}
	switch {
	case u.files > most.Files:
		return fmt.Sprintf("it made more than %d files", most.Files)
	case u.disk > most.Disk:
		return fmt.Sprintf("it wrote more than %d MiB into its folders", most.Disk>>20)
	case u.memory > most.Memory && shared(processes) > most.Memory:
		return fmt.Sprintf("its processes used more than %d MiB of memory together", most.Memory>>20)
	}
	return ""
}

// A usage is what the processes of a box use.
type usage struct {
	mostFiles int // to count
	files     int
	disk      int64 // bytes
	memory    int64 // bytes, with pages that processes share counted for each
}

// folder adds the files in a folder. It leaves out what it cannot read.
func (u *usage) folder(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	for u.files <= u.mostFiles {
		entries, err := f.ReadDir(1000)
		for _, e := range entries {
			u.files++
			name := path.Join(dir, e.Name())
			var s unix.Stat_t
			switch {
			case e.IsDir():
				u.folder(name)
			case unix.Lstat(name, &s) == nil:
				u.disk += s.Blocks * 512 / int64(max(s.Nlink, 1))
			}
		}
		if err != nil {
			return
		}
	}
}

// process adds the memory of a process, and its open files that have no name any more.
func (u *usage) process(pid int) {
	proc := "/proc/" + strconv.Itoa(pid)
	statm, _ := os.ReadFile(proc + "/statm") // it may have ended
	if fields := bytes.Fields(statm); len(fields) > 1 {
		pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
		u.memory += pages * int64(os.Getpagesize())
	}
	files, _ := os.ReadDir(proc + "/fd")
	for _, f := range files {
		var s unix.Stat_t
		if unix.Stat(proc+"/fd/"+f.Name(), &s) == nil && s.Mode&unix.S_IFMT == unix.S_IFREG && s.Nlink == 0 {
			u.disk += s.Blocks * 512
		}
	}
}

// shared returns the memory of processes in bytes. A page that several of them use counts
// once. That takes longer to find out.
func shared(processes []int) (sum int64) {
	for _, pid := range processes {
		text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/smaps_rollup") // it may have ended
		_, rest, _ := bytes.Cut(text, []byte("\nPss:"))
		if fields := bytes.Fields(rest); len(fields) > 0 {
			kilobytes, _ := strconv.ParseInt(string(fields[0]), 10, 64)
			sum += kilobytes << 10
		}
	}
	return sum
}
