// Package scratch keeps all temporary files of this process in one folder, so that
// they can be found and removed after the process was killed.
//
// The folder is in the system's folder for temporary files (TMPDIR). It has a lock
// file, which this process keeps locked. The lock ends with the process, whatever ends
// it, so other processes can tell whether the folder is still in use. A process that
// makes its folder first removes those of processes that have ended; see RemoveDead.
package scratch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gofrs/flock"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
)

const (
	// prefix begins the name of each process's folder. Digits follow.
	prefix = "matrixrun-run-"
	// lockName is the name of the lock file in it.
	lockName = ".lock"
)

// own has the folders of this process by the folder for temporary files that they
// are in. There is one, unless TMPDIR changes while the process runs.
var own struct {
	mu    sync.Mutex
	roots map[string]root
	made  []func(dir string)
}

// onDead are the functions that OnDead was called with.
var onDead []func(dir string)

// A root is a folder of this process.
type root struct {
	dir  string
	lock *flock.Flock
}

// Root returns the folder for the temporary files of this process. It makes it at
// the first call, after it has removed those of processes that have ended. It makes it
// again if somebody has removed it.
func Root() (string, error) {
	parent, err := filepath.Abs(os.TempDir())
	if err != nil {
		return "", fmt.Errorf("making a temporary folder: %w", err)
	}
	own.mu.Lock()
	defer own.mu.Unlock()
	if r, ok := own.roots[parent]; ok {
		if _, err := os.Lstat(r.dir); err == nil {
			return r.dir, nil
		}
		_ = r.lock.Close() // somebody has removed the folder
	}
	_, _ = RemoveDead(context.Background(), false) // the next process tries again
	r, err := makeRoot(parent, prefix)
	if err != nil {
		if advice := fault.FileAdvice(err); advice != "" {
			err = fmt.Errorf("%w (%s)", err, advice)
		}
		return "", err
	}
	if own.roots == nil {
		own.roots = make(map[string]root)
	}
	own.roots[parent] = r
	for _, f := range own.made {
		f(r.dir)
	}
	return r.dir, nil
}

// makeRoot makes a folder and locks it. Its name begins with a prefix.
func makeRoot(parent, prefix string) (root, error) {
	for {
		dir, err := os.MkdirTemp(parent, prefix)
		if err != nil {
			return root{}, err
		}
		r := root{dir, flock.New(filepath.Join(dir, lockName))}
		locked, lockErr := r.lock.TryLock()
		if errors.Is(lockErr, fs.ErrNotExist) {
			continue // RemoveDead of another process took the folder for one without a process
		}
		_, err = os.Lstat(r.lock.Path())
		if lockErr != nil && err != nil {
			_ = os.Remove(dir)
			return root{}, lockErr // the file cannot be made
		}
		if lockErr != nil {
			// A file system without locks is no reason to stop: without a lock
			// nobody removes the folder, except this process.
			return r, nil //nolint:nilerr // as above
		}
		if locked && err == nil {
			return r, nil
		}
		// RemoveDead of another process had the lock first, and removes the folder.
		_ = r.lock.Close()
	}
}

// OnRoot calls f with each folder that Root has made or will make. f must not call
// this package.
func OnRoot(f func(dir string)) {
	own.mu.Lock()
	defer own.mu.Unlock()
	own.made = append(own.made, f)
	for _, r := range own.roots {
		f(r.dir)
	}
}

// OnDead calls f with each folder of a process that has ended before RemoveDead removes
// it. Call it only when the program starts. f must not call this package.
func OnDead(f func(dir string)) { onDead = append(onDead, f) }

// Dir makes a new temporary folder in that of this process. The name is that of
// os.MkdirTemp with the pattern. The caller removes it.
func Dir(pattern string) (string, error) {
	in, err := Root()
	if err != nil {
		return "", err
	}
	return os.MkdirTemp(in, pattern)
}

// Close removes the temporary files of this process. Nothing that uses them may
// still be running.
func Close() {
	own.mu.Lock()
	defer own.mu.Unlock()
	for _, r := range own.roots {
		_ = remove(r.dir, r.lock) // if it cannot, the next process tries again
	}
	clear(own.roots)
}

// Dead counts the folders of processes that have ended.
type Dead struct {
	Folders int
	Bytes   int64
}

// RemoveDead removes the temporary files that processes of this user left when they
// were killed, and returns what it removed. A dry run only counts them. The files of a
// process that is still running stay.
func RemoveDead(ctx context.Context, dryRun bool) (Dead, error) {
	return removeDead(ctx, os.TempDir(), prefix, dryRun, bury)
}

// removeDead calls remove with each folder in parent whose name begins with a prefix
// and whose process has ended.
func removeDead(ctx context.Context, parent, prefix string, dryRun bool, remove func(string, *flock.Flock) error) (Dead, error) {
	var dead Dead
	var failed []error
	entries, err := os.ReadDir(parent)
	if err != nil {
		return dead, fmt.Errorf("looking for temporary files of killed runs: %w", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return dead, context.Cause(ctx)
		}
		digits, found := strings.CutPrefix(e.Name(), prefix)
		if !found || !e.IsDir() || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		dir := filepath.Join(parent, e.Name())
		lock, ok := claim(dir, dryRun)
		if !ok {
			continue
		}
		size := sizeOf(dir)
		if dryRun {
			_ = lock.Close()
		} else if err := remove(dir, lock); err != nil {
			failed = append(failed, err)
			continue
		}
		dead.Folders++
		dead.Bytes += size
	}
	if err := errors.Join(failed...); err != nil {
		return dead, fmt.Errorf("removing the temporary files of killed runs: %w", err)
	}
	return dead, nil
}

// claim locks the folder of a process that has ended. It returns false if the process
// is running, if the folder belongs to another user, or if that cannot be known.
//
// An empty folder is removed, unless this is a dry run. Its process was killed before it
// made the lock file, or after it removed it. If it is only about to make the lock file,
// it makes another folder.
func claim(dir string, dryRun bool) (*flock.Flock, bool) {
	info, err := os.Lstat(dir)
	if err != nil || !isMine(info) {
		return nil, false
	}
	path := filepath.Join(dir, lockName)
	if file, err := os.Lstat(path); err != nil || !file.Mode().IsRegular() {
		if errors.Is(err, fs.ErrNotExist) && !dryRun {
			_ = os.Remove(dir) // only an empty folder can be removed
		}
		return nil, false
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDWR)) // do not make it: its process may be removing the folder
	if locked, err := lock.TryLock(); err != nil || !locked {
		_ = lock.Close()
		return nil, false
	}
	return lock, true
}

// bury removes the folder of a process that has ended.
func bury(dir string, lock *flock.Flock) error {
	for _, f := range onDead {
		f(dir)
	}
	return remove(dir, lock)
}

// remove removes a folder whose lock is held. It removes the lock file last: without
// it, nobody would take the rest for the folder of a process that has ended.
func remove(dir string, lock *flock.Flock) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != lockName {
			err = errors.Join(err, RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	if err != nil {
		return errors.Join(err, lock.Close())
	}
	// If a process is just making the folder, it must not get the lock now.
	err = os.RemoveAll(dir)
	_ = lock.Close()
	if err != nil {
		err = os.RemoveAll(dir) // some systems do not remove a file that is open
	}
	return err
}

// RemoveOf removes the folder of a process that has ended, if the caller knows that.
func RemoveOf(dir string) error { return remove(dir, flock.New(filepath.Join(dir, lockName))) }

// RemoveAll removes a folder, even if programs have made parts of it read-only.
func RemoveAll(dir string) error {
	err := os.RemoveAll(dir)
	if err == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, _ error) error {
		if entry != nil && entry.IsDir() {
			_ = os.Chmod(path, 0o700) //nolint:gosec // a folder that is about to be removed
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// sizeOf returns the size of the files in a folder, as far as it can be read.
func sizeOf(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // count the rest
		}
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
