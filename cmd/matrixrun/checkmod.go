package main

import (
	"errors"
	"fmt"
	goversion "go/version"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
)

// pruned is the Go version since which go.mod lists indirect requirements too.
const pruned = "go1.17"

// usesIn finds the releases of the target that a go.mod has, under any of the
// paths that it was released by, after its replace lines. What it says is what is
// built since Go 1.17; an older one may lack what others require.
func usesIn(name string, data []byte, results *matrix.Results) ([]matrix.Use, error) {
	file, err := modfile.Parse(name, data, nil)
	if err != nil {
		return nil, modProblems(name, err)
	}
	paths := []string{results.Target}
	for _, row := range results.Rows {
		if !slices.Contains(paths, row.Source.Module) {
			paths = append(paths, row.Source.Module)
		}
	}
	uses := []matrix.Use{}
	if file.Module != nil && slices.Contains(paths, file.Module.Mod.Path) {
		uses = append(uses, matrix.Use{
			Module: file.Module.Mod.Path, Where: fmt.Sprintf("%s:%d", name, file.Module.Syntax.Start.Line),
			Unknown: "it is the module itself, of which go.mod tells no version",
			Next:    "`matrixrun check VERSION` with the release that it came from",
		})
	}
	for _, r := range file.Require {
		if slices.Contains(paths, r.Mod.Path) {
			uses = append(uses, used(name, r, file.Replace, paths))
		}
	}
	if len(uses) == 0 && (file.Go == nil || goversion.Compare("go"+file.Go.Version, pruned) < 0) {
		uses = append(uses, matrix.Use{
			Module: results.Target, Where: name,
			Unknown: "this go.mod is of a Go before 1.17, and may lack what other modules require",
			Next:    fmt.Sprintf("`go list -m %s` tells the version for `matrixrun check VERSION`", results.Target),
		})
	}
	return uses, nil
}

// used tells what a require line comes to.
func used(name string, r *modfile.Require, replaces []*modfile.Replace, paths []string) matrix.Use {
	u := matrix.Use{Module: r.Mod.Path, Version: r.Mod.Version, Where: fmt.Sprintf("%s:%d", name, r.Syntax.Start.Line)}
	by := replacing(r.Mod, replaces)
	if by == nil {
		return u
	}
	u.Where = fmt.Sprintf("%s:%d", name, by.Syntax.Start.Line)
	u.Version = by.New.Version
	switch {
	case by.New.Version == "":
		u.Unknown = fmt.Sprintf("it is replaced by the folder %s, of which the results tell nothing", by.New.Path)
		u.Next = fmt.Sprintf("`matrixrun check %s` tells of what it replaces", r.Mod.Version)
	case !slices.Contains(paths, by.New.Path):
		u.Unknown = fmt.Sprintf("it is replaced by %s %s, of which the results tell nothing", by.New.Path, by.New.Version)
		u.Next = fmt.Sprintf("`matrixrun check %s` tells of what it replaces", r.Mod.Version)
		u.Version = ""
	}
	return u
}

// replacing returns the replace line that holds for a module, if there is one: a
// line for its version goes before one for all.
func replacing(mod module.Version, replaces []*modfile.Replace) (by *modfile.Replace) {
	for _, r := range replaces {
		if r.Old == mod || r.Old.Path == mod.Path && r.Old.Version == "" && by == nil {
			by = r
		}
		if r.Old == mod {
			break
		}
	}
	return by
}

// modProblems tells every mistake in a go.mod, with its line.
func modProblems(name string, err error) error {
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
