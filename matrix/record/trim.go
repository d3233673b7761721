package record

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// trimEvery is how often a record is brought within its bounds.
const trimEvery = 24 * time.Hour

// Trim brings the record within its bounds, once a day. What was used within the
// last day stays, whatever they say. It is called when the work is done, and
// nothing depends on it: what goes wrong is left for another time.
func (s *Store) Trim(ctx context.Context, b Bounds) {
	stamp := filepath.Join(s.dir, "trimmed")
	now := time.Now()
	if info, err := os.Stat(stamp); err == nil && now.Sub(info.ModTime()).Abs() < trimEvery {
		return
	}
	if ctx.Err() != nil || !s.marked() {
		return // the next run does it; or nothing was ever kept, or it is somebody's folder
	}
	// First, so that others who come to their end now leave it to this process.
	if os.WriteFile(stamp, nil, 0o666) != nil || os.Chtimes(stamp, now, now) != nil {
		return
	}
	files, err := s.list(ctx)
	if err == nil {
		_, _ = s.drop(files, choose(files, b, now, recent), false)
	}
}
