package main

import (
	"context"
	"fmt"
	"io"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/ask"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// forceUsage describes --force of commands with a folder of reports.
const forceUsage = "with -o, also overwrite files that matrixrun did not write"

// checkOut returns the error of output.Check if the folder of -o is set.
func checkOut(dir string, files output.Files) error {
	switch {
	case dir != "":
		return output.Check(dir, files)
	case files.Force:
		return matrix.Mistake("--force: it goes with -o DIR")
	}
	return nil
}

// runDocuments are the documents of a run in the folder of -o. To name them, it
// takes no results.
func runDocuments(r *matrix.Results, table *matrix.Grid, o page.Options) []output.Document {
	return append([]output.Document{output.Results(r)}, output.Reports(table, o)...)
}

// files returns what run is going to write to the folder of -o, with the evidence
// of a plan unless that is nil.
func (f runFlags) files(todo *matrix.Plan) output.Files {
	files := output.Files{Documents: runDocuments(nil, nil, page.Options{}), Force: f.force}
	if f.ask != nil {
		files.Documents = append(files.Documents, ask.Document(nil, nil))
	}
	if todo != nil && f.evidenceMode() != matrix.EvidenceNone {
		for _, row := range todo.Rows {
			files.Rows = append(files.Rows, row.ID)
		}
		if f.refine {
			files.Rows = append(files.Rows, todo.Untried...) // it may add any of them
		}
		for _, s := range todo.Scenarios {
			files.Scenarios = append(files.Scenarios, s.Name)
		}
	}
	return files
}

// evidenceModes are the values of --evidence.
var evidenceModes = []matrix.EvidenceMode{matrix.EvidenceNone, matrix.EvidenceLeaks, matrix.EvidenceEnds, matrix.EvidenceAll}

// evidenceMode returns which cells keep evidence. Without -o there is no folder to
// keep it in.
func (f runFlags) evidenceMode() matrix.EvidenceMode {
	if f.out == "" {
		return matrix.EvidenceNone
	}
	return matrix.EvidenceMode(f.evidence)
}

// asked returns the document with the question of try, if there is one.
func (f runFlags) asked(suite *matrix.Spec, r *matrix.Results, stderr io.Writer) []output.Document {
	switch {
	case f.ask == nil || f.out == "":
		return nil
	case ask.Changed(suite):
		fmt.Fprintf(stderr, "%s is left out: files that the tests need have changed meanwhile\n", ask.SuiteFile)
		return nil
	}
	return []output.Document{ask.Document(suite, r)}
}

// publish writes a run to the folder of -o, if there is one, with more documents than those
// of every run.
func publish(ctx context.Context, dir string, force bool, r *matrix.Results, table *matrix.Grid, evidence output.Finder, stderr io.Writer, more ...output.Document) error {
	if dir == "" {
		return nil
	}
	o := page.Options{SuiteArg: find.SuiteArg(r), Index: output.IndexAbove(dir)}
	for _, d := range more {
		if d.Name == ask.SuiteFile {
			o.SuiteArg = d.Name
		}
	}
	var err error
	if o.Near, err = output.Near(ctx, dir, r); err != nil {
		fmt.Fprintf(stderr, "index.html does not link the page next to it: %v\n", err)
	}
	run := output.Run{Results: r, Documents: append(runDocuments(r, table, o), more...), Evidence: evidence, Force: force}
	return output.Publish(dir, run, stderr)
}
