package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

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
func useRecord(ctx context.Context, dir string) (store *record.Store, done func(), err error) {
	if store, err = openRecord(dir); err != nil {
		return nil, nil, err
	}
	release, err := store.Use(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("waiting for the record: %w", err)
	}
	return store, func() {
		store.Trim(ctx, record.DefaultBounds)
		release()
	}, nil
}
