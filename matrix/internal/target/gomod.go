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
	if leftOut = changedSettings(was, is); len(leftOut) == 0 {
		return nil, "", nil
	}
	if err := restoreSettings(is, was); err != nil {
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

// settings returns the lines of a go.mod that count only in the main module: those
// that replace modules, choose a toolchain, name programs to run, and the like. A
// program that requires the module does not heed them, but the go command does in the
// folder of a fork. Patches must not change them.
func settings(f *modfile.File) []string {
	var lines []string
	add := func(words ...string) {
		lines = append(lines, strings.Join(strings.Fields(strings.Join(words, " ")), " "))
	}
	for _, r := range f.Replace {
		add("replace", r.Old.Path, r.Old.Version, "=>", r.New.Path, r.New.Version)
	}
	for _, e := range f.Exclude {
		add("exclude", e.Mod.Path, e.Mod.Version)
	}
	for _, t := range f.Tool {
		add("tool", t.Path)
	}
	for _, i := range f.Ignore {
		add("ignore", i.Path)
	}
	for _, g := range f.Godebug {
		add("godebug", g.Key+"="+g.Value)
	}
	if f.Toolchain != nil {
		add("toolchain", f.Toolchain.Name)
	}
	return lines
}

// changedSettings returns the settings in which two go.mod files differ.
func changedSettings(was, is *modfile.File) []string {
	old, now := settings(was), settings(is)
	var changed []string
	for _, line := range now {
		if !slices.Contains(old, line) {
			changed = append(changed, "go.mod: "+line)
		}
	}
	for _, line := range old {
		if !slices.Contains(now, line) {
			changed = append(changed, "go.mod: removal of "+line)
		}
	}
	return changed
}

// restoreSettings gives a go.mod the settings of another one.
func restoreSettings(f, from *modfile.File) error {
	var errs []error
	try := func(err error) { errs = append(errs, err) }
	for _, r := range slices.Clone(f.Replace) {
		try(f.DropReplace(r.Old.Path, r.Old.Version))
	}
	for _, r := range from.Replace {
		try(f.AddReplace(r.Old.Path, r.Old.Version, r.New.Path, r.New.Version))
	}
	for _, e := range slices.Clone(f.Exclude) {
		try(f.DropExclude(e.Mod.Path, e.Mod.Version))
	}
	for _, e := range from.Exclude {
		try(f.AddExclude(e.Mod.Path, e.Mod.Version))
	}
	for _, t := range slices.Clone(f.Tool) {
		try(f.DropTool(t.Path))
	}
	for _, t := range from.Tool {
		try(f.AddTool(t.Path))
	}
	for _, i := range slices.Clone(f.Ignore) {
		try(f.DropIgnore(i.Path))
	}
	for _, i := range from.Ignore {
		try(f.AddIgnore(i.Path))
	}
	for _, g := range slices.Clone(f.Godebug) {
		try(f.DropGodebug(g.Key))
	}
	for _, g := range from.Godebug {
		try(f.AddGodebug(g.Key, g.Value))
	}
	f.DropToolchainStmt()
	if from.Toolchain != nil {
		try(f.AddToolchainStmt(from.Toolchain.Name))
	}
	return errors.Join(errs...)
}
