package record

import (
	"context"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// Claim waits until no other process, and no other goroutine, works on a key of
// a kind, and keeps them waiting until release is called. Whoever had to wait
// finds in the record what the other one made.
//
// The kind is any name without a slash, such as "build"; the key is any text.
// The locks vanish with their process. Where the file system has none, or the
// folder cannot be written, Claim goes on without: the work may be done twice,
// and comes to the same. The error is the context's alone.
//
// Each kind has 256 lock files, and keys share them, so that their number is
// bounded and none needs to be removed. Two keys that share one wait for each
// other without need: of a few rows at a time, one pair in 256 does, for one
// step of the work.
//
// There is no deadlock as long as all processes keep to an order of the kinds,
// and none claims two keys of one kind at once: who holds a kind may wait for a
// later one only. Nor may anybody wait here with something in hand that the
// holder of a claim could come to need.
func (s *Store) Claim(ctx context.Context, kind, key string) (release func(), err error) {
	path := filepath.Join(s.dir, "lock", kind, checksum.Bytes([]byte(key))[:2])
	release, _, err = s.acquire(ctx, path, os.O_RDWR|os.O_CREATE)
	return release, err
}

// Use tells other processes, until release is called, that this one works with
// the record: until then Prune spares what was used within the last day. It may
// wait for a prune that is under way. The error is the context's alone.
func (s *Store) Use(ctx context.Context) (release func(), err error) {
	release, _, err = s.acquire(ctx, s.useLock(), os.O_RDONLY|os.O_CREATE)
	return release, err
}

// useLock is held shared by those who use the record, and alone by who prunes.
func (s *Store) useLock() string { return filepath.Join(s.dir, "lock", "use") }

// acquire locks a file: shared where the flags open it for reading alone. Where
// locks are not to be had, held is false.
func (s *Store) acquire(ctx context.Context, path string, flag int) (release func(), held bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, context.Cause(ctx)
	}
	if err := s.makeFolder(path); err != nil {
		return func() {}, false, nil //nolint:nilerr // what is to be kept will say so
	}
	type result struct {
		file *lockedfile.File
		err  error
	}
	// The system call knows nothing of contexts. Where one ends first, the lock
	// is given back as soon as it is there.
	got := make(chan result, 1)
	go func() {
		f, err := lockedfile.OpenFile(path, flag, 0o666)
		got <- result{f, err}
	}()
	select {
	case r := <-got:
		if r.err != nil {
			return func() {}, false, nil //nolint:nilerr // see above: go on without
		}
		return func() { _ = r.file.Close() }, true, nil // closing gives it back in any case
	case <-ctx.Done():
		go func() {
			if r := <-got; r.err == nil {
				_ = r.file.Close()
			}
		}()
		return nil, false, context.Cause(ctx)
	}
}
