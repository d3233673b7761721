package spec

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
)

// readReproduction checks the reproduction's folder and computes its digest.
func (l *loader) readReproduction(doc *document, spec *matrix.Spec) error {
	folder := doc.reproduction
	if !folder.given() || !localPath(folder.value) {
		return nil // noted already
	}
	info, err := fs.Stat(l.files, spec.Reproduction)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		l.problems.Add(l.display(FileName), folder.line, "reproduction %q is no folder here: want the one with the reproduction's Go files", folder.value)
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the reproduction: %w", err)
	}
	files, err := spec.ReproductionFiles()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(files, func(f string) bool { return path.Dir(f) == spec.Reproduction && path.Ext(f) == ".go" }) {
		l.problems.Add(l.display(FileName), folder.line, "reproduction %q has no Go files: want a package main that can list and run the scenarios", folder.value)
		return nil
	}
	return l.readReproductionFiles(doc, files, spec)
}

// readReproductionFiles puts the length of each name and file before its
// bytes, so that no two sets of files give the same stream to hash.
func (l *loader) readReproductionFiles(doc *document, files []string, spec *matrix.Spec) error {
	hash := sha256.New()
	if spec.Module != "" {
		fmt.Fprintf(hash, "module %s\n", spec.Module)
	}
	contents := map[string][]byte{}
	for _, file := range files {
		data, err := fs.ReadFile(l.files, file)
		if err != nil {
			return fmt.Errorf("reading the reproduction: %w", err)
		}
		fmt.Fprintf(hash, "%d %s %d\n", len(file), file, len(data))
		hash.Write(data)
		contents[file] = data
	}
	spec.ReproductionDigest = fmt.Sprintf("sha256:%x", hash.Sum(nil))
	var own *modfile.File
	if name := path.Join(spec.Reproduction, "go.mod"); contents[name] != nil {
		if own = l.checkGoMod(name, contents[name], spec.Target); own == nil {
			return nil
		}
		if doc.module.given() {
			l.problems.Add(l.display(FileName), doc.module.line, "the reproduction has a go.mod, which says its module's path: leave module out here")
		}
	}
	l.checkPackages(files, contents, spec, own)
	return nil
}

// checkPackages notes what keeps the packages of the reproduction from being one
// program.
func (l *loader) checkPackages(files []string, contents map[string][]byte, spec *matrix.Spec, own *modfile.File) {
	c := newCodebase(spec, own)
	for _, file := range files {
		if path.Ext(file) == ".go" {
			c.add(l.display(file), path.Dir(spec.InReproduction(file)), contents[file])
		}
	}
	c.check(&l.problems)
}

// checkGoMod notes the replace lines that a row could not honour. Each row
// replaces the target itself, and a folder named relative to the user's tree
// is not there beside the copy that is built; losing such a line without a
// word would test something else than the user does. It returns nil where the
// file cannot be read.
func (l *loader) checkGoMod(file string, data []byte, target matrix.Target) *modfile.File {
	display := l.display(file)
	mod, err := modfile.Parse(display, data, nil)
	var malformed modfile.ErrorList
	if errors.As(err, &malformed) {
		for _, e := range malformed {
			l.problems.Add(display, e.Pos.Line, "%v", e.Err)
		}
		return nil
	}
	if err != nil {
		l.problems.Add(display, 0, "%v", err)
		return nil
	}
	for _, r := range mod.Replace {
		line := 0
		if r.Syntax != nil {
			line = r.Syntax.Start.Line
		}
		switch {
		case isTarget(target, r.Old.Path):
			l.problems.Add(display, line, "replaces %s, the target: each row replaces it by its own release, so take this line out", r.Old.Path)
		case r.New.Version == "":
			l.problems.Add(display, line, "replaces %s by the folder %s, which is not there in the copy that is built: want a module and a version", r.Old.Path, r.New.Path)
		}
	}
	return mod
}

func isTarget(t matrix.Target, module string) bool {
	return module == t.Module || slices.ContainsFunc(t.Former, func(f matrix.Former) bool { return f.Module == module })
}
