package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/progress"
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
