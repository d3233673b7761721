package record

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// trimEvery is how often a record is brought within its bounds.
const trimEvery = 24 * time.Hour

// stampName is the file whose time is that of the last Trim.
const stampName = "trimmed"

// Trim brings the record within its bounds, at most once a day. It keeps what was used
// within the last day. Call it when the work is done. It reports no errors, since
// nothing depends on it: the next run tries again.
func (s *Store) Trim(ctx context.Context, b Bounds) {
	stamp := filepath.Join(s.dir, stampName)
	now := time.Now()
	if info, err := os.Lstat(stamp); err == nil && now.Sub(info.ModTime()).Abs() < trimEvery {
		return
	}
	if ctx.Err() != nil || !s.tagged() {
		return // leave it to the next run; or this is not a record
	}
	// Update the stamp first, so that other processes leave the work to this one.
	if s.write(stamp, func(path string) error { return replaceFile(path, strings.NewReader(""), 0o644) }) != nil || os.Chtimes(stamp, now, now) != nil {
		return
	}
	found, _ := s.list(ctx) // what cannot be read stays
	if ctx.Err() == nil {
		_, _ = s.drop(found, choose(found.files, b, now, recent), false)
	}
}
