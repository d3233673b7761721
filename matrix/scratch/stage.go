package scratch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// stagePrefix begins the name of each Stage. Digits follow.
const stagePrefix = ".matrixrun-new-"

// A Stage is a temporary folder in a folder of the user's. Files are made in it and
// then moved to their places, so that nobody ever sees a part of one. Like the folder
// of a process it has a lock: if the process is killed, the next Stage in the same
// folder, or RemoveStages, removes it.
//
// A Stage must not be used by several goroutines at once.
type Stage struct {
	Dir string // for anything that the caller makes there

	made root
	in   *os.Root
}

// OpenStage makes a stage in a folder. The caller closes the stage before the root.
func OpenStage(in *os.Root) (*Stage, error) {
	RemoveStages(in.Name())
	r, err := makeRoot(in.Name(), stagePrefix)
	if err != nil {
		return nil, err
	}
	return &Stage{Dir: r.dir, made: r, in: in}, nil
}

// Close removes the stage with everything in it.
func (s *Stage) Close() error { return remove(s.made.dir, s.made.lock) }

// Write writes a file of the folder in which the stage is, by its path in that folder,
// completely or not at all. It waits until the disk has the file. An existing file
// keeps its permissions.
func (s *Stage) Write(name string, data []byte) error {
	made := filepath.Join(filepath.Base(s.Dir), "file")
	f, err := s.in.OpenFile(made, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if old, statErr := s.in.Lstat(name); statErr == nil && old.Mode().IsRegular() {
		err = errors.Join(err, f.Chmod(old.Mode().Perm()))
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = s.in.Rename(made, name)
	}
	if err != nil {
		_ = s.in.Remove(made)
	}
	return err
}

// RemoveStages removes the stages in a folder whose processes have ended. What cannot
// be removed stays for the next process.
func RemoveStages(dir string) {
	_, _ = removeDead(context.Background(), dir, stagePrefix, false, remove)
}

// WriteFile writes a file as Stage.Write does, in a stage of its own.
func WriteFile(path string, data []byte) (err error) {
	in, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer in.Close()
	s, err := OpenStage(in)
	if err != nil {
		return err
	}
	if err := s.Write(filepath.Base(path), data); err != nil {
		return errors.Join(err, s.Close())
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("removing a temporary folder: %w", err)
	}
	return nil
}
