package output

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Finder returns the evidence of a cell.
type Finder func(row, scenario string) ([]matrix.EvidenceFile, error)

// A Run is what Publish writes.
type Run struct {
	Results  *matrix.Results
	Table    *matrix.Grid
	SuiteArg string // see Reports
	Evidence Finder
}

// Publish writes a run to a folder: its evidence, results.json, and the reports.
// A line on log says what was written, and what could not be kept. The order is
// such that whoever reads results.json meanwhile finds the evidence it names.
func Publish(dir string, run Run, log io.Writer) error {
	f, err := Create(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	old := f.evidenceNames()
	if err := f.writeCells(run, log); err != nil {
		return err
	}
	for _, d := range append([]Document{Results(run.Results)}, Reports(run.Table, run.SuiteArg)...) {
		if err := f.WriteDocument(d, log); err != nil {
			return err
		}
	}
	return f.removeEvidence(old, run.Results)
}

// writeCells writes the evidence of all cells that name some.
func (f *Folder) writeCells(run Run, log io.Writer) error {
	cells := 0
	var without []string
	for _, row := range run.Results.Rows {
		for _, c := range row.Cells {
			if c.NoEvidence != "" {
				without = append(without, fmt.Sprintf("%s/%s: %s", row.ID, c.Scenario, c.NoEvidence))
			}
			if len(c.Evidence) == 0 {
				continue
			}
			cells++
			files, err := run.Evidence(row.ID, c.Scenario)
			if err != nil {
				return fmt.Errorf("finding the evidence of %s/%s: %w", row.ID, c.Scenario, err)
			}
			if err := f.WriteEvidence(row.ID, c.Scenario, files); err != nil {
				return err
			}
		}
	}
	if cells > 0 {
		fmt.Fprintf(log, "wrote %s, of %s\n", filepath.Join(f.dir, matrix.EvidenceFolder), text.Count(cells, "cell"))
	}
	if len(without) > 0 {
		fmt.Fprintf(log, "no evidence of %s, see %s; the first is %s\n", text.Count(len(without), "cell"), ResultsFile, without[0])
	}
	return nil
}
