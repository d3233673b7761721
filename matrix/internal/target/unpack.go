package target

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
)

// Unpack unpacks a module zip into dir, an empty or missing folder, tests included, since patches may change them. Unlike
// modzip.Unzip, it makes the files writable and ends soon after ctx is cancelled.
func Unpack(ctx context.Context, dir string, src matrix.Source) error {
	version := module.Version{Path: src.Module, Version: src.Version}
	if _, err := modzip.CheckZip(version, src.Zip); err != nil { // names and sizes
		return err
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		return errors.New("the folder to unpack it in is not empty")
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	z, err := zip.OpenReader(src.Zip)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		name := strings.TrimPrefix(f.Name, version.String()+"/")
		if name == "" || strings.HasSuffix(name, "/") {
			continue
		}
		if err := unpackFile(ctx, f, filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("unpacking %s: %w", f.Name, err)
		}
	}
	return ctx.Err()
}

// unpackFile writes one file of a zip.
func unpackFile(ctx context.Context, f *zip.File, to string) (err error) {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	n, err := io.Copy(w, io.LimitReader(reader{ctx, r}, int64(f.UncompressedSize64)+1))
	if err == nil && n > int64(f.UncompressedSize64) {
		err = errors.New("the file is larger than the zip states")
	}
	return err
}

// Open opens a file for reading. Reading it ends with an error when ctx is cancelled.
func Open(ctx context.Context, name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return struct {
		reader
		io.Closer
	}{reader{ctx, f}, f}, nil
}

// A reader is a reader that ends with an error when ctx is cancelled.
type reader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads from the reader, unless ctx is cancelled.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
