package tree

import (
	"errors"
	"fmt"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
)

// parse reads the suite's go.mod strictly, as it is a main module's. What is
// wrong with it, or can't be kept in the copy, is told by matrix.Problems.
func (o own) parse(target string) (*modfile.File, error) {
	f, err := modfile.Parse(o.name, o.gomod, nil)
	var mistakes modfile.ErrorList
	switch {
	case errors.As(err, &mistakes):
		return nil, problems(o.name, mistakes)
	case err != nil:
		return nil, fmt.Errorf("reading the reproduction's go.mod: %w", err)
	case f.Module == nil:
		return nil, matrix.Problems{{File: o.name, Line: 1, Text: "there is no module line: want one such as \"module example.com/repro\""}}
	}
	return f, o.refuse(f, target)
}

// problems turns the errors of modfile into ours, which say the place once.
func problems(name string, mistakes modfile.ErrorList) matrix.Problems {
	var ps matrix.Problems
	for _, m := range mistakes {
		line := m.Pos.Line
		m.Filename, m.Pos = "", modfile.Position{}
		ps.Add(name, line, "%s", m.Error())
	}
	return ps
}

// refuse finds replace lines that can't be kept. One of the target would be
// lost to ours: modfile.AddReplace silently deletes those of single versions.
// One by a folder leads nowhere from the copy.
func (o own) refuse(f *modfile.File, target string) error {
	var problems matrix.Problems
	for _, r := range f.Replace {
		line := r.Syntax.Start.Line
		switch {
		case r.Old.Path == target:
			problems.Add(o.name, line, "the target %s is replaced, which each row does by itself: remove the line", target)
		case r.New.Version == "":
			problems.Add(o.name, line, "%s is replaced by the folder %s, which is not there where rows are built: replace it by a version",
				r.Old.Path, r.New.Path)
		}
	}
	return problems.Err()
}
