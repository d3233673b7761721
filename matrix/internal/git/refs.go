package git

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Ref is a name of a commit.
type Ref struct {
	Name string // in full, such as "refs/tags/v1.0.0"
	Commit
}

// Short returns the name as people write it: "main", "v1.0.0", "origin/main".
func (r Ref) Short() string { return short(r.Name) }

func short(name string) string {
	for _, kind := range []string{"refs/heads/", "refs/tags/", "refs/remotes/"} {
		if rest, ok := strings.CutPrefix(name, kind); ok {
			return rest
		}
	}
	return name
}

func shortNames(refs []string) []string {
	names := make([]string, len(refs))
	for i, name := range refs {
		names[i] = short(name)
	}
	return names
}

// A NoRefError reports that no branch or tag matches a pattern.
type NoRefError struct {
	Pattern string
	Near    string // a name that was probably meant, may be empty
}

func (e *NoRefError) Error() string {
	words := fmt.Sprintf("no branch or tag of the clone matches %q", e.Pattern)
	if e.Near != "" {
		words += fmt.Sprintf(": did you mean %q?", e.Near)
	}
	return words
}

// Refs returns the branches, tags and remote branches that match a pattern, sorted by
// name. The pattern is that of path.Match, for the short or the full name. Refs that
// name no commit are left out. The error is path.ErrBadPattern, or a *NoRefError if
// nothing matches.
func (c *Clone) Refs(ctx context.Context, pattern string) ([]Ref, error) {
	all, err := c.refs(ctx)
	if err != nil {
		return nil, err
	}
	var matching []Ref
	for _, name := range all {
		isShort, err := path.Match(pattern, short(name))
		isFull, _ := path.Match(pattern, name)
		if err != nil {
			return nil, fmt.Errorf("the pattern %q: %w", pattern, err)
		}
		if !isShort && !isFull {
			continue
		}
		commit, err := c.Commit(ctx, name)
		if err != nil {
			return nil, err
		}
		matching = append(matching, Ref{name, commit})
	}
	if len(matching) == 0 {
		near, _ := text.Nearest(strings.Trim(pattern, "*?"), shortNames(all))
		return nil, &NoRefError{pattern, near}
	}
	return matching, nil
}

// refs returns the full names of all branches and tags that name a commit.
func (c *Clone) refs(ctx context.Context) ([]string, error) {
	return c.listRefs(ctx, "refs/heads", "refs/remotes", "refs/tags")
}

// listRefs returns the full names of refs that name a commit, as for-each-ref selects
// them.
func (c *Clone) listRefs(ctx context.Context, args ...string) ([]string, error) {
	out, err := c.run(ctx, append([]string{"for-each-ref", "--format=%(refname) %(objecttype) %(*objecttype)"}, args...)...)
	var names []string
	for _, line := range fields(out, "\n") {
		name, types, _ := strings.Cut(line, " ")
		if own, of, _ := strings.Cut(types, " "); own == "commit" || own == "tag" && of == "commit" {
			names = append(names, name)
		}
	}
	return names, err
}

// FirstTag returns the lowest version of a module whose tag has a commit in its
// history, with its leading v, or "". See versions.
func (c *Clone) FirstTag(ctx context.Context, hash, modulePath string) (string, error) {
	versions, err := c.versions(ctx, modulePath, "--contains="+hash)
	if err != nil || len(versions) == 0 {
		return "", err
	}
	return versions[0], nil
}

// Before returns the versions of a module whose tags are in the history of a commit,
// sorted.
func (c *Clone) Before(ctx context.Context, hash, modulePath string) ([]string, error) {
	return c.versions(ctx, modulePath, "--merged="+hash)
}

// Version returns the version that the go command gives a commit of a module: that of
// its tag, or a pseudo-version after the highest version in its history.
func (c *Clone) Version(ctx context.Context, commit Commit, modulePath string) (string, error) {
	tagged, err := c.versions(ctx, modulePath, "--points-at="+commit.Hash)
	if err != nil {
		return "", err
	}
	if n := len(tagged); n > 0 {
		return tagged[n-1], nil
	}
	before, err := c.Before(ctx, commit.Hash, modulePath)
	if err != nil {
		return "", err
	}
	older := ""
	if n := len(before); n > 0 {
		older = before[n-1]
	}
	_, major, _ := module.SplitPathVersion(modulePath)
	const digits = 12 // of the hash, as the go command has them
	return module.PseudoVersion(module.PathMajorPrefix(major), older, commit.Time, commit.Hash[:digits]), nil
}

// Tag returns the name of the tag that a version of a module has.
func (c *Clone) Tag(version, modulePath string) string { return c.tagPrefix(modulePath) + version }

// tagPrefix returns what precedes the version in a tag: nothing for a module at the
// top of the repository, else its folder. The folder of a major version is not part
// of it: https://go.dev/ref/mod#vcs-version.
func (c *Clone) tagPrefix(modulePath string) string {
	folder := c.Folder
	if _, major, ok := module.SplitPathVersion(modulePath); ok && strings.HasPrefix(major, "/") && path.Base(folder) == major[1:] {
		folder = strings.TrimSuffix(strings.TrimSuffix(folder, major[1:]), "/")
	}
	if folder == "" {
		return ""
	}
	return folder + "/"
}

// versions returns the versions of a module that are tags, sorted, as for-each-ref
// selects them. Tags that are not versions of this module are left out, such as v1,
// pseudo-versions and those of nested modules.
func (c *Clone) versions(ctx context.Context, modulePath string, args ...string) ([]string, error) {
	_, major, ok := module.SplitPathVersion(modulePath)
	if !ok {
		return nil, fmt.Errorf("looking for the tags of %q: it is not a module path", modulePath)
	}
	prefix := "refs/tags/" + c.tagPrefix(modulePath)
	names, err := c.listRefs(ctx, append(args, prefix+"v*")...)
	if err != nil {
		return nil, err
	}
	var versions []string
	for _, name := range names {
		v := strings.TrimPrefix(name, prefix)
		if module.CanonicalVersion(v) == v && !module.IsPseudoVersion(v) && module.CheckPathMajor(v, major) == nil {
			versions = append(versions, v)
		}
	}
	slices.SortFunc(versions, semver.Compare)
	return versions, nil
}
