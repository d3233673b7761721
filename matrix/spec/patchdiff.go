package spec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
	"github.com/matrixrun/matrixrun/matrix/internal/git"
)

// LoadDiff reads a diff from a file of its own, as git diff, git format-patch
// and diff -u write it, and makes a patch of it whose one variant is for every
// release. Where it begins with a header as the files of a patch's folder do,
// that is read too, and no field must be there: what it says of Releases is kept
// beside the patch, since a diff is tried wherever it is asked for. The header
// that a mail or a commit has says nothing that is understood here; above all
// its "Fixes:" names no scenarios.
//
// Mistakes come as matrix.Problems, with their lines.
func LoadDiff(file string) (*matrix.Patch, matrix.Constraint, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, matrix.Constraint{}, matrix.Problems{{File: filepath.ToSlash(file), Text: "there is no such file"}}
	}
	if err != nil {
		return nil, matrix.Constraint{}, fmt.Errorf("reading a diff: %w", err)
	}
	name := filepath.Base(file)
	for _, ext := range []string{".patch", ".diff"} {
		name = strings.TrimSuffix(name, ext)
	}
	v, err := parseDiff(filepath.ToSlash(file), data)
	if err != nil {
		return nil, matrix.Constraint{}, err
	}
	// What is kept of a conflict must not have a path of this machine.
	if filepath.IsAbs(file) {
		v.File = filepath.Base(file)
	}
	p, releases := single(name, v)
	return p, releases, nil
}

// LoadCommit makes a patch of what a commit of a git clone changes against its
// first parent. The clone is a folder, the module's where that is not the whole
// repository; ref is anything that git takes for a commit. The patch is named
// after the commit's hash.
//
// A clone or a commit that is not there is a mistake, and comes as
// matrix.Problems; that there is no git command is another error.
func LoadCommit(ctx context.Context, clone, ref string) (*matrix.Patch, error) {
	c, err := git.Show(ctx, clone, ref)
	var refused *git.RefusedError
	switch {
	case errors.As(err, &refused):
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: there is no commit %q to try: %v", clone, ref, err)}}
	case errors.Is(err, fs.ErrNotExist):
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: want a folder, the clone that %q is a commit of", clone, ref)}}
	case err != nil:
		return nil, fmt.Errorf("reading commit %s: %w", ref, err)
	}
	const digits = 12
	name := c.Hash[:digits]
	if len(bytes.TrimSpace(c.Diff)) == 0 {
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: commit %s changes nothing there", clone, name)}}
	}
	v, err := parseDiff("commit "+name, c.Diff)
	if err != nil {
		return nil, err
	}
	v.Description, v.Origin = c.Subject, "commit "+c.Hash
	p, _ := single(name, v)
	return p, nil
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// single makes a patch of one diff, for all releases.
func single(name string, v matrix.Variant) (*matrix.Patch, matrix.Constraint) {
	name = strings.Trim(unfit.ReplaceAllString(name, "-"), ".-")
	if name == "" {
		name = "patch"
	}
	releases := v.Releases
	v.Patch, v.Releases = name, matrix.Constraint{}
	return &matrix.Patch{Name: name, Variants: []matrix.Variant{v}}, releases
}

// parseDiff reads a diff with a header of ours, of somebody else's or of none.
func parseDiff(file string, data []byte) (matrix.Variant, error) {
	head, changes := splitHeader(data)
	v := matrix.Variant{File: file, Diff: changes, SHA256: checksum.Bytes(data)}
	h := header{file: file, fields: map[string]field{}}
	if ownHeader(head) {
		h.read(head)
		v.Description, v.Fixes = h.fields["Description"].value, h.globs("Fixes")
		v.FixesLine, v.ReleasesLine = h.fields["Fixes"].line, h.fields["Releases"].line
		var err error
		if v.Releases, err = matrix.ParseConstraint(h.fields["Releases"].value); err != nil {
			h.problems.Add(file, v.ReleasesLine, "Releases: %v", err)
		}
	}
	if !hasDiff(changes) {
		h.problems.Add(file, 0, "has no diff: want what git diff, git format-patch or diff -u writes")
		return v, h.problems.Err()
	}
	v.DiffLine = 1 + bytes.Count(data[:len(data)-len(changes)], []byte("\n"))
	_, err := diff.Parse(file, v.DiffLine, changes)
	if err := h.problems.Join(err); err != nil {
		return v, err
	}
	return v, h.problems.Err()
}

// ownHeader reports whether a header is one of ours: it begins with a field that
// DEP-3 has and a mail has not.
func ownHeader(head string) bool {
	for line := range strings.Lines(head) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, _, ok := strings.Cut(line, ":")
		same := func(known string) bool { return strings.EqualFold(known, name) }
		return ok && (slices.ContainsFunc(headerFields, same) || slices.ContainsFunc(otherFields, same))
	}
	return false
}
