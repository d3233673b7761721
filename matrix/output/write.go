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
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/report/page"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// A Document is a file of the folder, made from results and nothing else.
type Document struct {
	Name  string // slash-separated
	Write func(io.Writer) error

	// Own reports whether a file with this beginning was written as this document,
	// by any version of the program. Other files are not overwritten.
	Own func(beginning []byte) bool
}

// maxBeginning is how much of a file Own gets, in bytes.
const maxBeginning = 4 << 10

// Begins returns an Own for documents that begin with what matches a regular
// expression.
func Begins(expr string) func([]byte) bool {
	return regexp.MustCompile(`\A(?s:` + expr + `)`).Match
}

// What the documents have begun with in all versions.
var (
	isResults  = Begins(`\s*\{\s*"schema": *[0-9]+,\s*"suite": *"[^"]*",\s*"target": *"`)
	isMarkdown = Begins(`# [^\n]*: compatibility of [^\n]*\n.*\bmatrixrun\b`)
	isPicture  = Begins(`<svg [^>]* aria-labelledby="t d">\s*<title id="t">`)
	isPage     = Begins(`<!doctype html>\n<html lang="en">\n<head>\n.*<title>Is your [^<]* affected\? `)
)

// Results is the document results.json. Only its Write needs the results.
func Results(r *matrix.Results) Document {
	return Document{ResultsFile, func(w io.Writer) error { return codec.Write(w, r) }, isResults}
}

// Reports are the documents that a run writes next to results.json. Only the documents'
// Write needs the table and the options of the page.
func Reports(table *matrix.Grid, o page.Options) []Document {
	return []Document{
		{"COMPATIBILITY.md", func(w io.Writer) error { return report.Markdown(w, table) }, isMarkdown},
		{"matrix.svg", func(w io.Writer) error { return report.SVG(w, table) }, isPicture},
		{pageFile, func(w io.Writer) error { return page.Write(w, table, o) }, isPage},
	}
}

// create opens a folder for writing, and makes it if there is none. Files that
// are there stay until they are replaced.
func create(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("making the folder %s: %w", dir, reason(err))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder %s: %w", dir, reason(err))
	}
	return &Folder{File: filepath.Join(dir, ResultsFile), dir: dir, root: root}, nil
}

// writeDocument writes a document, completely or not at all.
func (f *Folder) writeDocument(d Document) error {
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		return fmt.Errorf("rendering %s: %w", d.Name, err)
	}
	return f.write(d.Name, b.Bytes())
}

// write writes a file of the folder, completely or not at all, and makes the
// folders above it. It follows no links.
func (f *Folder) write(name string, data []byte) error {
	_, err := f.place(name)
	if err == nil {
		err = f.root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o777)
	}
	if err == nil {
		err = f.replace(filepath.FromSlash(name), data)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.path(name), reason(err))
	}
	return nil
}

// replace writes a file of the folder. All files share one stage, which Close removes.
func (f *Folder) replace(name string, data []byte) (err error) {
	if f.stage == nil {
		if f.stage, err = scratch.OpenStage(f.root); err != nil {
			return err
		}
	}
	return f.stage.Write(name, data)
}

// path returns the path of a file of the folder as the user would write it.
func (f *Folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// writeEvidence writes the files of a cell, each completely or not at all. It
// writes nothing under a name that is not the cell's own.
func (f *Folder) writeEvidence(row, scenario string, files []matrix.EvidenceFile) error {
	for _, file := range files {
		name := matrix.EvidencePath(row, scenario, file.Suffix)
		if !matrix.OwnEvidence(row, scenario, name) {
			return fmt.Errorf("writing the evidence of %s/%s: %q: %w", row, scenario, name, errForeign)
		}
		if err := f.write(name, file.Data); err != nil {
			return err
		}
	}
	return nil
}

// journalName is the file that lists the evidence which a run is about to write. A
// run that was killed leaves it, so the next one knows these files.
const journalName = ".matrixrun-evidence"

// journalHead is the first line of that file.
const journalHead = "matrixrun is writing these files:\n"

// journal is the document of that file.
func journal(names []string) Document {
	return Document{journalName, func(w io.Writer) error {
		_, err := io.WriteString(w, journalHead+strings.Join(names, "\n")+"\n")
		return err
	}, Begins(journalHead)}
}

// evidenceNames lists the evidence that earlier runs wrote to the folder: what its
// results name, and its journal. Nothing else is this program's to replace or
// remove.
func (f *Folder) evidenceNames() (names []string) {
	if data, err := f.readOwn(ResultsFile); err == nil {
		if r, err := codec.Read(f.File, data); err == nil {
			names = evidenceOf(r)
		}
	}
	if data, err := f.readOwn(journalName); err == nil {
		if list, ok := bytes.CutPrefix(data, []byte(journalHead)); ok {
			names = append(names, strings.Fields(string(list))...)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !matrix.IsEvidence(name) })
}

// readOwn reads a file of the folder, as read does, without following links.
func (f *Folder) readOwn(name string) ([]byte, error) {
	if _, err := f.place(name); err != nil {
		return nil, err
	}
	return f.read(name)
}

// evidenceOf lists the files of evidence that results name.
func evidenceOf(r *matrix.Results) (names []string) {
	if r == nil {
		return nil
	}
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			names = append(names, c.Evidence...)
		}
	}
	return names
}

// removeEvidence removes the files of an earlier run, by their names, that are not
// among the names of this one, so that nobody takes them for what this run saw. It
// removes the journal, nothing else, and folders only if they are empty then.
func (f *Folder) removeEvidence(old, names []string) error {
	kept := make(map[string]bool)
	for _, name := range names {
		kept[name] = true
	}
	for _, name := range old {
		if kept[name] {
			continue
		}
		if _, err := f.place(name); err != nil {
			return fmt.Errorf("removing the evidence of an earlier run: %s: %w", f.path(name), reason(err))
		}
		if err := f.root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the evidence of an earlier run: %w", err)
		}
		_ = f.root.Remove(filepath.FromSlash(path.Dir(name)))
	}
	if len(old) > 0 {
		_ = f.root.Remove(matrix.EvidenceFolder)
	}
	if len(old)+len(names) == 0 {
		return nil // a journal lists some
	}
	if err := f.root.Remove(journalName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing %s: %w", f.path(journalName), reason(err))
	}
	return nil
}
