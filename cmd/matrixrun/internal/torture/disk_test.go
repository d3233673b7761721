//go:build torture && linux

package torture

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// fill fills the file system of a folder, apart from this many bytes.
func fill(dir string, left int64) error {
	f, err := os.Create(filepath.Join(dir, fillerName))
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := io.Copy(f, io.LimitReader(zeros{}, 1<<30))
	if !errors.Is(err, unix.ENOSPC) {
		return errors.Join(errors.New("the disk does not get full"), err)
	}
	return f.Truncate(max(0, size-left))
}

// zeros reads zeros without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// empty makes room again.
func empty(dir string) { _ = os.Remove(filepath.Join(dir, fillerName)) }

// A disk is a disk that gets full in an act: one of its own, or the file size limits
// that replace it. The zero value never gets full.
type disk struct {
	name  string
	dir   string // of the file system; empty for a limit of the process
	left  int64  // bytes that can still be written, or the largest size of a file
	at    time.Duration
	until time.Duration // when there is room again, for a file system
}

// drawDisk decides which disk gets full. Half of all acts have none.
func (l *life) drawDisk() disk {
	d := disk{at: l.moment(), left: l.draw.Int64N(4 << 20)}
	if l.draw.IntN(2) == 0 {
		d.left = 0
	}
	d.until = d.at + l.moment()
	switch kind := l.draw.IntN(4); {
	case kind == 0 && l.mounted != "":
		d.name, d.dir = filepath.Base(l.mounted), l.mounted
	case kind == 0, kind == 1 && l.draw.IntN(2) == 0:
		d.name = "file size limit"
	default:
		return disk{}
	}
	return d
}

// use fills the disk while processes run.
func (d disk) use(l *life, processes []*process) {
	if d.name == "" || !l.await(d.at) {
		return
	}
	if d.dir == "" {
		for _, r := range processes {
			limit := unix.Rlimit{Cur: uint64(d.left), Max: uint64(d.left)}
			_ = unix.Prlimit(r.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil) // it may have ended
		}
		return
	}
	if err := fill(d.dir, d.left); err != nil {
		l.failf("filling %s: %v", d.dir, err)
	}
	l.await(d.until - d.at)
	empty(d.dir)
}
