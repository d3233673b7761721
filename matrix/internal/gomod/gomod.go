// Package gomod holds the rules for the go.mod of a reproduction and for the
// modules that import paths belong to. Checking a suite and laying out a row
// both use it: a suite that passes the check can be laid out.
package gomod

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
)

// Parse parses the go.mod of a reproduction as the go command parses that of a
// main module. The name is what messages call the file.
//
// The error is of type matrix.Problems. Apart from malformed lines it lists what
// a row cannot keep:
//
//   - a module line that is missing, has no module path, or has a path of the target
//   - a replace line for a path of the target, present or former: each row
//     replaces the target itself, and modfile.AddReplace would drop such a line
//     without a word
//   - a replacement by a folder, which is not next to the copy that is built
//
// The go.mod of tests is one that a user has for another purpose. It may replace the
// target, which a row then does instead. It may also replace other modules by folders
// below its own, see Nested.
func Parse(name string, data []byte, target matrix.Target, speaks matrix.Speech) (*modfile.File, error) {
	var problems matrix.Problems
	f, err := modfile.Parse(name, data, nil)
	var malformed modfile.ErrorList
	switch {
	case errors.As(err, &malformed):
		for _, e := range malformed {
			line := e.Pos.Line
			e.Filename, e.Pos = "", modfile.Position{} // the problem has them
			problems.Add(name, line, "%s", e.Error())
		}
		return nil, problems.Err()
	case err != nil:
		return nil, matrix.Problems{{File: name, Line: 1, Text: err.Error()}}
	}
	if f.Module == nil {
		problems.Add(name, 1, "has no module line: add one, such as \"module example.com/repro\"")
	} else if path := f.Module.Mod.Path; module.CheckImportPath(path) != nil {
		problems.Add(name, f.Module.Syntax.Start.Line, "%v", module.CheckImportPath(path))
	} else if target.Has(path) {
		problems.Add(name, f.Module.Syntax.Start.Line, "%s is the target's path: name the module by which the reproduction imports its own packages", path)
	}
	tests := speaks == matrix.SpeechTest
	for _, r := range f.Replace {
		switch line := r.Syntax.Start.Line; {
		case tests && (target.Has(r.Old.Path) || r.New.Version == "" && filepath.IsLocal(r.New.Path)):
		case target.Has(r.Old.Path):
			problems.Add(name, line, "replaces %s, the target: each row replaces the target with its own release, so remove this line", r.Old.Path)
		case r.New.Version == "":
			problems.Add(name, line, "replaces %s with the folder %s, which the copy that is built does not have: replace it with a module and a version", r.Old.Path, r.New.Path)
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return f, nil
}

// Nested returns the folders below that of a go.mod which it has in the place of modules
// other than the target.
func Nested(f *modfile.File, target matrix.Target) (folders []string) {
	for _, r := range f.Replace {
		if !target.Has(r.Old.Path) && r.New.Version == "" && filepath.IsLocal(r.New.Path) {
			folders = append(folders, path.Clean(r.New.Path))
		}
	}
	return folders
}

// In reports whether an import path belongs to a module, judging by paths alone:
// it is the module's path or lies below it, and none of the other modules has a
// longer path that fits.
func In(module string, others []string, path string) bool {
	return below(path, module) && !slices.ContainsFunc(others, func(other string) bool {
		return len(other) > len(module) && below(path, other)
	})
}

func below(path, module string) bool {
	return path == module || strings.HasPrefix(path, module+"/")
}

// TopVersion returns a version that is higher than all that a module with this path has.
func TopVersion(path string) string {
	major, _, _ := strings.Cut(ZeroVersion(path), ".")
	if major == "v0" {
		major = "v1" // which has the same path
	}
	return major + ".999999.0"
}

// ZeroVersion returns the lowest version that a module path allows: v0.0.0, or v2.0.0
// for a path that ends in /v2.
func ZeroVersion(path string) string {
	_, major, _ := module.SplitPathVersion(path)
	if prefix := module.PathMajorPrefix(major); prefix != "" {
		return prefix + ".0.0"
	}
	return "v0.0.0"
}
