package record

import (
	"context"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// Claim waits until no other process and no other goroutine works on a key of a kind,
// and keeps them waiting until release is called. A caller that had to wait will find
// in the record what the other one made.
//
// The kind is any name without a slash, such as "build"; the key is any text. Locks
// end with their process. If the file system has no locks, or the folder is not
// writable, Claim returns without a lock: the work may then be done twice, with the
// same result. The error is always that of the context.
//
// Each kind has 256 lock files, which the keys share, so that their number is bounded
// and none needs to be removed. Two keys with the same file wait for each other
// without need. With a few rows at a time that happens to one pair in 256, for one
// step of the work.
//
// To avoid deadlocks, all processes must claim kinds in the same order, must not claim
// two keys of one kind at once, and must not wait here while holding anything that the
// holder of a claim could need.
func (s *Store) Claim(ctx context.Context, kind, key string) (release func(), err error) {
	path := filepath.Join(s.dir, "lock", kind, checksum.Bytes([]byte(key))[:2])
	release, _, err = s.acquire(ctx, path, os.O_RDWR|os.O_CREATE)
	return release, err
}

// Use marks the record as in use by this process, until release is
// called. During that time Prune spares what was used within the last day. Use may
// wait for a prune in progress. The error is always that of the context.
func (s *Store) Use(ctx context.Context) (release func(), err error) {
	release, _, err = s.acquire(ctx, s.useLock(), os.O_RDONLY|os.O_CREATE)
	return release, err
}

// useLock returns the lock file that users of the record share, and that a prune
// locks exclusively.
func (s *Store) useLock() string { return filepath.Join(s.dir, "lock", "use") }

// acquire locks a file: shared if the flags open it for reading only, exclusively
// otherwise. If there are no locks, held is false.
func (s *Store) acquire(ctx context.Context, path string, flag int) (release func(), held bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, context.Cause(ctx)
	}
	if err := s.makeFolder(path); err != nil {
		return func() {}, false, nil //nolint:nilerr // writing to the record will report it
	}
	type result struct {
		file *lockedfile.File
		err  error
	}
	// The system call cannot be cancelled. If the context ends first, release the
	// lock as soon as it is acquired.
	got := make(chan result, 1)
	go func() {
		f, err := lockedfile.OpenFile(path, flag, 0o666)
		got <- result{f, err}
	}()
	select {
	case r := <-got:
		if r.err != nil {
			return func() {}, false, nil //nolint:nilerr // as above: continue without a lock
		}
		return func() { _ = r.file.Close() }, true, nil // this releases the lock, even on an error
	case <-ctx.Done():
		go func() {
			if r := <-got; r.err == nil {
				_ = r.file.Close()
			}
		}()
		return nil, false, context.Cause(ctx)
	}
}
