package remedy

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// fork adds the fix that builds the same release, or the same version of a fork, with
// patches. It takes those that leave the fewest probes which count, and of those the fewest
// patches.
func (f *finder) fork() {
	var best *matrix.GridRow
	var remedy matrix.Remedy
	left := 0
	for _, p := range f.Use.Advice.Patched {
		row := f.Table.Row(p.Row)
		if row == nil {
			continue
		}
		r, n, ok := f.remedy(row)
		if ok && (best == nil || n < left || n == left && len(r.Patches) < len(remedy.Patches)) {
			best, remedy, left = row, r, n
		}
	}
	if best == nil {
		return
	}
	name, of, stay := f.forkName(), f.version, f.version
	switch {
	case best.Source.Kind == matrix.SourceModule:
		of = best.Source.Name()
	case f.copy != "":
		of, stay = f.copy, f.Use.Required
	}
	steps := []step{{dir: f.files.root(), fork: &forking{of: of, patches: remedy.Patches, name: name, suite: f.Suite}}}
	more, edits := f.replaceBy(name)
	steps = append(steps, more...)
	for _, m := range f.files.contradicts(f.Use.Module) {
		steps = append(steps, step{dir: m.dir(), args: []string{"mod", "tidy"}})
	}
	steps = append(steps, f.vendored()...)
	needs := []string{fmt.Sprintf("the folder %s, which is part of the program then", relative(f.Cwd, filepath.Join(f.files.root(), name)))}
	needs = append(needs, f.needsOld(best)...)
	f.answer.Plans = append(f.answer.Plans, &Plan{
		module: f.path, left: left, steps: steps, old: f.oldToolchain(best) != "",
		Fix: matrix.Fix{
			Name: "fork", Kind: matrix.FixFork, Remedy: remedy, Best: f.leaksLeast(left),
			Title: fmt.Sprintf("stay with %s, and build it with the %s %s: %s", stay,
				text.Plural(len(remedy.Patches), "patch"), text.List(remedy.Patches), f.effect(remedy)),
			Commands: commands(steps, f.Cwd), Edits: edits, Needs: needs,
		},
	})
}

// leaksLeast reports whether no plan so far leaves fewer probes that count.
func (f *finder) leaksLeast(left int) bool {
	for _, p := range f.answer.Plans {
		if p.left < left {
			return false
		}
	}
	return true
}

// forkName returns the name of a new folder for the fork: that of the module, with
// "-patched". Somebody's fork of the module is often called the same and can be in the same
// build, so its name begins with theirs: "owner-lib-patched".
func (f *finder) forkName() string {
	prefix, _, ok := module.SplitPathVersion(f.path)
	if !ok {
		prefix = f.path
	}
	base := path.Base(prefix)
	if owner := path.Dir(prefix); owner != "." && (f.copy != "" || !matrix.ParseRowID(f.Use.Advice.Row).IsRelease()) {
		base = path.Base(owner) + "-" + base
	}
	name := base + "-patched"
	for i := 2; ; i++ {
		if _, err := os.Lstat(filepath.Join(f.files.root(), name)); err != nil || f.files.root() == "" {
			return name
		}
		name = fmt.Sprintf("%s-patched-%d", base, i)
	}
}

// replaceBy returns the steps that replace the target by a new folder of the program.
func (f *finder) replaceBy(name string) (steps []step, edits []matrix.Edit) {
	dir := filepath.Join(f.files.root(), name)
	if pins := f.files.pins(f.Use.Module, f.Use.Required); len(pins) > 0 {
		return f.pinned(pins, dir, "")
	}
	var file string
	work := f.files.work != nil
	switch {
	case work:
		file = f.files.work.path
	case len(f.files.mods) > 0:
		file = f.files.mods[0].path
	default:
		return []step{{args: []string{"mod", "edit", "-replace=" + f.Use.Module + "=./" + name}}}, []matrix.Edit{}
	}
	line := &modfile.Replace{Old: module.Version{Path: f.Use.Module}, New: module.Version{Path: folderFrom(filepath.Dir(file), dir)}}
	steps = []step{editFile(file, work, []string{"-replace=" + flagOf(line.Old) + "=" + flagOf(line.New)})}
	return steps, []matrix.Edit{{Position: f.position(file, nil), New: "replace " + arrow(line)}}
}
