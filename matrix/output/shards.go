package output

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/merge"
)

// A shard is the output folder of one shard of a run.
type shard struct {
	folder *Folder    // nil if it could not be opened
	part   merge.Part // what is in it
}

// Shards are the output folders of the shards of one run.
type Shards struct {
	shards  []shard
	missing []string // the folders that are not there, a line each
	stopped error    // if the context ended before all were read
}

// OpenShards opens the folders of shards, each named as for Open. What it cannot
// open or read is for Join to report.
func OpenShards(ctx context.Context, names []string) *Shards {
	s := new(Shards)
	for _, name := range names {
		f, err := Open(ctx, name)
		if ctx.Err() != nil {
			s.stopped = fmt.Errorf("reading %s: %w", name, context.Cause(ctx))
			return s
		}
		if errors.Is(err, fs.ErrNotExist) {
			s.missing = append(s.missing, fmt.Sprintf("%v: did that shard finish?", err))
			continue
		}
		one := shard{folder: f, part: merge.Part{File: name}}
		if err == nil {
			one.part.File = f.File
			one.part.Results, err = f.Results()
		}
		_ = one.part.Problems.Join(err) // neither returns another error
		s.shards = append(s.shards, one)
	}
	return s
}

// Close closes the folders.
func (s *Shards) Close() {
	for _, one := range s.shards {
		if one.folder != nil {
			one.folder.Close()
		}
	}
}

// In reports whether one of the shards is in a folder.
func (s *Shards) In(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil {
		return false
	}
	for _, one := range s.shards {
		if one.folder == nil {
			continue
		}
		if in, err := one.folder.root.Stat("."); err == nil && os.SameFile(in, info) {
			return true
		}
	}
	return false
}

// Join returns the results of the whole run. The error has all that is wrong with
// the shards, after the problems that are known already, as that of merge.Join.
func (s *Shards) Join(known matrix.Problems) (*matrix.Results, error) {
	if s.stopped != nil {
		return nil, s.stopped
	}
	var parts []merge.Part
	for _, one := range s.shards {
		parts = append(parts, one.part)
	}
	r, err := merge.Join(parts)
	missing := s.missing
	if more, ok := errors.AsType[*merge.MissingError](err); ok {
		missing = append(missing, more.Lines...)
	} else if err := known.Join(err); err != nil {
		return nil, err
	}
	return r, merge.Errors(known, missing)
}

// CheckEvidence returns an error unless the shards have all the evidence that
// joined results name. It is a *merge.MissingError if all that is wrong is that
// files are missing.
func (s *Shards) CheckEvidence(r *matrix.Results) error {
	var wrong matrix.Problems
	var missing []string
	for _, row := range r.Rows {
		f, _ := s.find(row.ID, "")
		for _, c := range row.Cells {
			err := f.CheckEvidence(c)
			if errors.Is(err, fs.ErrNotExist) {
				missing = append(missing, err.Error())
			} else if err := wrong.Join(err); err != nil {
				return err
			}
		}
	}
	return merge.Errors(wrong, missing)
}

// Evidence reads the evidence of a cell from the folder of its shard.
func (s *Shards) Evidence(row, scenario string) ([]matrix.EvidenceFile, error) {
	f, c := s.find(row, scenario)
	if f == nil {
		return nil, fmt.Errorf("no shard has row %s", row)
	}
	return f.Evidence(row, c)
}

// find returns the folder of the shard that has a row, and a cell of that row.
func (s *Shards) find(row, scenario string) (*Folder, matrix.Cell) {
	for _, one := range s.shards {
		if one.part.Results == nil {
			continue
		}
		for i := range one.part.Results.Rows {
			if r := &one.part.Results.Rows[i]; r.ID == row {
				c, _ := r.Cell(scenario)
				return one.folder, c
			}
		}
	}
	return nil, matrix.Cell{}
}
