package main

import (
	"context"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/compare"
)

// sinceUsage describes --since, which run and merge have.
const sinceUsage = "with -o, add to the results what changed since those in `RESULTS`"

// earlier are the results that new ones are compared with.
type earlier struct {
	name    string
	results *matrix.Results
}

// readEarlier reads the results of --since, nil if it is not set. It adds the
// problems of the file and of the flag.
func readEarlier(ctx context.Context, name, out string, problems *matrix.Problems) (*earlier, error) {
	if name == "" {
		return nil, nil
	}
	if out == "" {
		problems.Add("", 0, "--since %s: the changes are written to results.json: want -o DIR with it", name)
	}
	results, err := find.Results(ctx, name)
	if err := problems.Join(err); err != nil || results == nil {
		return nil, err
	}
	return &earlier{name, results}, nil
}

// since returns what changed since the earlier results, nil if there are none. It
// is bad input if the two are from different suites.
func (e *earlier) since(is *matrix.Results) (*matrix.Since, error) {
	if e == nil {
		return nil, nil
	}
	c, err := compare.New(e.results, is, compare.Options{Was: "--since " + e.name, Is: "this run"})
	if err != nil {
		return nil, err
	}
	s := &matrix.Since{Generated: e.results.Generated, Matrixrun: e.results.Matrixrun, Changes: []matrix.News{}}
	for _, change := range c.Changes {
		s.Changes = append(s.Changes, matrix.News{Kind: change.Kind, Counts: change.Counts, Text: change.Text, Rows: append([]string{}, change.Rows...)})
	}
	return s, nil
}
