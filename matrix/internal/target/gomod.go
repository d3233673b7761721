package target

import (
	"bytes"
	"errors"
	"fmt"
	"go/version"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// moduleFiles are the go.mod and go.sum in the root of a tree. They are nil if there are none.
type moduleFiles struct {
	gomod, gosum []byte
}

func readModule(dir string) (moduleFiles, error) {
	var m moduleFiles
	for name, data := range map[string]*[]byte{"go.mod": &m.gomod, "go.sum": &m.gosum} {
		var err error
		*data, err = os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return m, err
		}
	}
	return m, nil
}

// contain checks what a patch made of the module files m, which were in the tree
// before, and takes back the changes of settings. It returns these changes, or the
// reason why the module cannot have such files.
func (m moduleFiles) contain(dir string, src matrix.Source, goVersion string) (leftOut []string, why string, err error) {
	now, err := readModule(dir)
	if err != nil {
		return nil, "", err
	}
	if !bytes.Equal(m.gosum, now.gosum) {
		if why := checkSums(now.gosum); why != "" {
			return nil, why, nil
		}
	}
	before, after := m.gomod, now.gomod
	switch {
	case bytes.Equal(before, after):
		return nil, "", nil
	case after == nil:
		return nil, "go.mod: is removed, and a module needs one", nil
	case before == nil && semver.Build(src.Version) == "+incompatible":
		return nil, "go.mod: is made, and a version with +incompatible must not have one", nil
	case before == nil:
		before = []byte("module " + modfile.AutoQuote(src.Module) + "\n")
	}
	was, err := modfile.Parse("go.mod", before, nil)
	if err != nil {
		return nil, fmt.Sprintf("go.mod: is changed, but that of the release cannot be read: %v", err), nil
	}
	is, err := modfile.Parse("go.mod", after, nil)
	if err != nil {
		return nil, fmt.Sprintf("with the patch, go.mod cannot be read: %v", err), nil
	}
	if why := checkGoMod(was, is, goVersion); why != "" {
		return nil, why, nil
	}
	if leftOut, err = restoreSettings(is, was); err != nil || len(leftOut) == 0 {
		return nil, "", err
	}
	is.Cleanup()
	return leftOut, "", os.WriteFile(filepath.Join(dir, "go.mod"), modfile.Format(is.Syntax), 0o644)
}

// checkGoMod returns why a module whose go.mod was readable cannot have this one, or
// "".
func checkGoMod(was, is *modfile.File, goVersion string) string {
	if is.Module == nil {
		return "go.mod: loses its module line"
	}
	if was.Module != nil && is.Module.Mod.Path != was.Module.Mod.Path {
		return fmt.Sprintf("go.mod: calls the module %s, which is %s", is.Module.Mod.Path, was.Module.Mod.Path)
	}
	for _, r := range is.Require {
		if r.Mod.Path == is.Module.Mod.Path {
			return fmt.Sprintf("go.mod: requires the module itself, in version %s", r.Mod.Version)
		}
	}
	// Before Go 1.21, the go command built a module that states a newer version.
	name, _, _ := strings.Cut(goVersion, " ")
	if is.Go != nil && (was.Go == nil || is.Go.Version != was.Go.Version) &&
		version.Compare(name, "go1.21") >= 0 && version.Compare("go"+is.Go.Version, name) > 0 {
		return fmt.Sprintf("go.mod: needs Go %s, and the release is built with %s", is.Go.Version, name)
	}
	return ""
}

// checkSums returns why the go command cannot read a go.sum, or "".
func checkSums(data []byte) string {
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		if fields := strings.Fields(line); len(fields) != 0 && len(fields) != 3 {
			return fmt.Sprintf("with the patch, go.sum cannot be read: go.sum:%d: want a module, its version and a checksum", number)
		}
	}
	return ""
}

// A setting is a line of a go.mod that counts only in the main module: one that replaces
// a module, chooses a toolchain, names a program to run, and the like. A program that
// requires the module does not heed it, but the go command does in the folder of a fork.
// Patches must not change it.
type setting struct {
	line string
	drop func() error              // from its file
	add  func(*modfile.File) error // to another file
}

// settings returns the settings of a go.mod.
func settings(f *modfile.File) (all []setting) {
	have := func(drop func() error, add func(*modfile.File) error, words ...string) {
		line := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
		all = append(all, setting{line, drop, add})
	}
	for _, r := range f.Replace {
		was, to := r.Old, r.New
		have(func() error { return f.DropReplace(was.Path, was.Version) }, func(other *modfile.File) error {
			return other.AddReplace(was.Path, was.Version, to.Path, to.Version)
		}, "replace", was.Path, was.Version, "=>", to.Path, to.Version)
	}
	for _, e := range f.Exclude {
		m := e.Mod
		have(func() error { return f.DropExclude(m.Path, m.Version) }, func(other *modfile.File) error { return other.AddExclude(m.Path, m.Version) },
			"exclude", m.Path, m.Version)
	}
	for _, t := range f.Tool {
		path := t.Path
		have(func() error { return f.DropTool(path) }, func(other *modfile.File) error { return other.AddTool(path) }, "tool", path)
	}
	for _, i := range f.Ignore {
		path := i.Path
		have(func() error { return f.DropIgnore(path) }, func(other *modfile.File) error { return other.AddIgnore(path) }, "ignore", path)
	}
	for _, g := range f.Godebug {
		key, value := g.Key, g.Value
		have(func() error { return f.DropGodebug(key) }, func(other *modfile.File) error { return other.AddGodebug(key, value) }, "godebug", key+"="+value)
	}
	if f.Toolchain != nil {
		name := f.Toolchain.Name
		have(func() error { f.DropToolchainStmt(); return nil }, func(other *modfile.File) error { return other.AddToolchainStmt(name) }, "toolchain", name)
	}
	return all
}

// restoreSettings gives a go.mod the settings of another one, and returns in what they
// differed.
func restoreSettings(f, from *modfile.File) (changed []string, err error) {
	was, is := settings(from), settings(f)
	without := func(all, others []setting, what string) {
		for _, s := range all {
			if !slices.ContainsFunc(others, func(o setting) bool { return o.line == s.line }) {
				changed = append(changed, "go.mod: "+what+s.line)
			}
		}
	}
	without(is, was, "")
	without(was, is, "removal of ")
	var errs []error
	for _, s := range is {
		errs = append(errs, s.drop())
	}
	for _, s := range was {
		errs = append(errs, s.add(f))
	}
	return changed, errors.Join(errs...)
}
