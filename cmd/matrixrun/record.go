package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/progress"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// openRecord opens the record in a folder, or in the user's cache folder if dir is
// empty.
func openRecord(dir string) (*record.Store, error) {
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("finding a folder for the record: %w: name one with --cache", err)
		}
		dir = filepath.Join(base, "matrixrun")
	}
	return record.Open(dir)
}

// useRecord opens the record for a run. Until done is called, nothing prunes what
// the run uses. Once a day, done also prunes the record to its default bounds.
//
// If the record cannot be written, stderr gets a line with the reason, and a temporary
// record takes what is new.
func useRecord(ctx context.Context, dir string, stderr io.Writer) (store *record.Store, done func(), err error) {
	if store, err = openRecord(dir); err != nil {
		return nil, nil, err
	}
	remove := store.Spare(func(why error) {
		fmt.Fprintf(stderr, "matrixrun: the record cannot be written: %v: what is new is kept until the end of this run only\n", why)
	})
	release, err := store.Use(ctx, func(h record.Holder) {
		fmt.Fprintf(stderr, "matrixrun: %s\n", progress.Waiting("the run", "prunes the record", h.Process, h.Silent))
	})
	if err != nil {
		remove()
		return nil, nil, fmt.Errorf("waiting for the record: %w", err)
	}
	return store, func() {
		store.Trim(ctx, record.DefaultBounds)
		release()
		remove()
	}, nil
}

// A memory is the record as what keeps what was found out about modules.
type memory struct {
	*record.Store
	put atomic.Bool // something
}

// PutFolder implements content.Memory.
func (m *memory) PutFolder(key string, v any) error {
	m.put.Store(true)
	return m.Store.PutFolder(key, v)
}

// openMemory opens the record in a folder as a memory; nil if none was named and the user
// has no cache folder. Once a day, trim brings a record that has grown within its bounds.
func openMemory(dir string) (m content.Memory, trim func(context.Context), err error) {
	store, err := openRecord(dir)
	if err != nil {
		if dir == "" {
			err = nil // what is found out is found out anew each time
		}
		return nil, func(context.Context) {}, err
	}
	keeps := &memory{Store: store}
	return keeps, func(ctx context.Context) {
		if keeps.put.Load() {
			store.Trim(ctx, record.DefaultBounds)
		}
	}, nil
}
