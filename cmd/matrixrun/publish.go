package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// resultsFile is what a run with -o writes for programs.
const resultsFile = "results.json"

// publish writes the reports of a run to a folder, each whole or not at all, and
// the evidence that they name; without a folder it does nothing.
func publish(dir string, results *matrix.Results, table *matrix.Grid, find finder, stderr io.Writer) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("making a folder for the reports: %w", err)
	}
	// In this order a reader of results.json always finds what it names.
	old := namedEvidence(dir)
	if err := writeEvidence(dir, results, find, stderr); err != nil {
		return err
	}
	d := reported{results: results, table: table}
	documents := []document{
		{"COMPATIBILITY.md", func(w io.Writer) error { return report.Markdown(w, table) }},
		{"matrix.svg", func(w io.Writer) error { return report.SVG(w, table) }},
		{"index.html", func(w io.Writer) error { return writePage(w, d) }},
	}
	if err := writeReports(dir, results, documents, stderr); err != nil {
		return err
	}
	return removeEvidence(dir, old, results)
}

// A document is a file that is made of results.
type document struct {
	name  string
	write func(io.Writer) error
}

// writeReports writes a run's results, and documents that are made of them.
func writeReports(dir string, results *matrix.Results, documents []document, stderr io.Writer) error {
	first := document{resultsFile, func(w io.Writer) error { return report.JSON(w, results) }}
	for _, r := range append([]document{first}, documents...) {
		var b bytes.Buffer
		if err := r.write(&b); err != nil {
			return fmt.Errorf("rendering %s: %w", r.name, err)
		}
		file := filepath.Join(dir, r.name)
		if err := maybe.WriteFile(file, b.Bytes(), 0o666); err != nil {
			return fmt.Errorf("writing %s: %w", file, err)
		}
		fmt.Fprintln(stderr, "wrote", file)
	}
	return nil
}
