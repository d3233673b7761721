package record

import (
	"io/fs"
	"time"
)

// Hurry makes the locks of this process beat more often, and wait for a shorter
// silence, until restore is called.
func Hurry() (restore func()) {
	before := paced
	paced = pace{beat: 50 * time.Millisecond, silence: int(2 * time.Second / look)}
	return func() { paced = before }
}

// Clear clears the place of a folder of a record, when stat has looked at it.
func (s *Store) Clear(dir string, stat func(string) (fs.FileInfo, error)) { s.clear(dir, stat) }
