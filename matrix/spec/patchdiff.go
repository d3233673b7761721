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
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
	"github.com/matrixrun/matrixrun/matrix/internal/git"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// Names says what the names of files in a diff are relative to.
type Names = diff.Names

// Found is for names of which nothing is known.
var Found = diff.Found

// NamesIn returns the names of a diff of a suite's target that may be kept in a program's
// vendor folder, or in another place with the module's path; nothing is known of that if the
// suite is nil. Strip is the number of folders that are not the module's, as for
// git apply -p, or negative if that is not known.
func NamesIn(suite *matrix.Spec, strip int) Names {
	names := Names{Strip: strip}
	if suite != nil {
		names.Modules = suite.Target.Paths()
	}
	return names
}

// LoadDiff reads a diff or a series of commits, as git diff, git format-patch and
// diff -u write them, and returns a patch with one variant for every release. The diff
// may begin with a header like those in a patch's folder, in which no field is required.
// Its Releases field is returned separately, since a diff is tried on every release
// that the user asks for. The header of a mail or of a commit is skipped: its
// "Fixes:" line does not name scenarios.
//
// Mistakes are returned as matrix.Problems, with their lines. The file may be a pipe:
// then LoadDiff waits for its end, or until ctx is cancelled.
func LoadDiff(ctx context.Context, file string, names Names) (*matrix.Patch, matrix.Constraint, error) {
	data, err := awaitPatch(ctx, filepath.ToSlash(file), func() (fs.File, error) { return os.Open(file) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil, matrix.Constraint{}, matrix.Problems{{File: filepath.ToSlash(file), Text: "there is no such file"}}
	}
	if err != nil {
		return nil, matrix.Constraint{}, err
	}
	name := filepath.Base(file)
	for _, ext := range []string{".patch", ".diff"} {
		name = strings.TrimSuffix(name, ext)
	}
	v, err := parseVariant(filepath.ToSlash(file), data, false, names)
	if err != nil {
		return nil, matrix.Constraint{}, err
	}
	// Conflicts name the file, and are published: keep no path of this machine.
	if filepath.IsAbs(file) {
		v.File = filepath.Base(file)
	}
	p, releases := single(name, v)
	return p, releases, nil
}

// commitDigits is how much of a commit's hash is the name of its patch.
const commitDigits = 12

var commitName = regexp.MustCompile(fmt.Sprintf("^[0-9a-f]{%d}$", commitDigits))

// IsCommit reports whether a patch of this name may have been read by LoadCommit, which then
// reads it again.
func IsCommit(name string) bool { return commitName.MatchString(name) }

// CommitOrigin is what the Origin of a patch that is a commit begins with; its full hash
// follows.
const CommitOrigin = "commit "

// LoadCommit returns a patch with the changes of a commit against its first
// parent. The clone is a folder: a repository, or the folder of the module in it.
// The ref is anything that git accepts for a commit. The patch is named after the
// commit's hash.
//
// A missing clone or commit is returned as matrix.Problems; a missing git command
// is another error.
func LoadCommit(ctx context.Context, clone, ref string) (*matrix.Patch, error) {
	c, err := git.Show(ctx, clone, ref)
	var refused *git.RefusedError
	var missing *git.NoCommitError
	var flood *proc.FloodError
	switch {
	case errors.As(err, &refused):
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: commit %q cannot be tried: %v", clone, ref, err)}}
	case errors.As(err, &missing):
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: %v", clone, missing)}}
	case errors.Is(err, fs.ErrNotExist):
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: want the folder of a clone that has the commit %q", clone, ref)}}
	case errors.As(err, &flood):
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: commit %q changes too much for a patch: its diff has %v", clone, ref, flood)}}
	case err != nil:
		return nil, fmt.Errorf("reading commit %s: %w", ref, err)
	}
	name := c.Hash[:commitDigits]
	if len(bytes.TrimSpace(c.Diff)) == 0 {
		return nil, matrix.Problems{{Text: fmt.Sprintf("--git %s: commit %s changes nothing in this folder", clone, name)}}
	}
	v, err := parseVariant("commit "+name, c.Diff, false, Names{Nested: c.Nested, Strip: -1})
	if err != nil {
		return nil, err
	}
	v.Description, v.Origin = c.Subject, CommitOrigin+c.Hash
	p, _ := single(name, v)
	return p, nil
}

// unfit matches what the name of a patch cannot have: it becomes part of row IDs.
var unfit = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// single returns a patch with one variant for all releases, and the releases that
// the variant named.
func single(name string, v matrix.Variant) (*matrix.Patch, matrix.Constraint) {
	name = strings.Trim(unfit.ReplaceAllString(name, "-"), ".-")
	if name == "" || name == matrix.ReservedPatch {
		name = "patch"
	}
	releases := v.Releases
	v.Patch, v.Releases = name, matrix.Constraint{}
	return &matrix.Patch{Name: name, Variants: []matrix.Variant{v}}, releases
}
