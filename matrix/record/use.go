package record

import (
	"io"
	"os"
	"time"
)

// coarse is how much older the time of a file may be than its last use. Without it, a
// run that recalls thousands of files would update the times of all of them.
const coarse = time.Hour

// readUsed reads a file of the record, and marks it as used.
func (s *Store) readUsed(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	// Files are replaced and never written in place, so the size is right.
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, err
	}
	mark(path, info)
	return data, nil
}

// touch marks a file as used.
func touch(path string) {
	if info, err := os.Stat(path); err == nil {
		mark(path, info)
	}
}

// mark sets the time of a file that was just used. It ignores errors: a record that is
// not writable cannot be pruned either.
func mark(path string, info os.FileInfo) {
	if now := time.Now(); now.Sub(info.ModTime()) > coarse {
		_ = os.Chtimes(path, now, now)
	}
}
