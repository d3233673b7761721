package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// readable are the schema numbers that Read takes, the present one last.
var readable = []int{matrix.SchemaVersion}

// Read reads a results.json, which may come from anywhere: what it returns can be
// shown without another look at whether it makes sense. File is how the reader
// knows it. The error is matrix.Problems, with each mistake that it found.
func Read(file string, data []byte) (*matrix.Results, error) {
	var problems matrix.Problems
	if err := schema(data); err != nil {
		problems.Add(file, lineOf(data, err), "%v", err)
		return nil, problems
	}
	r := new(matrix.Results)
	if err := json.Unmarshal(data, r); err != nil {
		problems.Add(file, lineOf(data, err), "this is no results.json: %v", err)
		return nil, problems
	}
	check(r, func(format string, args ...any) { problems.Add(file, 0, format, args...) })
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// schema says why data is no whole results.json that this program reads.
func schema(data []byte) error {
	var head struct {
		Schema *int
	}
	err := json.Unmarshal(data, &head)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return fmt.Errorf("this is no results.json: %w", err)
	case err != nil:
		return fmt.Errorf("this is no whole results.json: %w: make it again, or copy it again", err)
	case head.Schema == nil:
		return errors.New("this is no results.json: it has no schema")
	case *head.Schema > matrix.SchemaVersion:
		return fmt.Errorf("it has schema %d, and this program reads %s: a newer matrixrun has written it, read it with that", *head.Schema, schemas())
	case !slices.Contains(readable, *head.Schema):
		return fmt.Errorf("it has schema %d, which never was one: this program reads %s", *head.Schema, schemas())
	}
	return nil
}

// schemas lists the schema numbers that can be read.
func schemas() string {
	words := make([]string, len(readable))
	for i, n := range readable {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}

// lineOf returns the line at which JSON stopped making sense, 0 where the error
// does not tell.
func lineOf(data []byte, err error) int {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	var offset int64
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &wrongType):
		offset = wrongType.Offset
	default:
		return 0
	}
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}

// mostMistakes is how many a file is told of: one that has more was not made by
// matrixrun, and the first of them say so.
const mostMistakes = 20

// check tells what in a results.json contradicts itself.
func check(r *matrix.Results, wrong func(format string, args ...any)) {
	told := 0
	tell := func(format string, args ...any) {
		if told++; told <= mostMistakes {
			wrong(format, args...)
		}
	}
	known := make(map[string]bool)
	for _, s := range r.Scenarios {
		if s.Name == "" || known[s.Name] {
			tell("scenario %q: want a name that no other one has", s.Name)
		}
		known[s.Name] = true
	}
	seen := make(map[string]bool)
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.ID == "" || row.Source.Version == "" || seen[row.ID] {
			tell("row %q of version %q: want a version, and an ID that no other row has", row.ID, row.Source.Version)
		}
		seen[row.ID] = true
		if !slices.Contains(states, row.State) {
			tell("row %s: %q is no state of a row", row.ID, row.State)
		}
		checkCells(row, known, tell)
	}
	if told > mostMistakes {
		wrong("and %d more mistakes", told-mostMistakes)
	}
}

var states = []matrix.State{matrix.StateOK, matrix.StatePatchConflict, matrix.StateBuildFailed, matrix.StateUnavailable}

// checkCells tells what is wrong with the cells of a row.
func checkCells(row *matrix.RowResult, known map[string]bool, tell func(format string, args ...any)) {
	seen := make(map[string]bool)
	for _, c := range row.Cells {
		name := row.ID + "/" + c.Scenario
		switch {
		case !known[c.Scenario]:
			tell("cell %s: the file has no such scenario", name)
		case seen[c.Scenario]:
			tell("cell %s: it is there twice", name)
		}
		seen[c.Scenario] = true
		if !slices.Contains(matrix.Verdicts(), c.Verdict) {
			tell("cell %s: %q is no verdict", name, c.Verdict)
		}
		if c.Leaks < 0 || c.Inconclusive < 0 || c.Leaks > c.Trials {
			tell("cell %s: %d of %d trials leaked, %d inconclusive: this cannot be", name, c.Leaks, c.Trials, c.Inconclusive)
		}
		if v := c.Interval; v != nil && (v[0] < 0 || v[0] > v[1] || v[1] > 1) {
			tell("cell %s: %v is no interval", name, *v)
		}
		for _, path := range c.Evidence {
			// The names are of files that are read, and that pages link.
			if !matrix.OwnEvidence(row.ID, c.Scenario, path) {
				tell("evidence of %s: %q is no name for a file of it", name, path)
			}
		}
	}
}
