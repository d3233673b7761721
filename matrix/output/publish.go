package output

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Finder returns the evidence of a cell.
type Finder func(row, scenario string) ([]matrix.EvidenceFile, error)

// A Run is what Publish writes.
type Run struct {
	Documents []Document      // results.json among them, in the order of writing
	Results   *matrix.Results // names the evidence; nil if there is none
	Evidence  Finder
	Force     bool // overwrite files that this program did not write
}

// Publish writes a run to a folder: its evidence and its documents. A line on log
// says what was written, and what could not be kept. The order is such that
// a program that reads results.json meanwhile finds the evidence it names. If something
// is in the way, as Check reports, nothing is written.
func Publish(dir string, run Run, log io.Writer) error {
	f, err := create(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	old, names := f.evidenceNames(), evidenceOf(run.Results)
	if wrong := f.inTheWay(run.Documents, names, old, run.Force); len(wrong) > 0 {
		return fmt.Errorf("%s: %s", dir, strings.Join(wrong, "\n"+dir+": "))
	}
	if len(names) > 0 {
		if err := f.writeDocument(journal(append(names, old...))); err != nil {
			return err
		}
	}
	if run.Results != nil {
		if err := f.writeCells(run, log); err != nil {
			return err
		}
	}
	for _, d := range run.Documents {
		if err := f.writeDocument(d); err != nil {
			return err
		}
		fmt.Fprintln(log, "wrote", f.path(d.Name))
	}
	return f.removeEvidence(old, names)
}

// WriteEvidence writes the evidence of a cell to a folder, which may be new.
func WriteEvidence(dir, row, scenario string, files []matrix.EvidenceFile) error {
	f, err := create(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.writeEvidence(row, scenario, files)
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
			if err := f.writeEvidence(row.ID, c.Scenario, files); err != nil {
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
