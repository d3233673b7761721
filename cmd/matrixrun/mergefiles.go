package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/merge"
)

// A shardFile is the results of one shard with the folder that they lie in.
type shardFile struct {
	part merge.Part
	root *os.Root // nothing outside of it is read, not even behind a link
}

// shardFiles are those of a command line.
type shardFiles []shardFile

// openShards reads the shards of a command line. It adds what is wrong with them,
// and those that are not there; the error is that one could not be read for a
// reason of this machine's. What is opened is to be closed in any case.
func openShards(names []string, out string, wrong *matrix.Problems, missing *[]string) (shardFiles, error) {
	var files shardFiles
	for _, name := range names {
		file := name
		if isFolder(name) {
			file = filepath.Join(name, resultsFile)
		}
		if sameFile(filepath.Dir(file), out) {
			wrong.Add("", 0, "-o %s: a shard lies there: want another folder", out)
		}
		data, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			*missing = append(*missing, fmt.Sprintf("%s: there is none: did that shard come to its end?", file))
			continue
		}
		if err != nil {
			return files, fmt.Errorf("reading the results of a shard: %w", err)
		}
		root, err := os.OpenRoot(filepath.Dir(file))
		if err != nil {
			return files, fmt.Errorf("reading the results of a shard: %w", err)
		}
		results, why := readShard(data)
		if results != nil {
			namesAreOwn(file, results, wrong)
		}
		files = append(files, shardFile{merge.Part{File: file, Results: results, Why: why}, root})
	}
	return files, nil
}

// sameFile reports whether two paths are one folder, or one file.
func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// readShard reads a results.json, or says why it is none that can be joined.
func readShard(data []byte) (results *matrix.Results, why string) {
	var head struct{ Schema *int }
	switch err := json.Unmarshal(data, &head); {
	case err != nil:
		return nil, fmt.Sprintf("this is no whole results.json: %v: have the shard run again, or its folder copied again", err)
	case head.Schema == nil:
		return nil, "this is no results.json: it has no schema"
	case *head.Schema != matrix.SchemaVersion:
		return nil, fmt.Sprintf("it has schema %d, and this program reads %d: join shards with the program that ran them", *head.Schema, matrix.SchemaVersion)
	}
	results = new(matrix.Results)
	if err := json.Unmarshal(data, results); err != nil {
		return nil, fmt.Sprintf("this is no results.json: %v", err)
	}
	return results, ""
}

// namesAreOwn refuses evidence that is no cell's own: the names come from a file,
// and are read and written.
func namesAreOwn(file string, results *matrix.Results, wrong *matrix.Problems) {
	for _, row := range results.Rows {
		for _, c := range row.Cells {
			for _, name := range c.Evidence {
				if !matrix.OwnEvidence(row.ID, c.Scenario, name) {
					wrong.Add(file, 0, "evidence of %s/%s: %q is no name for a file of it", row.ID, c.Scenario, name)
				}
			}
		}
	}
}

func (s shardFiles) close() {
	for _, f := range s {
		f.root.Close()
	}
}

func (s shardFiles) parts() []merge.Part {
	var parts []merge.Part
	for _, f := range s {
		parts = append(parts, f.part)
	}
	return parts
}

// of returns the shard that a row is of.
func (s shardFiles) of(row string) (shardFile, bool) {
	for _, f := range s {
		for i := range f.part.Results.Rows {
			if f.part.Results.Rows[i].ID == row {
				return f, true
			}
		}
	}
	return shardFile{}, false
}

// lacking lists the evidence that joined results name and no shard has, so that
// this is known before anything is written.
func (s shardFiles) lacking(results *matrix.Results) (lines []string) {
	for _, row := range results.Rows {
		f, _ := s.of(row.ID)
		for _, c := range row.Cells {
			for _, name := range c.Evidence {
				if err := f.has(name); err != nil {
					lines = append(lines, fmt.Sprintf("%s: the evidence of %s/%s is not there: %v: copy the shard's folder as a whole", f.part.File, row.ID, c.Scenario, err))
				}
			}
		}
	}
	return lines
}

// has reports whether a file of evidence can be read: whatever else bears its
// name is none.
func (f shardFile) has(name string) error {
	info, err := f.root.Lstat(filepath.FromSlash(name))
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", name)
	}
	return err
}

// evidence reads the files of a cell from the folder of its shard.
func (s shardFiles) evidence(row, scenario string) ([]matrix.EvidenceFile, error) {
	f, ok := s.of(row)
	if !ok {
		return nil, fmt.Errorf("no shard has row %s", row)
	}
	var files []matrix.EvidenceFile
	for i := range f.part.Results.Rows {
		r := &f.part.Results.Rows[i]
		c, ok := r.Cell(scenario)
		if r.ID != row || !ok {
			continue
		}
		for _, name := range c.Evidence {
			if err := f.has(name); err != nil {
				return nil, err
			}
			data, err := f.root.ReadFile(filepath.FromSlash(name))
			if err != nil {
				return nil, err
			}
			suffix := strings.TrimPrefix(name, matrix.EvidencePath(row, scenario, ""))
			files = append(files, matrix.EvidenceFile{Suffix: suffix, Data: data})
		}
	}
	return files, nil
}
