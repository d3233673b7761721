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
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// readReproduction checks the reproduction's folder and computes its digest.
func (l *loader) readReproduction(doc *document, spec *matrix.Spec) error {
	folder := doc.reproduction
	if !folder.given() || !localPath(folder.value) {
		return nil // already reported
	}
	info, err := fs.Stat(l.files, spec.Reproduction)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		l.problems.Add(l.display(FileName), folder.line, "the suite has no folder %q: reproduction names the folder with the reproduction's Go files", folder.value)
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the reproduction: %w", err)
	}
	if spec.Speaks == matrix.SpeechTest {
		return l.readTests(doc, spec)
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

// readReproductionFiles computes the digest of the reproduction and checks its
// go.mod and its imports.
func (l *loader) readReproductionFiles(doc *document, files []string, spec *matrix.Spec) error {
	contents, err := l.digestReproduction(files, spec)
	if err != nil {
		return err
	}
	own, err := l.readGoMod(doc, spec)
	if err != nil {
		return l.problems.Join(err)
	}
	c := newCodebase(spec, own)
	if own != nil {
		spec.Module = own.Module.Mod.Path
	}
	for _, file := range files {
		if path.Ext(file) == ".go" {
			c.add(l.display(file), path.Dir(spec.InReproduction(file)), contents[file])
		}
	}
	c.check(&l.problems)
	return nil
}

// digestReproduction computes the digest of the reproduction, and returns its files.
func (l *loader) digestReproduction(files []string, spec *matrix.Spec) (contents map[string][]byte, err error) {
	hash := sha256.New()
	if spec.Module != "" {
		fmt.Fprintf(hash, "module %s\n", spec.Module)
	}
	contents = map[string][]byte{}
	for _, file := range files {
		data, err := fs.ReadFile(l.files, file)
		if err != nil {
			return nil, fmt.Errorf("reading the reproduction: %w", err)
		}
		// With the lengths in front, no two sets of files hash the same bytes.
		fmt.Fprintf(hash, "%d %s %d\n", len(file), file, len(data))
		hash.Write(data)
		contents[file] = data
	}
	spec.ReproductionDigest = fmt.Sprintf("sha256:%x", hash.Sum(nil))
	return contents, nil
}

// readGoMod reads the go.mod of the reproduction. It returns nil if there is no such file.
func (l *loader) readGoMod(doc *document, spec *matrix.Spec) (*modfile.File, error) {
	name := path.Join(spec.Reproduction, "go.mod")
	data, err := fs.ReadFile(l.files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the reproduction: %w", err)
	}
	own, err := gomod.Parse(l.display(name), data, spec.Target, spec.Speaks)
	if err == nil && doc.module.given() {
		l.problems.Add(l.display(FileName), doc.module.line, "the reproduction has a go.mod, which names the module: remove module here")
	}
	if err == nil && own.Go != nil {
		spec.GoLine = own.Go.Version
	}
	return own, err
}
