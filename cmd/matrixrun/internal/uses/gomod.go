package uses

import (
	"errors"
	"fmt"
	goversion "go/version"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
)

// pruned is the first Go version whose go.mod lists indirect requirements too.
const pruned = "go1.17"

// inGoMod finds the uses of the target in a go.mod: its require lines, after its
// replace lines, under each path that the target was released with. Since Go 1.17
// these are the versions that are built. An older go.mod may not list what other
// modules require.
func inGoMod(name string, data []byte, results *matrix.Results) ([]matrix.Use, error) {
	file, err := modfile.Parse(name, data, nil)
	if err != nil {
		return nil, goModProblems(name, err)
	}
	paths := []string{results.Target}
	for i := range results.Rows {
		if path := results.Rows[i].Source.Module; !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	uses := []matrix.Use{}
	if file.Module != nil && slices.Contains(paths, file.Module.Mod.Path) {
		uses = append(uses, matrix.Use{
			Module: file.Module.Mod.Path, Where: fmt.Sprintf("%s:%d", name, file.Module.Syntax.Start.Line),
			Unknown: "it is the module itself, and its go.mod does not say which version",
			Next:    "`matrixrun check VERSION` answers for the release that it is based on",
		})
	}
	for _, r := range file.Require {
		if slices.Contains(paths, r.Mod.Path) {
			uses = append(uses, required(name, r, file.Replace, paths))
		}
	}
	if len(uses) == 0 && (file.Go == nil || goversion.Compare("go"+file.Go.Version, pruned) < 0) {
		uses = append(uses, matrix.Use{
			Module: results.Target, Where: name,
			Unknown: "this go.mod is for a Go before 1.17, and may not list what other modules require",
			Next:    fmt.Sprintf("`go list -m %s` prints the version for `matrixrun check VERSION`", results.Target),
		})
	}
	return uses, nil
}

// required returns the use of the target that a require line makes. Paths are the
// target's.
func required(name string, r *modfile.Require, replaces []*modfile.Replace, paths []string) matrix.Use {
	u := matrix.Use{Module: r.Mod.Path, Version: r.Mod.Version, Where: fmt.Sprintf("%s:%d", name, r.Syntax.Start.Line)}
	by := replacing(r.Mod, replaces)
	if by == nil {
		return u
	}
	u.Where = fmt.Sprintf("%s:%d", name, by.Syntax.Start.Line)
	u.Version = by.New.Version
	switch {
	case by.New.Version == "":
		u.Unknown = fmt.Sprintf("it is replaced by the folder %s, which the results do not cover", by.New.Path)
	case !slices.Contains(paths, by.New.Path):
		u.Unknown = fmt.Sprintf("it is replaced by %s %s, which the results do not cover", by.New.Path, by.New.Version)
		u.Version = ""
	default:
		return u
	}
	u.Next = fmt.Sprintf("`matrixrun check %s` answers for the release that it replaces", r.Mod.Version)
	return u
}

// replacing returns the replace line that applies to a module, or nil. A line for
// its version takes precedence over one for all versions.
func replacing(mod module.Version, replaces []*modfile.Replace) (by *modfile.Replace) {
	for _, r := range replaces {
		if r.Old == mod {
			return r
		}
		if r.Old.Path == mod.Path && r.Old.Version == "" && by == nil {
			by = r
		}
	}
	return by
}

// goModProblems returns every mistake in a go.mod, with its line.
func goModProblems(name string, err error) error {
	var list modfile.ErrorList
	if !errors.As(err, &list) {
		return matrix.Mistake("%s: %v", name, err)
	}
	var problems matrix.Problems
	for _, e := range list {
		problems.Add(name, e.Pos.Line, "%v", e.Err)
	}
	return problems
}
