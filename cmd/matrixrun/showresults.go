package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// published returns the cell as a run with -o has written it to a folder. Its
// trials are not told there, but the one that decided is, and the evidence is
// there where there is any.
func (c *cell) published(dir string) (*sweep.Recalled, error) {
	file := filepath.Join(dir, resultsFile)
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the results of a run: %w: --from wants a folder that run -o has written", err)
	}
	var results matrix.Results
	if err := json.Unmarshal(data, &results); err != nil {
		return nil, fmt.Errorf("reading %s: %w: run again with -o %s", file, err, dir)
	}
	if results.Schema != matrix.SchemaVersion || results.Suite != c.suite.Suite {
		return nil, fmt.Errorf("reading %s: it has schema %d of the suite %q: want %d of %q", file, results.Schema, results.Suite, matrix.SchemaVersion, c.suite.Suite)
	}
	server := ""
	if c.plan.Server != nil {
		server = c.plan.Server.Release.Version
	}
	for _, row := range results.Rows {
		if row.ID != c.row.ID || row.Server != server {
			continue
		}
		found, ok := row.Cell(c.scenario.Name)
		if !ok && row.State == matrix.StateOK {
			break
		}
		row.Cells = []matrix.Cell{}
		r := &sweep.Recalled{Row: row}
		if ok {
			r.Row.Cells = append(r.Row.Cells, found)
			r.Cell = &r.Row.Cells[0]
			r.Evidence, err = keptIn(dir, found)
		}
		return r, err
	}
	against := ""
	if server != "" {
		against = " against servers of " + server
	}
	return nil, fmt.Errorf("reading %s: it has no cell %s/%s%s", file, c.row.ID, c.scenario.Name, against)
}

// keptIn reads the evidence of a cell that a run has written to a folder.
func keptIn(dir string, c matrix.Cell) (matrix.Evidence, error) {
	e := matrix.Evidence{None: c.NoEvidence}
	for _, name := range c.Evidence {
		base := name[strings.LastIndexByte(name, '/')+1:]
		suffix, ok := strings.CutPrefix(base, c.Scenario)
		if !ok || !matrix.IsEvidence(name) {
			return e, fmt.Errorf("reading the evidence: %q is no name for a file of it", name)
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return e, fmt.Errorf("reading the evidence: %w", err)
		}
		e.Files = append(e.Files, matrix.EvidenceFile{Suffix: suffix, Data: data})
	}
	return e, nil
}
