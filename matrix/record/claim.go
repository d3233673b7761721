package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// look is how long a process that waits for a lock waits between two looks at its file, and
// soon how long a lock is waited for before that is worth a word.
const (
	look = 50 * time.Millisecond
	soon = time.Second
)

// A pace says how often the holder of a lock writes to its file.
type pace struct {
	beat time.Duration

	// silence is how many looks in a row may find no new beat before the holder counts
	// as suspended. Looks are counted, and not time, since this process may have been
	// suspended too. A holder that was only slow costs time: both processes do the
	// work, with the same result.
	silence int
}

// paced is the pace of this process: a beat every second, and 5 seconds of silence.
var paced = pace{beat: time.Second, silence: int(5 * time.Second / look)}

// A Holder is a process that others wait for.
type Holder struct {
	Process int  // its ID; 0 if that is unknown
	Silent  bool // it has given no sign of life for some seconds: nobody waits any longer
}

// Claim waits until no other process and no other goroutine works on a key of a kind,
// and keeps them waiting until release is called. A caller that had to wait will find
// in the record what the other one made.
//
// The kind is any name without a slash, such as "build"; the key is any text. Locks
// end with their process. If the file system has no locks, or the folder is not
// writable, Claim returns without a lock: the work may then be done twice, with the
// same result. It does so too if the holder of the lock is silent, since a suspended
// process keeps its locks. The error is always that of the context.
//
// waiting is called once after a second of waiting, and once more when the holder
// turns out to be silent. It may be nil.
//
// Each kind has 256 lock files, which the keys share, so that their number is bounded
// and none needs to be removed. Two keys with the same file wait for each other
// without need. With a few rows at a time that happens to one pair in 256, for one
// step of the work.
//
// To avoid deadlocks, all processes must claim kinds in the same order, must not claim
// two keys of one kind at once, and must not wait here while holding anything that the
// holder of a claim could need.
func (s *Store) Claim(ctx context.Context, kind, key string, waiting func(Holder)) (release func(), err error) {
	path := filepath.Join(s.dir, "lock", kind, checksum.Bytes([]byte(key))[:2])
	release, _, err = s.acquire(ctx, lock{path: path, waiting: waiting})
	return release, err
}

// Use marks the record as in use by this process, until release is
// called. During that time Prune spares what was used within the last day. Use may
// wait for a prune in progress, and calls waiting as Claim does. The error is always
// that of the context.
func (s *Store) Use(ctx context.Context, waiting func(Holder)) (release func(), err error) {
	release, _, err = s.acquire(ctx, lock{path: s.useLock(), shared: true, waiting: waiting})
	return release, err
}

// useLock returns the lock file that users of the record share, and that a prune
// locks exclusively.
func (s *Store) useLock() string { return filepath.Join(s.dir, "lock", "use") }

// A lock is a lock on a file.
type lock struct {
	path    string
	shared  bool
	waiting func(Holder)
}

// acquire takes a lock, and waits for it if need be. If there are no locks, or the
// holder is silent, held is false.
func (s *Store) acquire(ctx context.Context, l lock) (release func(), held bool, err error) {
	none := func() {}
	if err := ctx.Err(); err != nil {
		return nil, false, context.Cause(ctx)
	}
	if l.waiting == nil {
		l.waiting = func(Holder) {}
	}
	var w watch
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for start, reported := time.Now(), false; ; {
		if err := s.makeFolder(l.path); err != nil {
			return none, false, nil // writing to the record will report the error
		}
		release, held, err := l.try()
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // the folder is gone again: the next try makes it
			return none, false, nil // as above: continue without a lock
		}
		if held {
			return release, true, nil
		}
		w.look(l.path)
		if !reported && time.Since(start) > soon {
			reported = true
			l.waiting(Holder{Process: w.process})
		}
		if w.quiet >= paced.silence {
			l.waiting(Holder{Process: w.process, Silent: true})
			return none, false, nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil, false, context.Cause(ctx)
		}
	}
}

// try takes the lock if nobody else has it.
func (l lock) try() (release func(), held bool, err error) {
	if info, err := os.Lstat(l.path); err == nil && !info.Mode().IsRegular() {
		if err := os.Remove(l.path); err != nil {
			return nil, false, err
		}
	}
	access := os.O_RDWR
	if l.shared {
		access = os.O_RDONLY // users of a read-only record share its lock too
	}
	f := flock.New(l.path, flock.SetFlag(access|os.O_CREATE|regular.Flags), flock.SetPermissions(0o666))
	if l.shared {
		held, err = f.TryRLock()
	} else {
		held, err = f.TryLock()
	}
	if err != nil || !held {
		return nil, false, err
	}
	// Without the file, others would lock another one of the same name.
	mine, err := f.Stat()
	now, nowErr := os.Lstat(l.path)
	if err != nil || nowErr != nil || !os.SameFile(mine, now) {
		_ = f.Close()
		return nil, false, nil //nolint:nilerr // the next try makes the file again
	}
	if l.shared {
		return func() { _ = f.Close() }, true, nil
	}
	stop := beats(l.path)
	return func() {
		stop()
		_ = f.Close() // this releases the lock, even on an error
	}, true, nil
}

// beats writes to a lock file that this process is alive, at the pace, until stop is
// called. It ignores errors: others then do the work too.
func beats(path string) (stop func()) {
	done := make(chan struct{})
	var group sync.WaitGroup
	n := 0
	write := func() {
		if f, err := os.OpenFile(path, os.O_WRONLY|regular.Flags, 0); err == nil {
			_, _ = f.WriteAt(fmt.Appendf(nil, beatFormat, os.Getpid(), n), beatOffset)
			_ = f.Close()
		}
		n++
	}
	write()
	group.Go(func() {
		ticker := time.NewTicker(paced.beat)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				write()
			}
		}
	})
	return func() {
		close(done)
		group.Wait()
	}
}

const (
	// beatFormat is a process and the number of its beat. It always takes the same
	// number of bytes, so that nothing of an earlier holder remains.
	beatFormat = "%10d %10d\n"
	beatBytes  = 22
	// beatOffset leaves out the byte that is locked: on Windows nobody can read that.
	beatOffset = 1
)

// A watch looks at the beats of the holder of a lock.
type watch struct {
	process int
	beat    string
	quiet   int // looks in a row that found no new beat
}

// look reads the file of the lock.
func (w *watch) look(path string) {
	w.quiet++
	f, _, err := regular.Open(path, maxLock)
	if errors.Is(err, fs.ErrNotExist) {
		w.quiet = 0 // the file is about to be made again
		return
	}
	if err != nil {
		return
	}
	defer f.Close()
	var data [beatBytes]byte
	_, _ = f.ReadAt(data[:], beatOffset) // what cannot be read is not a beat
	if beat := string(data[:]); beat != w.beat {
		w.beat, w.quiet = beat, 0
		w.process = 0
		_, _ = fmt.Sscan(beat, &w.process) // 0 if that is not a number
	}
}
