package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/git"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Clone is a clone of the target's repository, or of that of a fork. It is only read.
type Clone struct{ git *git.Clone }

// A Commit is a commit of a clone, and what the user called it.
type Commit struct {
	git.Commit
	label string // that is part of the row's name
	text  string // in results
}

// OpenClone opens the clone that a folder is or is in, the value of --git.
func OpenClone(ctx context.Context, dir string) (*Clone, error) {
	clone, err := git.OpenFlag(ctx, dir)
	return &Clone{clone}, err
}

// Commits returns the commits that a value of --refs names: a range A..B, a pattern of
// branches and tags, or one commit. The error is matrix.Problems if it names none.
func (c *Clone) Commits(ctx context.Context, refs string) (all []Commit, err error) {
	from, to, isRange := strings.Cut(refs, "..")
	switch {
	case isRange:
		all, err = c.commitRange(ctx, from, to)
	case strings.ContainsAny(refs, "*?["):
		var found []git.Ref
		found, err = c.git.Refs(ctx, refs)
		for _, ref := range found {
			all = append(all, Commit{ref.Commit, ref.Short(), ref.Short()})
		}
	default:
		var one git.Commit
		one, err = c.git.Commit(ctx, refs)
		all = []Commit{{one, refs, refs}}
	}
	if git.Mendable(err) {
		return nil, matrix.Mistake("--refs %s: %v", refs, err)
	}
	if err == nil && len(all) == 0 {
		return nil, matrix.Mistake("--refs %s: there is no commit in this range: want A..B, where B has commits that A does not have", refs)
	}
	return all, err
}

// commitRange returns the commits that to has and from does not, the oldest first. An
// empty end is HEAD, as for git.
func (c *Clone) commitRange(ctx context.Context, from, to string) (all []Commit, err error) {
	if strings.HasPrefix(to, ".") {
		return nil, matrix.Mistake("--refs %s..%s: three dots name no range from one commit to another: want A..B", from, to)
	}
	var ends [2]git.Commit
	for i, end := range []*string{&from, &to} {
		if *end == "" {
			*end = "HEAD"
		}
		if ends[i], err = c.git.Commit(ctx, *end); err != nil {
			return nil, err
		}
	}
	found, err := c.git.Range(ctx, ends[0].Hash, ends[1].Hash)
	for _, one := range found {
		all = append(all, Commit{one, to, from + ".." + to})
	}
	return all, err
}

// unusual matches characters that a ref can have and the name of a row cannot.
var unusual = regexp.MustCompile(`[^A-Za-z0-9._/-]+`)

// RefName returns a ref as the names of rows have it.
func RefName(ref string) string { return unusual.ReplaceAllString(ref, "-") }

// name returns what the row of a commit is called: by its label and its hash.
func (c Commit) name() string {
	label := RefName(c.label)
	if strings.HasPrefix(c.Hash, c.label) {
		label = "commit" // the label is the hash
	}
	return label + "@" + c.Hash[:hashDigits]
}

// Release returns a release for a commit. It makes its zip in the folder temp, which is
// the one that the go command would make of the commit.
//
// The error is matrix.Problems if the commit is not a module that can be published, or
// git.ErrPartial if the clone does not have its files. The release then has the name of its
// row all the same.
func (c *Clone) Release(ctx context.Context, commit Commit, target matrix.Target, temp string) (matrix.Release, error) {
	r := matrix.Release{Time: commit.Time, Origin: &matrix.Origin{Kind: matrix.SourceRef, Name: commit.name(), Ref: commit.text + " " + commit.Hash}}
	what := "commit " + commit.Hash[:hashDigits]
	if commit.text != commit.Hash {
		what = fmt.Sprintf("--refs %s: %s", commit.text, what)
	}
	entries, err := c.git.Entries(ctx, commit.Hash)
	if err != nil {
		return r, fmt.Errorf("%s: %w", what, err)
	}
	if r.Module, err = c.pathAt(ctx, target, commit.Hash, entries.Modules, what); err != nil {
		return r, err
	}
	r.Origin.Path = r.Module
	if r.Version, err = c.git.Version(ctx, commit.Commit, r.Module); err != nil {
		return r, err
	}
	p := packer{temp, what, entries.Submodules, "check it out with its submodules, and name that folder with --source"}
	err = p.pack(ctx, &r, func(w io.Writer) error {
		return c.git.Zip(ctx, w, commit.Hash, module.Version{Path: r.Module, Version: r.Version})
	})
	return r, err
}

// pathAt returns the module path in the go.mod of a commit, which has nested modules in
// some folders. A commit from before modules has the path that the target first had.
func (c *Clone) pathAt(ctx context.Context, target matrix.Target, hash string, nested []string, what string) (string, error) {
	data, err := c.git.ReadFile(ctx, hash, path.Join(c.git.Folder, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) && len(nested) > 0 && c.git.Bare {
		return "", matrix.Mistake("%s: it has no go.mod at its top, and a bare clone has no folder to name: clone it with a checkout, and name the folder of the module in that with --git, such as %s", what, text.Some(nested, 5))
	}
	if errors.Is(err, fs.ErrNotExist) && len(nested) > 0 {
		return "", matrix.Mistake("%s: it has no go.mod in this folder of the clone: name the folder of its module with --git, such as %s", what, text.Some(nested, 5))
	}
	if errors.Is(err, fs.ErrNotExist) {
		paths := target.Paths()
		return paths[len(paths)-1], nil
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	declared := modfile.ModulePath(data)
	if declared == "" {
		return "", matrix.Mistake("%s: its go.mod has no module line", what)
	}
	return declared, nil
}

// Ancestor returns the newest release of a suite's lock that is in the history of a
// commit, or "".
func (c *Clone) Ancestor(ctx context.Context, commit Commit, suite *matrix.Spec) (string, error) {
	versions, err := c.git.Before(ctx, commit.Hash, suite.Target.Module)
	for _, v := range slices.Backward(versions) {
		if holds(suite.Lock, v) {
			return v, nil
		}
	}
	return "", err
}

// FolderAncestor is Ancestor for what is checked out in a folder. A folder that is not in a
// clone has none.
func FolderAncestor(ctx context.Context, dir string, suite *matrix.Spec) (string, error) {
	clone, err := git.Open(ctx, dir)
	var head git.Commit
	if err == nil {
		head, err = clone.Commit(ctx, "HEAD")
	}
	switch {
	case git.Mendable(err): // it is no clone, or nothing was committed yet
		return "", nil
	case err != nil:
		return "", err
	}
	return (&Clone{clone}).Ancestor(ctx, Commit{Commit: head}, suite)
}
