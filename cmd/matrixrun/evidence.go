package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2/maybe"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// evidenceModes are what --evidence can be.
var evidenceModes = []matrix.EvidenceMode{matrix.EvidenceNone, matrix.EvidenceLeaks, matrix.EvidenceEnds, matrix.EvidenceAll}

// evidenceMode says which cells are to have evidence. Without a folder to put it
// in there is none: nobody could find it.
func (f runFlags) evidenceMode() matrix.EvidenceMode {
	if f.out == "" {
		return matrix.EvidenceNone
	}
	return matrix.EvidenceMode(f.evidence)
}

// A finder returns the evidence of a cell.
type finder func(row, scenario string) ([]matrix.EvidenceFile, error)

// writeEvidence writes the files that the cells of a run name.
func writeEvidence(dir string, results *matrix.Results, find finder, stderr io.Writer) error {
	var cells int
	var without []string
	for _, row := range results.Rows {
		for _, c := range row.Cells {
			if c.NoEvidence != "" {
				without = append(without, fmt.Sprintf("%s/%s: %s", row.ID, c.Scenario, c.NoEvidence))
			}
			if len(c.Evidence) == 0 {
				continue
			}
			cells++
			if err := writeCell(dir, row.ID, c, find); err != nil {
				return fmt.Errorf("writing the evidence of %s/%s: %w", row.ID, c.Scenario, err)
			}
		}
	}
	if cells > 0 {
		fmt.Fprintf(stderr, "wrote %s, of %s\n", filepath.Join(dir, matrix.EvidenceFolder), text.Count(cells, "cell"))
	}
	if len(without) > 0 {
		fmt.Fprintf(stderr, "no evidence of %s, see results.json; the first is %s\n", text.Count(len(without), "cell"), without[0])
	}
	return nil
}

// writeCell writes the files of one cell, each whole or not at all.
func writeCell(dir, row string, c matrix.Cell, find finder) error {
	files, err := find(row, c.Scenario)
	if err != nil {
		return err
	}
	for _, f := range files {
		name := matrix.EvidencePath(row, c.Scenario, f.Suffix)
		if !matrix.IsEvidence(name) || !slices.Contains(c.Evidence, name) {
			return fmt.Errorf("%q is no name for a file of it", name)
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := maybe.WriteFile(file, f.Data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// namedEvidence lists the files that the results of an earlier run in the same
// folder name. No results that can be read name none.
func namedEvidence(dir string) (names []string) {
	data, err := os.ReadFile(filepath.Join(dir, resultsFile))
	if err != nil {
		return nil
	}
	var results matrix.Results
	if json.Unmarshal(data, &results) != nil {
		return nil
	}
	for _, row := range results.Rows {
		for _, c := range row.Cells {
			names = append(names, c.Evidence...)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !matrix.IsEvidence(name) })
}

// removeEvidence removes files of an earlier run that this one does not name, so
// that none is taken for what this run saw. Whatever else lies there is not this
// program's to remove.
func removeEvidence(dir string, old []string, results *matrix.Results) error {
	kept := map[string]bool{}
	for _, row := range results.Rows {
		for _, c := range row.Cells {
			for _, name := range c.Evidence {
				kept[name] = true
			}
		}
	}
	// The names come from a file: nothing outside of the folder is theirs, not
	// even behind a link.
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("removing the evidence of an earlier run: %w", err)
	}
	defer root.Close()
	for _, name := range old {
		if kept[name] {
			continue
		}
		if err := root.Remove(filepath.FromSlash(name)); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("removing the evidence of an earlier run: %w", err)
		}
		// A folder that is not empty stays.
		_ = root.Remove(filepath.FromSlash(path.Dir(name)))
	}
	if len(old) > 0 {
		_ = root.Remove(matrix.EvidenceFolder)
	}
	return nil
}
