package diff

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

const devNull = "/dev/null"

// paths returns the old and the new path of a file, and how many folders were removed
// from the beginning of their names; a path is empty if the file does not exist on that
// side. Names in git headers come from go-gitdiff. Names above a hunk are parsed here,
// because go-gitdiff keeps the prefixes of plain diffs and does not say what it dropped.
func (s section) paths(f *gitdiff.File) (from, to string, cut int, err error) {
	from, to, cut = f.OldName, f.NewName, 1
	switch {
	case f.IsRename || f.IsCopy:
		// "rename from" and similar lines have the full names.
	case s.old != "":
		from, to, cut, err = namedPair(s.old, s.new)
	}
	if s.bare {
		cut = 0 // go-gitdiff got prefixes that the names do not have
	}
	if f.IsNew {
		from = ""
	}
	if f.IsDelete {
		to = ""
	}
	return from, to, cut, err
}

// namedPair parses the names in a pair of "---" and "+++" lines. Different folders
// before the same path are prefixes, as in a/x.go and b/x.go (git) or old/x.go and
// new/x.go (diff -r). Otherwise the first folder is part of the path. Cut is the number
// of folders that were prefixes.
func namedPair(oldName, newName string) (from, to string, cut int, err error) {
	if from, err = unquote(oldName); err != nil {
		return "", "", 0, err
	}
	if to, err = unquote(newName); err != nil {
		return "", "", 0, err
	}
	oldHead, oldRest, oldCut := strings.Cut(from, "/")
	newHead, newRest, newCut := strings.Cut(to, "/")
	switch {
	case from == devNull && newHead == "b":
		return "", newRest, 1, nil
	case to == devNull && oldHead == "a":
		return oldRest, "", 1, nil
	case from == devNull:
		return "", to, 0, nil
	case to == devNull:
		return from, "", 0, nil
	case oldCut && newCut && oldHead != newHead && (oldRest == newRest || oldHead == "a" && newHead == "b"):
		return oldRest, newRest, 1, nil
	}
	return from, to, 0, nil
}

// plainPair returns the paths of a file in a plain diff. Such a diff has no
// renames, and marks new and deleted files by their timestamps. If the names
// differ, one is that of a backup, such as x.go.orig, and the name without the
// suffix is meant.
func plainPair(p pair) pair {
	switch {
	case p.from == "" || p.to == "" || p.from == p.to:
	case strings.HasPrefix(p.to, p.from):
		p.to = p.from
	default:
		p.from = p.to
	}
	return p
}

// unquote parses a name in a header. It ends at a tab, after which plain diffs have
// a time, or is quoted as in C.
func unquote(name string) (string, error) {
	if !strings.HasPrefix(name, `"`) {
		name, _, _ = strings.Cut(name, "\t")
		return name, nil
	}
	quoted, err := strconv.QuotedPrefix(name)
	if err != nil {
		return "", fmt.Errorf("the name %s is not quoted as git quotes names", name)
	}
	return strconv.Unquote(quoted)
}

// checkPath reports an error if a path leaves the root of the tree or has another
// meaning on other systems.
func checkPath(p string) error {
	switch {
	case p == "":
		return nil
	case strings.HasPrefix(p, "/"), filepath.IsAbs(p):
		return fmt.Errorf("the path %q is absolute: name files relative to the module's root", p)
	case p == "..", strings.HasPrefix(p, "../"), strings.HasSuffix(p, "/.."), strings.Contains(p, "/../"):
		return fmt.Errorf("the path %q has a %q in it: name files relative to the module's root", p, "..")
	case throughGit(p):
		return fmt.Errorf("the path %q leads into git's own folder, by one of its names: patches must not change that", p)
	case strings.ContainsFunc(p, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("the path %q has characters that cannot be seen", p)
	case !fs.ValidPath(p), p == ".", !filepath.IsLocal(filepath.FromSlash(p)), strings.Contains(p, `\`):
		return fmt.Errorf("%q is not the path of a file in a module", p)
	}
	return nil
}

// File modes of git.
const (
	gitModeType = 0o170000
	gitRegular  = 0o100000
	gitSymlink  = 0o120000
	gitModule   = 0o160000
)

// checkMode reports an error for anything but a regular file. Mode 0 means that the
// diff has no mode.
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

// permissions converts a mode of git, which knows only executable and other files.
// It returns 0 for mode 0.
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
