package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Files says what a command is going to write to a folder.
type Files struct {
	Documents []Document
	// The cells that may get evidence are those of each of these rows, by ID, and
	// scenarios.
	Rows, Scenarios []string
	Force           bool // overwrite files that this program did not write

	evidence []string // names that are known already
}

// With adds the evidence that results name.
func (f Files) With(r *matrix.Results) Files {
	f.evidence = evidenceOf(r)
	return f
}

// CheckFolder returns an error, which is matrix.Problems, unless files can be written to
// a folder, which may be new. Flag is the flag that names it.
func CheckFolder(flag, dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return checkNew(flag, dir)
	case err != nil:
		return matrix.Mistake("%s %s: %v", flag, dir, reason(err))
	case !info.IsDir():
		return matrix.Mistake("%s %s: it is not a folder: want a folder, which may be new", flag, dir)
	}
	if err := writable(dir); err != nil {
		return matrix.Mistake("%s %s: it cannot be written: %v", flag, dir, reason(err))
	}
	return nil
}

// Check returns an error, which is matrix.Problems, unless all files can be written
// to the folder of -o. A command calls it before its work, which may take long.
//
// Links, and other things that are not regular files, are in the way in any case. So
// is a file that this program did not write, unless Force is set.
func Check(dir string, files Files) error {
	if err := CheckFolder("-o", dir); err != nil {
		return err
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var problems matrix.Problems
	root, err := os.OpenRoot(dir)
	if err != nil {
		return matrix.Mistake("-o %s: %v", dir, reason(err))
	}
	f := &Folder{File: filepath.Join(dir, ResultsFile), dir: dir, root: root}
	defer f.Close()
	for _, wrong := range f.inTheWay(files.Documents, append(f.evidenceOf(files.Rows, files.Scenarios), files.evidence...), f.evidenceNames(), files.Force) {
		problems.Add("", 0, "-o %s: %s", dir, wrong)
	}
	return problems.Err()
}

// CheckEmpty is Check for a command that writes to an empty or new folder.
func CheckEmpty(dir string) error {
	scratch.RemoveStages(dir) // of runs that were killed
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return matrix.Mistake("-o %s: want an empty or new folder", dir)
	}
	return Check(dir, Files{})
}

// checkNew returns an error unless a folder can be made.
func checkNew(flag, dir string) error {
	for above := filepath.Clean(dir); ; above = filepath.Dir(above) {
		info, err := os.Stat(above)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if _, err := os.Lstat(above); err == nil {
				return matrix.Mistake("%s %s: %s is a link to a folder that does not exist", flag, dir, above)
			}
			if above != filepath.Dir(above) {
				continue
			}
		case err == nil && !info.IsDir():
			return matrix.Mistake("%s %s: %s is not a folder", flag, dir, above)
		case err == nil:
			err = writable(above)
		}
		if err != nil {
			return matrix.Mistake("%s %s: it cannot be made: %v", flag, dir, reason(err))
		}
		return nil
	}
}

// evidenceOf lists the existing files that would be evidence of the cells of these
// rows and scenarios. Links are among them.
func (f *Folder) evidenceOf(rows, scenarios []string) (names []string) {
	for _, row := range rows {
		folder := matrix.EvidencePath(row, "", "")
		if _, err := f.place(folder + "/x"); err != nil {
			names = append(names, folder+"/x") // for inTheWay to report
			continue
		}
		entries, err := fs.ReadDir(f.root.FS(), folder)
		if err != nil {
			continue
		}
		for _, e := range entries {
			for _, scenario := range scenarios {
				if name := folder + "/" + e.Name(); matrix.OwnEvidence(row, scenario, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// inTheWay lists what keeps documents and evidence from being written, and the old
// evidence from being removed.
func (f *Folder) inTheWay(documents []Document, evidence, old []string, force bool) (wrong []string) {
	own := make(map[string]bool)
	for _, name := range old {
		own[name] = true
		if _, err := f.place(name); err != nil {
			wrong = append(wrong, fmt.Sprint(err))
		}
	}
	if len(evidence) > 0 {
		documents = append([]Document{journal(nil)}, documents...)
	}
	var foreign []string
	for _, d := range documents {
		exists, err := f.place(d.Name)
		if err != nil {
			wrong = append(wrong, fmt.Sprint(err))
		} else if exists && !d.Own(f.beginning(d.Name)) {
			foreign = append(foreign, d.Name)
		}
	}
	for _, name := range evidence {
		exists, err := f.place(name)
		if err != nil && !own[name] {
			wrong = append(wrong, fmt.Sprint(err))
		} else if exists && !own[name] {
			foreign = append(foreign, name)
		}
	}
	if len(foreign) > 0 && !force {
		wrong = append(wrong, fmt.Sprintf("%s: not written by matrixrun: want another folder, or --force to overwrite", text.Some(foreign, 5)))
	}
	return unique(wrong)
}

// unique returns texts without repetitions.
func unique(texts []string) (out []string) {
	seen := make(map[string]bool)
	for _, s := range texts {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// place reports whether there is a regular file of the folder with a
// slash-separated name. It is an error if there is something else, or if anything
// above it is not a folder: above all, a link.
func (f *Folder) place(name string) (exists bool, err error) {
	for i := range len(name) + 1 {
		if i < len(name) && name[i] != '/' {
			continue
		}
		info, err := f.root.Lstat(filepath.FromSlash(name[:i]))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return false, nil
		case err != nil:
			return false, fmt.Errorf("%s: %w", name[:i], reason(err))
		case info.Mode()&fs.ModeSymlink != 0:
			return false, fmt.Errorf("%s: it is a link, which is not followed: remove it", name[:i])
		case i < len(name) && !info.IsDir():
			return false, fmt.Errorf("%s: it is not a folder: remove it", name[:i])
		case i == len(name) && !info.Mode().IsRegular():
			return false, fmt.Errorf("%s: it is not a regular file: remove it", name[:i])
		}
	}
	return true, nil
}

// beginning returns the first bytes of a regular file, none if it cannot be read.
func (f *Folder) beginning(name string) []byte {
	file, err := f.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxBeginning))
	if err != nil {
		return nil
	}
	return data
}
