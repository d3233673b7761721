package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
	"github.com/matrixrun/matrixrun/matrix/internal/glob"
)

// maxVariants is the number of diffs that a patch may have. Each is for other releases.
const maxVariants = 1000

// LoadPatch reads a patch: a folder with its variants, each a *.patch or *.diff file.
// The dir is what messages call the folder; its last element is the patch's name.
// Variants are sorted by file name. CheckPatch makes the checks that need a suite.
func LoadPatch(files fs.FS, dir string) (*matrix.Patch, error) {
	names, err := variantNames(files)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, matrix.Problems{{File: dir, Text: "there is no such folder"}}
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", dir, err)
	}
	var problems matrix.Problems
	p := &matrix.Patch{Name: path.Base(dir)}
	if !folderName.MatchString(p.Name) {
		problems.Add(dir, 0, "%q is not a valid name for a patch: want letters, digits, dots, dashes", p.Name)
	}
	if p.Name == matrix.ReservedPatch {
		problems.Add(dir, 0, "a patch cannot have the name %s, which ends versions such as v2.0.0+%s: rename the folder", p.Name, p.Name)
	}
	if len(names) == 0 {
		problems.Add(dir, 0, "has no patches: want unified diffs with a header, in files named *.patch or *.diff")
	}
	if len(names) > maxVariants {
		problems.Add(dir, 0, "has %d patches: a folder may have up to %d", len(names), maxVariants)
		names = nil
	}
	for _, name := range names {
		file := path.Join(dir, name)
		data, err := readVariant(files, name, file)
		if err := problems.Join(err); err != nil {
			return nil, err
		}
		if data == nil {
			continue // a problem
		}
		v, err := parseVariant(file, data, true, diff.Found)
		if err := problems.Join(err); err != nil {
			return nil, err
		}
		v.Patch = p.Name
		p.Variants = append(p.Variants, v)
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// variantNames returns the names of the files with variants, sorted as fs.ReadDir
// returns them.
func variantNames(files fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(files, ".")
	var names []string
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if !e.IsDir() && (ext == ".patch" || ext == ".diff") {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// parseVariant parses a header and a diff. In a patch's folder the header is
// required. Elsewhere it is read if it is one of ours, and no field is required.
// The diff is kept byte by byte, since line ends are part of what it changes; only its
// names become relative to the module's root.
func parseVariant(file string, data []byte, inFolder bool, names diff.Names) (matrix.Variant, error) {
	head, changes := splitHeader(data)
	h := header{file: file, fields: map[string]field{}}
	if inFolder || ownHeader(head) {
		h.read(head)
	}
	description, releases, fixes := h.fields["Description"], h.fields["Releases"], h.fields["Fixes"]
	v := matrix.Variant{
		File: file, Description: description.value, Diff: changes, SHA256: checksum.Bytes(data),
		ReleasesLine: releases.line, FixesLine: fixes.line,
	}
	if inFolder {
		h.need("Description", "one line on what it changes and why")
		h.need("Releases", ">= 0.44, < 0.50")
		v.Origin, v.License = h.fields["Origin"].value, h.fields["License"].value
		v.Bug, v.Applied = h.fields["Bug"].value, h.fields["Applied-Upstream"].value
	}
	var err error
	if v.Releases, err = matrix.ParseConstraint(releases.value); err != nil {
		h.problems.Add(file, releases.line, "Releases: %v", err)
	}
	v.Fixes = h.globs("Fixes")
	if !hasDiff(changes) {
		h.problems.Add(file, 0, "has no diff: want the output of git diff, git format-patch or diff -u")
		return v, h.problems.Err()
	}
	v.DiffLine = 1 + bytes.Count(data[:len(data)-len(changes)], []byte("\n"))
	d, err := diff.ParseNames(file, v.DiffLine, changes, names)
	if err := h.problems.Join(err); err != nil {
		return v, err
	}
	if d != nil {
		if v.Diff = d.Text(); !bytes.Equal(v.Diff, changes) {
			v.SHA256 = checksum.Bytes(append([]byte(head), v.Diff...))
		}
		v.LeftOut, v.Parted = d.LeftOut(), d.Parted()
		v.Contained = len(v.LeftOut) > 0 || slices.Contains(d.Paths(), "go.mod")
	}
	return v, h.problems.Err()
}

// hasDiff reports whether some line starts the diff of a file. There may be nothing
// after a header, or only text.
func hasDiff(changes []byte) bool {
	for line := range strings.Lines(string(changes)) {
		if startsDiff(line) {
			return true
		}
	}
	return false
}

// globs splits a field with globs of scenarios. It returns nil if the header does
// not have the field.
func (h *header) globs(name string) []string {
	f, ok := h.fields[name]
	if !ok {
		return nil
	}
	globs := strings.FieldsFunc(f.value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	for _, pattern := range globs {
		if !glob.Valid(pattern) {
			h.problems.Add(h.file, f.line, "%s: %q is not a glob: want a scenario's name, with * for any characters", name, pattern)
		}
	}
	return slices.Clip(globs)
}
