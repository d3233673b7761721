package spec

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
)

// readVariant reads a variant of a patch, whose path in messages is file. It must be a
// regular file, or a link to one.
func readVariant(files fs.FS, name, file string) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	if !info.Mode().IsRegular() {
		return nil, matrix.Problems{{File: file, Text: "is not a regular file: want a unified diff with a header"}}
	}
	return readPatch(file, func() (fs.File, error) { return files.Open(name) })
}

// readPatch reads a patch file of bounded size. The error is of type matrix.Problems
// if the file is too large.
func readPatch(file string, open func() (fs.File, error)) ([]byte, error) {
	f, err := open()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	defer f.Close() // only read
	data, err := io.ReadAll(io.LimitReader(f, diff.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	if len(data) > diff.MaxSize {
		return nil, matrix.Problems{{File: file, Text: fmt.Sprintf("is larger than %d MiB, which is the limit for patches", diff.MaxSize>>20)}}
	}
	return data, nil
}

// awaitPatch reads a patch file as readPatch does, and ends when ctx is cancelled: the
// file may be a pipe that nobody writes to.
func awaitPatch(ctx context.Context, file string, open func() (fs.File, error)) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := readPatch(file, open)
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("reading %s: %w", path.Base(file), context.Cause(ctx))
	}
}
