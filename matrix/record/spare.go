package record

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// Spare lets the process go on if the record cannot be written: because it is
// read-only, because part of it belongs to another user, or because its disk is full.
// What the record has is still used. What is new goes to a temporary record, until
// remove is called.
//
// say is called with the reason once, before anything is put there. If the record is
// not writable from the start, that is now.
func (s *Store) Spare(say func(error)) (remove func()) {
	var mu sync.Mutex
	s.makeSpare = func(why error) (*Store, error) {
		mu.Lock()
		defer mu.Unlock()
		if spare := s.spare.Load(); spare != nil {
			return spare, nil
		}
		dir, err := scratch.Dir("record-")
		if err != nil {
			return nil, fmt.Errorf("making a temporary record: %w", err)
		}
		say(why)
		spare := &Store{dir: dir}
		s.spare.Store(spare)
		return spare, nil
	}
	if err := s.checkWritable(); err != nil {
		_, _ = s.makeSpare(err) // if it cannot be made, putting something reports that
	}
	return func() {
		if spare := s.spare.Load(); spare != nil {
			_ = os.RemoveAll(spare.dir)
		}
	}
}

// checkWritable returns why files cannot be put into the record or into one of the
// folders that it has, which are up to 256 of each kind.
func (s *Store) checkWritable() error {
	if err := s.makeFolder(s.useLock()); err != nil {
		return err
	}
	folders := []string{s.dir}
	for _, kind := range kinds {
		for _, pattern := range []string{kind, filepath.Join(kind, "??")} {
			more, err := filepath.Glob(filepath.Join(s.dir, pattern))
			if err != nil {
				return err
			}
			folders = append(folders, more...)
		}
	}
	for _, dir := range folders {
		// What is not a folder is replaced by one.
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
			continue
		}
		if err := checkWritable(dir); err != nil {
			return err
		}
	}
	return nil
}

// orSpare calls put with the record, and with the temporary one if that fails.
func (s *Store) orSpare(kind, key string, put func(to *Store) error) error {
	err := put(s)
	if err == nil {
		if spare := s.spare.Load(); spare != nil {
			_ = os.Remove(spare.place(kind, key)) // it would hide what is newer
		}
		return nil
	}
	if s.makeSpare == nil {
		return err
	}
	spare, spareErr := s.makeSpare(err)
	if spareErr == nil {
		spareErr = put(spare)
	}
	if spareErr != nil {
		return fmt.Errorf("%w; and in the temporary record: %w", err, spareErr)
	}
	return nil
}
