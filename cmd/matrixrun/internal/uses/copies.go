package uses

import (
	"fmt"
	"path"
	"path/filepath"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// copied gives a use advice of its own if its code is a copy of the target in another module:
// to get a release of the target does not change what is built then.
func (a *adviser) copied(u *matrix.Use) {
	if u.Advice == nil || !u.Advice.Affected || u.Likeness == nil {
		return
	}
	m := a.module(u)
	if m == nil {
		return
	}
	built, version := m.Built()
	target := a.sources.Target()
	main := m.Main && a.program.Input.Kind != matrix.InputVersion
	if u.Likeness.Dir == "" && !main && (target.Has(m.Path) || target.Has(built) || !matrix.ParseRowID(u.Advice.Row).IsRelease()) {
		return // it is the target or a fork that was measured, for which there are remedies
	}
	advice := *u.Advice
	advice.Do = []string{fmt.Sprintf("to get a release of %s changes nothing: this is a copy of its code, in the module %s", a.suite.Results.Target, m.Path)}
	if target.Has(m.Path) {
		advice.Do[0] = fmt.Sprintf("to get a release of %s changes nothing: this is a checkout of it", m.Path)
	}
	switch {
	case (main || version == "") && m.Dir != "": // a folder of the user's
		advice.Do = append(advice.Do, a.patchCopy(u.Advice, filepath.Join(m.Dir, filepath.FromSlash(u.Likeness.Dir)))...)
	case main || version == "":
		advice.Do = append(advice.Do, "build it again after the copy was patched or replaced: `matrixrun check` in the folder of its go.mod says how")
	default:
		advice.Do = append(advice.Do, fmt.Sprintf("what helps is another release of that module than %s, or a replace line that puts a patched copy of it in its place", version))
	}
	if len(advice.Works) > 0 {
		advice.Do = append(advice.Do, "workarounds for this code: "+text.List(advice.Works))
	}
	if len(advice.Fails) > 0 {
		advice.Do = append(advice.Do, "what does not help: "+text.List(advice.Fails))
	}
	u.Advice = &advice
}

// code returns a command as the reports mark it.
func code(command string) string { return "`" + command + "`" }

// module returns the module of the program that a use is in; nil if it is unknown.
func (a *adviser) module(u *matrix.Use) *matrix.BuiltModule {
	for i := range a.program.Modules {
		if m := &a.program.Modules[i]; m.Path == u.Module && m.Version == u.Required {
			return m
		}
	}
	return nil
}

// patchCopy says how to change a copy in a folder of the user's: by the diffs that a fork of
// the same release has, or by the files of a release that leaks less.
func (a *adviser) patchCopy(advice *matrix.Advice, dir string) (do []string) {
	in := inFolder(a.cwd, dir)
	id := matrix.ParseRowID(advice.Row)
	if len(advice.Patched) > 0 && id.IsRelease() && len(id.Patches) == 0 {
		words := []string{"matrixrun", "fork", id.Version}
		for _, name := range advice.Patched[0].Patches {
			words = append(words, "--patch", name)
		}
		words = append(words, "-o", "DIR")
		if !find.IsShipped(a.suite.Name) {
			words = append(words, a.suite.Name)
		}
		diffs := []string{"cat"}
		for _, name := range advice.Patched[0].Patches {
			diffs = append(diffs, path.Join("DIR", "FORK", name+".diff"))
		}
		do = append(do, fmt.Sprintf("patch the copy: %s writes the changes of %s, and %s makes them in the copy",
			code(text.QuoteAll(words)), text.List(advice.Patched[0].Patches), code(text.QuoteAll(diffs)+" | patch -p1 -d "+text.Quote(in))))
	}
	if up := advice.Upgrade; up != nil {
		do = append(do, fmt.Sprintf("or put the files of %s in the place of those in %s, with the import path of the copy", up.Row, in))
	}
	return do
}
