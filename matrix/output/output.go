// Package output reads and writes the folder that `matrixrun run -o` makes:
//
//	results.json       everything that is known of each row and cell, see package codec
//	COMPATIBILITY.md, matrix.svg, index.html
//	                   reports made from results.json alone, see Reports
//	evidence/ROW/      files that a trial of a cell left, named by results.json
//
// Nothing else in the program opens results.json. A folder may come from another
// machine, so all access goes through one os.Root: a link that leads out of the
// folder is never followed. What the user names himself, the folder or a file, may
// be a link.
//
// What cannot be read is bad input: the error is matrix.Problems, which makes the
// exit code 2 in every command. A file that is missing also matches
// fs.ErrNotExist. What cannot be written is any other error.
package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// ResultsFile is the name of the file that all reports are made from.
const ResultsFile = "results.json"

// A Folder is an open output folder.
type Folder struct {
	// File is the path of its results.json, as the user would write it.
	File string

	dir  string // as the user would write it
	root *os.Root
	data []byte // of File, for a folder opened by Open

	stage *scratch.Stage // of what is being written; nil before that
}

// Open opens what a command line calls RESULTS: an output folder, or a results.json
// whatever its name. It reads the file and leaves its meaning to Results. The file may
// be a pipe: then Open waits for its end, or until ctx is done.
func Open(ctx context.Context, name string) (*Folder, error) {
	f := &Folder{File: name, dir: filepath.Dir(name)}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		f.File, f.dir = filepath.Join(name, ResultsFile), name
	}
	var err error
	if f.root, err = os.OpenRoot(f.dir); err != nil {
		return nil, unreadable(f.File, wantResults, err)
	}
	if f.File == name {
		f.data, err = await(ctx, name)
	} else {
		f.data, err = f.read(ResultsFile)
	}
	switch {
	case ctx.Err() != nil:
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("reading %s: %w", f.File, context.Cause(ctx))
	case err != nil:
		return nil, errors.Join(unreadable(f.File, wantResults, err), f.Close())
	}
	return f, nil
}

// Read reads the results of what a command line calls RESULTS.
func Read(ctx context.Context, name string) (*matrix.Results, error) {
	f, err := Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Results()
}

// Results parses and checks results.json.
func (f *Folder) Results() (*matrix.Results, error) { return codec.Read(f.File, f.data) }

// Close closes the folder.
func (f *Folder) Close() error {
	var err error
	if f.stage != nil {
		err = f.stage.Close()
	}
	return errors.Join(err, f.root.Close())
}

// Evidence reads the files that a cell of its results names.
func (f *Folder) Evidence(row string, c matrix.Cell) ([]matrix.EvidenceFile, error) {
	var files []matrix.EvidenceFile
	for _, name := range c.Evidence {
		file := filepath.Join(f.dir, filepath.FromSlash(name))
		suffix, ok := strings.CutPrefix(name, matrix.EvidencePath(row, c.Scenario, ""))
		if !ok || !matrix.OwnEvidence(row, c.Scenario, name) {
			return nil, unreadable(file, wantEvidence, errForeign)
		}
		data, err := f.read(name)
		if err != nil {
			return nil, unreadable(file, wantEvidence, err)
		}
		files = append(files, matrix.EvidenceFile{Suffix: suffix, Data: data})
	}
	return files, nil
}

// CheckEvidence returns the error that Evidence would return, without reading the
// files.
func (f *Folder) CheckEvidence(c matrix.Cell) error {
	for _, name := range c.Evidence {
		if err := f.check(name); err != nil {
			return unreadable(filepath.Join(f.dir, filepath.FromSlash(name)), wantEvidence, err)
		}
	}
	return nil
}

// read reads a regular file of the folder by its slash-separated name.
func (f *Folder) read(name string) ([]byte, error) {
	if err := f.check(name); err != nil {
		return nil, err
	}
	file, err := f.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file)
}

// maxRead bounds each file that is read, in bytes: a results.json with 60 times as many
// rows and cells as a published one, or all files of evidence that a trial may leave.
const maxRead = 256 << 20

// readAll reads all of a file, unless that is too large. It reads nothing of a regular
// file that is, which may be sparse.
func readAll(file *os.File) ([]byte, error) {
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > maxRead {
		return nil, errLarge
	}
	data, err := io.ReadAll(io.LimitReader(file, maxRead+1))
	if err == nil && len(data) > maxRead {
		err = errLarge
	}
	return data, err
}

// check returns an error unless a name is that of a regular file in the folder that is
// not too large.
// Opening a pipe or a device could block.
func (f *Folder) check(name string) error {
	info, err := f.root.Stat(filepath.FromSlash(name))
	if err == nil {
		err = checkKind(info.Mode(), 0)
	}
	if err == nil && info.Size() > maxRead {
		err = errLarge
	}
	return err
}

// await reads a file as readNamed does, until ctx is done. A pipe may have no writer.
func await(ctx context.Context, name string) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := readNamed(name)
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// readNamed reads a file that the user named himself, through links. It may be a
// pipe, as a shell makes one for <(command).
func readNamed(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil {
		err = checkKind(info.Mode(), fs.ModeNamedPipe)
	}
	if err != nil {
		return nil, err
	}
	return readAll(file)
}

// checkKind returns an error unless a file is a regular one or of the other kind.
func checkKind(mode, other fs.FileMode) error {
	switch kind := mode.Type(); {
	case kind == fs.ModeDir:
		return errFolder
	case kind != 0 && kind&^other != 0:
		return errKind
	}
	return nil
}
