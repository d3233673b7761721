package record

import (
	"io"
	"os"
	"time"
)

// coarse is how much older than its last use the time of a file may be. A run
// that recalls thousands of files would else write all their times anew.
const coarse = time.Hour

// use reads a file of the record, and marks it as used.
func (s *Store) use(path string) ([]byte, error) {
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
	// A file is never written where it stands: it has the size that it has.
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

// mark gives a file that was used the time of that. A record that cannot be
// written is none the worse: it is not pruned either.
func mark(path string, info os.FileInfo) {
	if now := time.Now(); now.Sub(info.ModTime()) > coarse {
		_ = os.Chtimes(path, now, now)
	}
}
