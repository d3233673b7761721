package diff

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

const devNull = "/dev/null"

// paths returns the old and the new path of a file in the tree, empty for a
// file that is not there on that side. go-gitdiff is asked for those that stand
// in a git header; in the names above a hunk it leaves a plain diff's prefixes
// in place, and hides what it dropped.
func (s section) paths(f *gitdiff.File) (from, to string, err error) {
	from, to = f.OldName, f.NewName
	switch {
	case f.IsRename || f.IsCopy:
		// Lines of their own name the files in full.
	case s.old != "":
		from, to, err = namedPair(s.old, s.new)
		if !s.git && err == nil {
			from, to = plainPair(f, from, to)
		}
	}
	if err != nil {
		return "", "", err
	}
	if f.IsNew {
		from = ""
	}
	if f.IsDelete {
		to = ""
	}
	for _, p := range []string{from, to} {
		if err := checkPath(p); err != nil {
			return "", "", err
		}
	}
	return from, to, nil
}

// namedPair reads the names of a pair of "---" and "+++" lines. What both have
// in front of the same path is a prefix if it differs, as in a/x.go and b/x.go
// (git), or old/x.go and new/x.go (diff -r); otherwise it is a folder.
func namedPair(oldName, newName string) (from, to string, err error) {
	if from, err = unquote(oldName); err != nil {
		return "", "", err
	}
	if to, err = unquote(newName); err != nil {
		return "", "", err
	}
	oldHead, oldRest, oldCut := strings.Cut(from, "/")
	newHead, newRest, newCut := strings.Cut(to, "/")
	switch {
	case from == devNull:
		return "", strings.TrimPrefix(to, "b/"), nil
	case to == devNull:
		return strings.TrimPrefix(from, "a/"), "", nil
	case oldCut && newCut && oldHead != newHead && (oldRest == newRest || oldHead == "a" && newHead == "b"):
		return oldRest, newRest, nil
	}
	return from, to, nil
}

// plainPair settles the path of a file in a plain diff, which knows no renames
// and says by a timestamp that a file is new or gone. Names that differ are
// those of a backup: the one that the other only adds to is meant.
func plainPair(f *gitdiff.File, from, to string) (string, string) {
	switch {
	case f.IsNew || f.IsDelete || from == to:
		return from, to
	case strings.HasPrefix(to, from):
		return from, from
	default:
		return to, to
	}
}

// unquote reads a name as it stands in a header: up to a tab, behind which
// plain diffs have a time, or quoted as in C.
func unquote(name string) (string, error) {
	if !strings.HasPrefix(name, `"`) {
		name, _, _ = strings.Cut(name, "\t")
		return name, nil
	}
	quoted, err := strconv.QuotedPrefix(name)
	if err != nil {
		return "", fmt.Errorf("the file's name %s is not quoted as git quotes", name)
	}
	return strconv.Unquote(quoted)
}

// checkPath refuses a path that does not stay below the tree's root, or that
// means something else on another system.
func checkPath(p string) error {
	switch {
	case p == "":
		return nil
	case strings.HasPrefix(p, "/"), filepath.IsAbs(p):
		return fmt.Errorf("the path %q is absolute: name files relative to the module's root", p)
	case p == "..", strings.HasPrefix(p, "../"), strings.HasSuffix(p, "/.."), strings.Contains(p, "/../"):
		return fmt.Errorf("the path %q has a %q in it: name files relative to the module's root", p, "..")
	case !fs.ValidPath(p), p == ".", !filepath.IsLocal(filepath.FromSlash(p)), strings.ContainsAny(p, "\\\x00\r\n"):
		return fmt.Errorf("%q is no path of a file in a module", p)
	}
	return nil
}

// File modes as git writes them.
const (
	gitModeType = 0o170000
	gitRegular  = 0o100000
	gitSymlink  = 0o120000
	gitModule   = 0o160000
)

// checkMode refuses whatever is no regular file. Zero is no mode at all.
func checkMode(mode fs.FileMode) error {
	switch mode & gitModeType {
	case 0, gitRegular:
		return nil
	case gitSymlink:
		return fmt.Errorf("symbolic links are not patched: mode %o", mode)
	case gitModule:
		return fmt.Errorf("git submodules are not patched: mode %o", mode)
	default:
		return fmt.Errorf("only regular files are patched: mode %o", mode)
	}
}

// permissions turns git's mode into what a file is given; 0 for no mode. git
// knows of two: executable or not.
func permissions(mode fs.FileMode) fs.FileMode {
	switch {
	case mode == 0:
		return 0
	case mode&0o100 != 0:
		return 0o755
	default:
		return 0o644
	}
}
