package remedy

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/internal/modcache"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// mostParents is how many releases of a parent are looked at: the nearest ones, and as
// many of the latest.
const mostParents = 30

// mostGoMod bounds a go.mod that is read, in bytes, as the go command does.
const mostGoMod = 16 << 20

// A parent is a module that a main module requires directly, and through which the
// program gets the target.
type parent struct {
	path, version string
	mods          []*goMod
}

// parent returns the module to upgrade if the program requires the target only because
// of it. There is none if a replace line pins the target, which a parent cannot change.
func (f *finder) parent() (p parent, ok bool) {
	if !f.Use.Indirect || len(f.Use.Parents) == 0 || f.Use.Replaced != nil {
		return p, false
	}
	p.path, p.version, _ = strings.Cut(f.Use.Parents[0], "@")
	p.mods, _ = f.files.requires(p.path)
	return p, p.version != "" && len(p.mods) > 0
}

// parents adds the fixes that upgrade the module which brings the target, as far as
// releases of that module are in the module cache.
func (f *finder) parents() {
	p, ok := f.parent()
	if !ok {
		return
	}
	if f.addParents(p, p.cached()) {
		f.answer.note("%s may have other releases that help: only those in the module cache were looked at", p.path)
	} else {
		f.answer.note("%s %s brings it, and a later release of that may require a better one: none in the module cache does", p.path, p.version)
	}
}

// cached returns the go.mod files of releases of the parent that are in the module cache, by
// version.
func (p parent) cached() map[string]string {
	files := make(map[string]string)
	if dir, err := modcache.Downloads(goenv.ModCache(), p.path); err == nil {
		names, _ := filepath.Glob(filepath.Join(dir, "*.mod"))
		for _, name := range names {
			files[unescape(strings.TrimSuffix(filepath.Base(name), ".mod"))] = name
		}
	}
	return files
}

// unescape returns the version in the name of a file of the module cache, empty if it is
// none.
func unescape(name string) string {
	v, err := module.UnescapeVersion(name)
	if err != nil {
		return ""
	}
	return v
}

// addParents adds the fix with the nearest release of a parent that helps, and the one
// that helps most. The files are the go.mod files of its releases, by version. It
// returns false if there is none.
func (f *finder) addParents(p parent, files map[string]string) bool {
	var versions []string
	retracted := retractions(files)
	for v := range files {
		withdrawn := slices.ContainsFunc(retracted, func(r modfile.VersionInterval) bool {
			return matrix.CompareVersions(v, r.Low) >= 0 && matrix.CompareVersions(v, r.High) <= 0
		})
		if !withdrawn && matrix.CompareVersions(v, p.version) > 0 && (!matrix.IsPrerelease(v) || matrix.IsPrerelease(p.version)) {
			versions = append(versions, v)
		}
	}
	slices.SortFunc(versions, matrix.CompareVersions)
	choices := f.choices(f.path, 1)
	var found []*Plan
	for _, v := range versions {
		required, goLine := requirement(files[v], f.Use.Module)
		i := slices.IndexFunc(choices, func(c choice) bool { return versionOf(c.row) == required })
		if i < 0 {
			continue
		}
		plan := f.viaParent(p, v, goLine, choices[i])
		f.answer.others = append(f.answer.others, plan)
		if len(found) == 0 || plan.left < found[len(found)-1].left {
			found = append(found, plan)
		}
	}
	if len(found) == 0 {
		return false
	}
	f.answer.add(found[0])
	f.answer.add(found[len(found)-1])
	return true
}

// retractions returns the versions that the newest of some go.mod files of a module retracts,
// which decides for the go command too.
func retractions(files map[string]string) (all []modfile.VersionInterval) {
	newest := ""
	for v := range files {
		if !matrix.IsPrerelease(v) && matrix.CompareVersions(v, newest) > 0 {
			newest = v
		}
	}
	data, _, err := regular.Read(files[newest], mostGoMod)
	if err != nil {
		return nil // then nothing is known to be retracted
	}
	mod, err := modfile.Parse(files[newest], data, func(_, version string) (string, error) { return version, nil })
	if err != nil {
		return nil
	}
	for _, r := range mod.Retract {
		all = append(all, r.VersionInterval)
	}
	return all
}

// viaParent returns the plan that upgrades a parent to a release with a go line.
func (f *finder) viaParent(p parent, version, goLine string, c choice) *Plan {
	needs := f.needs(c.row)
	if line, _ := f.goLineOf(c.row); line == "" || olderGo(line, goLine) {
		needs = append(f.newerGo(goLine), f.needsOld(c.row)...)
	}
	plan := &Plan{module: c.row.Source.Module, version: versionOf(c.row), left: c.left, Fix: matrix.Fix{
		Name: p.path + "@" + version, Kind: matrix.FixParent, Remedy: c.remedy, Edits: []matrix.Edit{},
		Title: fmt.Sprintf("upgrade %s to %s, which requires %s %s: %s", p.path, version, f.Use.Module, versionOf(c.row), f.effect(c.remedy)),
		Needs: needs,
	}}
	for _, m := range p.mods {
		plan.steps = append(plan.steps, get(m, p.path, version))
		for _, r := range m.Require {
			if r.Mod.Path == p.path {
				plan.Fix.Edits = append(plan.Fix.Edits, matrix.Edit{
					Position: f.position(m.path, r.Syntax), Old: "require " + p.path + " " + r.Mod.Version, New: "require " + p.path + " " + version,
				})
			}
		}
	}
	plan.steps = append(plan.steps, f.vendored()...)
	plan.Fix.Commands = commands(plan.steps, f.Cwd)
	return plan
}

// requirement returns the version of a module that a go.mod requires, empty if it does
// not say, and what its go line says.
func requirement(file, path string) (version, goVersion string) {
	data, _, err := regular.Read(file, mostGoMod)
	if err != nil {
		return "", ""
	}
	mod, err := modfile.ParseLax(file, data, nil)
	if err != nil {
		return "", ""
	}
	for _, r := range mod.Require {
		if r.Mod.Path == path {
			return r.Mod.Version, goLine(mod.Go)
		}
	}
	return "", ""
}

// moreParents asks the module proxy for releases of the module that brings the target,
// and adds the fixes that upgrade it. If the proxy cannot be asked, the answer says so.
func (s *session) moreParents(ctx context.Context, a *Answer) error {
	p, ok := a.finder.parent()
	if !ok {
		return nil
	}
	s.log("looking for a release of %s that requires a better one", p.path)
	files, left, err := s.goMods(ctx, p)
	a.Notes = slices.DeleteFunc(a.Notes, func(note string) bool { return strings.HasPrefix(note, p.path+" ") })
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		a.note("%s %s brings it, and which release of that brings a better one could not be found out: %s", p.path, p.version, firstLine(err.Error()))
	default:
		// Those in the module cache that the proxy does not list, it may serve all the same.
		for v, file := range p.cached() {
			if files[v] == "" {
				files[v] = file
			}
		}
		a.Plans = slices.DeleteFunc(a.Plans, func(plan *Plan) bool { return plan.Fix.Kind == matrix.FixParent })
		f := a.finder
		f.answer = Answer{}
		if !f.addParents(p, files) {
			a.note("%s %s brings it, and no later release of that requires one that %s%s", p.path, p.version, f.leak().Less(), left)
		}
		a.Plans, a.others = append(a.Plans, f.answer.Plans...), f.answer.others
		slices.SortStableFunc(a.Plans, func(a, b *Plan) int { return rank(a) - rank(b) })
	}
	return nil
}

// goMods downloads the go.mod files of the releases of a parent that are later than the
// one that is built. Left says how many of them were not looked at.
func (s *session) goMods(ctx context.Context, p parent) (files map[string]string, left string, err error) {
	dir, err := scratch.Dir("list-") // no module: the program's own settings do not hide releases
	if err != nil {
		return nil, "", err
	}
	defer os.RemoveAll(dir)
	list := func(args ...string) ([]string, error) {
		call := gocmd.Call{Dir: dir, Own: true, Limit: s.Limit, Env: s.environ("GOWORK=off", "GOFLAGS=-mod=mod"), Args: append([]string{"list", "-m"}, args...)}
		out, err := s.Go.Run(ctx, call)
		return strings.Fields(string(out)), err
	}
	all, err := list("-versions", "-f", `{{join .Versions " "}}`, p.path)
	if err != nil {
		return nil, "", err
	}
	later := slices.DeleteFunc(all, func(v string) bool {
		return matrix.CompareVersions(v, p.version) <= 0 || matrix.IsPrerelease(v) && !matrix.IsPrerelease(p.version)
	})
	if n := len(later) - 2*mostParents; n > 0 {
		left = fmt.Sprintf(", apart from %d that were not looked at", n)
		later = slices.Delete(later, mostParents, len(later)-mostParents)
	}
	if len(later) == 0 {
		return map[string]string{}, left, nil
	}
	args := []string{"-f", "{{.Version}} {{.GoMod}}"}
	for _, v := range later {
		args = append(args, p.path+"@"+v)
	}
	words, err := list(args...)
	if err != nil {
		return nil, left, err
	}
	files = make(map[string]string)
	for i := 0; i+1 < len(words); i += 2 {
		files[words[i]] = words[i+1]
	}
	return files, left, nil
}
