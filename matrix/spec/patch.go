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
)

// LoadPatch reads a patch: the folder that holds its variants, each a *.patch
// or *.diff file. The directory is the folder as messages name it; its last
// element is the patch's name. Variants come sorted by file name. What can be
// judged only with a suite at hand is left to CheckPatch.
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
		problems.Add(dir, 0, "%q is no name for a patch: want letters, digits, dots, dashes", p.Name)
	}
	if len(names) == 0 {
		problems.Add(dir, 0, "holds no patch: want unified diffs with a header, in files named *.patch or *.diff")
	}
	for _, name := range names {
		file := path.Join(dir, name)
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		v, err := parseVariant(file, data)
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

// variantNames relies on fs.ReadDir to sort.
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

// parseVariant reads one file; its header is parsed, its diff is kept byte by
// byte, since line ends belong to what it changes.
func parseVariant(file string, data []byte) (matrix.Variant, error) {
	head, changes := splitHeader(data)
	h := header{file: file, fields: map[string]field{}}
	h.read(head)
	v := matrix.Variant{
		File:         file,
		Description:  h.need("Description", "one line on what it changes and why").value,
		Origin:       h.fields["Origin"].value,
		Bug:          h.fields["Bug"].value,
		Applied:      h.fields["Applied-Upstream"].value,
		Diff:         changes,
		SHA256:       checksum.Bytes(data),
		ReleasesLine: h.fields["Releases"].line,
		FixesLine:    h.fields["Fixes"].line,
	}
	if releases := h.need("Releases", ">= 0.44, < 0.50"); releases.value != "" {
		var err error
		if v.Releases, err = matrix.ParseConstraint(releases.value); err != nil {
			h.problems.Add(file, releases.line, "Releases: %v", err)
		}
	}
	v.Fixes = h.globs("Fixes")
	if !hasDiff(changes) {
		h.problems.Add(file, 0, "has no diff: want a unified diff after the header")
		return v, h.problems.Err()
	}
	v.DiffLine = 1 + bytes.Count(data[:len(data)-len(changes)], []byte("\n"))
	_, err := diff.Parse(file, v.DiffLine, changes)
	if err := h.problems.Join(err); err != nil {
		return v, err
	}
	return v, h.problems.Err()
}

// hasDiff reports whether some line starts the diff of a file; a header may be
// followed by nothing, or by words alone.
func hasDiff(changes []byte) bool {
	for line := range strings.Lines(string(changes)) {
		if startsDiff(line) {
			return true
		}
	}
	return false
}

// globs splits a field that holds globs of scenarios.
func (h *header) globs(name string) []string {
	f := h.fields[name]
	globs := strings.FieldsFunc(f.value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	for _, glob := range globs {
		if _, err := path.Match(glob, ""); err != nil {
			h.problems.Add(h.file, f.line, "%s: %q is no glob: want a scenario's name, with * for any letters", name, glob)
		}
	}
	return slices.Clip(globs)
}
