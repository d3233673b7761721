// Package spec reads the folder of a suite and its patches. It reports all mistakes at
// once, each with its file, its line and what would be right.
//
// A Spec is checked as far as files alone allow: every name, range and glob in it is
// valid, and later stages rely on that. Mistakes are returned as matrix.Problems; any
// other error means that a file could not be read.
//
// The folder of a suite has these files:
//
//	matrix.yaml        the question
//	releases.lock      the releases and their checksums
//	forks.lock         versions of forks and their checksums, for run --forks; optional
//	releases.index     what the files of each release contain; see package content
//	GO-2025-3553.json  an OSV record that expect names; see package osv
//	repro/             the reproduction, a package main; matrix.yaml names the folder
//	repro/NAME/        more packages of it, imported by a path below its module path
//	repro/go.mod       names that module, and what the reproduction requires; without
//	                   it matrix.yaml may name the module, as
//	                   "reproduction: {folder: repro, module: PATH}", and otherwise it
//	                   is matrixrun.test/repro
//
// A reproduction that speaks test is a package with tests instead, in that folder or one
// below: see package testfiles for the files that belong to it.
package spec

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// FileName is the name of the file that makes a folder a suite.
const FileName = "matrix.yaml"

// Load reads the suite in a folder. Messages put the name before file names: it is that
// of a shipped suite, or the folder as the user named it.
func Load(files fs.FS, name string) (*matrix.Spec, error) {
	l := loader{files: files, name: name, needLock: true}
	return l.load()
}

// LoadUnlocked is Load for a caller that is about to write releases.lock. The file may
// be missing or empty, and matrix.yaml is not checked against it. Mistakes in an
// existing file are still reported.
func LoadUnlocked(files fs.FS, name string) (*matrix.Spec, error) {
	l := loader{files: files, name: name}
	return l.load()
}

type loader struct {
	files    fs.FS
	name     string
	needLock bool
	problems matrix.Problems
}

// display returns what messages call a file of the suite.
func (l *loader) display(file string) string { return path.Join(l.name, file) }

func (l *loader) load() (*matrix.Spec, error) {
	doc, err := l.readDocument()
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, l.problems.Err()
	}
	spec := doc.build()
	spec.Files = l.files
	if err := l.readLock(doc, spec); err != nil {
		return nil, err
	}
	if err := l.readForks(doc, spec); err != nil {
		return nil, err
	}
	if err := l.readAdvisories(doc, spec); err != nil {
		return nil, err
	}
	if err := l.readReproduction(doc, spec); err != nil {
		return nil, err
	}
	// The checks are ordered by topic. A person reads from top to bottom.
	slices.SortStableFunc(l.problems, func(a, b matrix.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	return spec, nil
}

// readDocument reads and checks matrix.yaml. It returns nil if nothing could be parsed.
func (l *loader) readDocument() (*document, error) {
	file := l.display(FileName)
	data, err := readBounded(l.files, FileName, file, maxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		l.problems.Add(file, 0, "there is no such file: a suite is a folder with %s (the question), %s (the releases and their checksums) and a folder with the reproduction's Go files",
			FileName, lockfile.Name)
		return nil, nil
	}
	if err != nil {
		return nil, l.problems.Join(err)
	}
	r := &reader{file: file}
	var doc *document
	if root := r.parse(data); root != nil {
		doc = r.readDocument(root)
		r.check(doc)
		if r.unknown > maxUnknown {
			r.addf(r.more, "and %s", text.Count(r.unknown-maxUnknown, "more unknown key"))
		}
	}
	l.problems = append(l.problems, r.problems...)
	return doc, nil
}

// maxDocument bounds a matrix.yaml, in bytes. One with 100 scenarios takes 20,000.
const maxDocument = 1 << 20

// readBounded reads a regular file of at most that many bytes. The name of the file in
// messages is file. If it is anything else, the error is of type matrix.Problems.
func readBounded(files fs.FS, name, file string, most int64) ([]byte, error) {
	info, err := fs.Stat(files, name) // opening a named pipe would wait
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", file, err)
	case !info.Mode().IsRegular():
		return nil, matrix.Problems{{File: file, Text: "is not a regular file"}}
	case info.Size() > most:
		return nil, matrix.Problems{{File: file, Text: fmt.Sprintf("has %d bytes: want at most %d", info.Size(), most)}}
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return data, nil
}

// readLock reads releases.lock into the spec. It checks matrix.yaml against it only if
// it could be parsed: one bad line of the lock should not make every range a mistake.
func (l *loader) readLock(doc *document, spec *matrix.Spec) error {
	file := l.display(lockfile.Name)
	data, err := readBounded(l.files, lockfile.Name, file, lockfile.MaxSize)
	switch {
	case errors.Is(err, fs.ErrNotExist) && l.needLock:
		l.problems.Add(file, 0, "there is no such file: `matrixrun lock %s` writes it", l.name)
		return nil
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return l.problems.Join(err)
	}
	spec.LockDigest = digest(data)
	spec.Lock, spec.Known, err = lockfile.Parse(file, data)
	if err != nil {
		return l.problems.Join(err)
	}
	l.checkLockModules(doc, spec, data)
	if l.needLock {
		l.checkAgainstLock(doc, spec)
	}
	return nil
}

// digest returns the SHA-256 of data in the form of results.json.
func digest(data []byte) string { return "sha256:" + checksum.Bytes(data) }
