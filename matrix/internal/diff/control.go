package diff

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// A patch may come from a stranger, and may contain files that programs obey: git
// its .git folder, a code host its .github folder, the go command go.work. Real
// commits contain such files too. So a patch that names git's own folder is refused,
// as git refuses it, and changes of other control files are left out.

// hfsIgnored are the code points that macOS ignores in file names. The list is that
// of git (next_hfs_char in utf8.c).
const hfsIgnored = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"

// throughGit reports whether a path leads through a folder that some system takes for
// .git. The rules are those of git (verify_path in read-cache.c), with the protection
// for all systems: any letter case; the short name of Windows; streams, dots and
// blanks at the end of a name; code points that macOS ignores; backslashes.
func throughGit(p string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(p, isSlash), func(name string) bool {
		name = strings.Map(func(r rune) rune {
			if strings.ContainsRune(hfsIgnored, r) {
				return -1
			}
			return r
		}, name)
		name, _, _ = strings.Cut(name, ":")
		name = strings.TrimRight(name, ". ")
		return strings.EqualFold(name, ".git") || strings.EqualFold(name, "git~1")
	})
}

func isSlash(r rune) bool { return r == '/' || r == '\\' }

// shortName matches names that Windows may give to files with longer names.
var shortName = regexp.MustCompile(`^[^.]{1,7}~[0-9]{1,6}(\.[^.]{0,3})?$`)

// What file systems allow, in bytes. That of paths leaves room for the folder of the
// tree.
const (
	maxName = 255
	maxPath = 1024
)

// clip returns the beginning of a path, for messages.
func clip(p string) string { return strings.ToValidUTF8(p[:min(len(p), 80)], "") }

// checkName reports an error if no module may have a file of this name, or if a
// system takes the name for another one.
func checkName(p string) error {
	if p == "" {
		return nil
	}
	if len(p) > maxPath {
		return fmt.Errorf("the path %q... has %d bytes: file systems allow about %d", clip(p), len(p), maxPath)
	}
	for name := range strings.SplitSeq(p, "/") {
		switch {
		case len(name) > maxName:
			return fmt.Errorf("the path %q... has a name of %d bytes: file systems allow %d", clip(p), len(name), maxName)
		case strings.TrimRight(name, ". ") != name:
			return fmt.Errorf("the path %q has a name that ends in a dot or a blank, which Windows ignores: name the file without", p)
		case shortName.MatchString(name):
			return fmt.Errorf("the path %q has a name that Windows may take for the short form of another one", p)
		}
	}
	if err := module.CheckFilePath(p); err != nil {
		return fmt.Errorf("a module can't have a file of that name: %w", err)
	}
	if base := path.Base(p); moduleFile(base) && base != strings.ToLower(base) {
		return fmt.Errorf("the path %q differs from that of a module's own file only in letter case", p)
	}
	return nil
}

// pipelines are files without a leading dot that build services obey.
var pipelines = []string{"Jenkinsfile", "azure-pipelines.yml", "appveyor.yml", "bitbucket-pipelines.yml", "cloudbuild.yaml", "buildspec.yml"}

// control reports whether a file is a control file, which patches must not bring
// into a tree:
//
//   - a name with a leading dot: settings of git, code hosts, editors and shells
//   - go.work and vendor, which the go command obeys in the folder of a module
//   - go.mod and go.sum below the root, which take a folder out of the module
//   - files of build services at the root
//
// None of these has an effect on a program that requires the module.
func control(p string) bool {
	folders, base := path.Split(p)
	for name := range strings.SplitSeq(folders, "/") {
		if strings.HasPrefix(name, ".") || strings.EqualFold(name, "vendor") {
			return true
		}
	}
	if folders == "" && oneOf(pipelines, base) {
		return true
	}
	return strings.HasPrefix(base, ".") || oneOf([]string{"go.work", "go.work.sum"}, base) || folders != "" && moduleFile(base)
}

// moduleFile reports whether a name is that of a go.mod or go.sum.
func moduleFile(name string) bool { return oneOf([]string{"go.mod", "go.sum"}, name) }

// oneOf reports whether a name is one of the given ones, in any letter case.
func oneOf(names []string, name string) bool {
	return slices.ContainsFunc(names, func(other string) bool { return strings.EqualFold(other, name) })
}

// outside has the folders that are modules of their own: those whose go.mod or
// go.sum the diff names.
type outside map[string]bool

// add notes the folder of a go.mod or go.sum below the root.
func (o outside) add(p string) {
	if dir, base := path.Split(p); dir != "" && moduleFile(base) {
		o[path.Clean(dir)] = true
	}
}

// has reports whether a path does not belong to the module under test: it is that of
// a control file, or in a module of its own. An empty path is not.
func (o outside) has(p string) bool {
	return p != "" && (control(p) || slices.ContainsFunc(above(p), func(dir string) bool { return o[dir] }))
}

// cut takes the effects outside of the module from a change. It returns the path that
// the change no longer touches, or "", and whether something is left of the change. A
// file that is moved into the module is copied; one that is moved out is removed.
func (o outside) cut(c *change) (left string, some bool) {
	from, to := o.has(c.from), o.has(c.to)
	switch {
	case !from && !to:
		return "", true
	case from && c.to != "" && !to:
		if !c.copied {
			left, c.copied = c.from, true
		}
		return left, true
	case to && c.from != "" && !from && !c.copied:
		left, c.to, c.movedOut = c.to, "", true
		return left, true
	case to:
		return c.to, false
	default:
		return c.from, false
	}
}
