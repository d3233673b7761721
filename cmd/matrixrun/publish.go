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
	err := writeReports(dir, results, "COMPATIBILITY.md", func(w io.Writer) error { return report.Markdown(w, table) }, stderr)
	if err != nil {
		return err
	}
	return removeEvidence(dir, old, results)
}

// writeReports writes a run's results, and its table as a document of some name.
func writeReports(dir string, results *matrix.Results, document string, render func(io.Writer) error, stderr io.Writer) error {
	for _, r := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{resultsFile, func(w io.Writer) error { return report.JSON(w, results) }},
		{document, render},
	} {
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
