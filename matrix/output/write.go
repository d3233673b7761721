package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// A Document is a file of the folder, made from results and nothing else.
type Document struct {
	Name  string
	Write func(io.Writer) error
}

// Results is the document results.json.
func Results(r *matrix.Results) Document {
	return Document{ResultsFile, func(w io.Writer) error { return codec.Write(w, r) }}
}

// Reports are the documents that a run writes next to results.json. SuiteArg is
// how the page's command lines name the suite, empty for the default one.
func Reports(table *matrix.Grid, suiteArg string) []Document {
	return []Document{
		{"COMPATIBILITY.md", func(w io.Writer) error { return report.Markdown(w, table) }},
		{"matrix.svg", func(w io.Writer) error { return report.SVG(w, table) }},
		{"index.html", func(w io.Writer) error { return page.Write(w, table, page.Options{SuiteArg: suiteArg}) }},
	}
}

// Create opens a folder for writing, and makes it if there is none. Files that
// are there stay until they are replaced.
func Create(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("making a folder for the reports: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder for the reports: %w", err)
	}
	return &Folder{File: filepath.Join(dir, ResultsFile), dir: dir, root: root}, nil
}

// WriteDocument writes a document, completely or not at all. A line on log says
// so.
func (f *Folder) WriteDocument(d Document, log io.Writer) error {
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		return fmt.Errorf("rendering %s: %w", d.Name, err)
	}
	file := filepath.Join(f.dir, d.Name)
	if err := writeFile(f.root, d.Name, b.Bytes()); err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	fmt.Fprintln(log, "wrote", file)
	return nil
}

// WriteEvidence writes the files of a cell, each completely or not at all. It
// writes nothing under a name that is not the cell's own.
func (f *Folder) WriteEvidence(row, scenario string, files []matrix.EvidenceFile) error {
	for _, file := range files {
		name := matrix.EvidencePath(row, scenario, file.Suffix)
		err := f.writeEvidence(row, scenario, name, file.Data)
		if err != nil {
			return fmt.Errorf("writing the evidence of %s/%s: %w", row, scenario, err)
		}
	}
	return nil
}

func (f *Folder) writeEvidence(row, scenario, name string, data []byte) error {
	if !matrix.OwnEvidence(row, scenario, name) {
		return fmt.Errorf("%q: %w", name, errForeign)
	}
	if err := f.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o777); err != nil {
		return err
	}
	return writeFile(f.root, filepath.FromSlash(name), data)
}

// evidenceNames lists the evidence that the results in the folder name. It is
// empty if there are no results, or none that can be read: then nothing is known
// to be this program's to remove.
func (f *Folder) evidenceNames() []string {
	data, err := f.read(ResultsFile)
	if err != nil {
		return nil
	}
	r, err := codec.Read(f.File, data)
	if err != nil {
		return nil
	}
	return evidenceOf(r)
}

// evidenceOf lists the files of evidence that results name.
func evidenceOf(r *matrix.Results) (names []string) {
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			names = append(names, c.Evidence...)
		}
	}
	return names
}

// removeEvidence removes the files of an earlier run, by their names, that the
// results no longer name, so that nobody takes them for what this run saw. It
// removes nothing else, and folders only if they are empty then.
func (f *Folder) removeEvidence(old []string, r *matrix.Results) error {
	kept := make(map[string]bool)
	for _, name := range evidenceOf(r) {
		kept[name] = true
	}
	for _, name := range old {
		if kept[name] {
			continue
		}
		if err := f.root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the evidence of an earlier run: %w", err)
		}
		_ = f.root.Remove(filepath.FromSlash(path.Dir(name)))
	}
	if len(old) > 0 {
		_ = f.root.Remove(matrix.EvidenceFolder)
	}
	return nil
}
