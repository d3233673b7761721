package program

import (
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// A vendored is a module in a vendor/modules.txt.
type vendored struct {
	mod      module.Version // without a version if the line only repeats a replace line of go.mod
	replace  module.Version // without a version for a folder
	explicit bool           // go.mod requires it
	goLine   string
	packages int
	line     int
}

// parseModulesTxt parses a vendor/modules.txt as the go command does, which documents
// it in cmd/go/internal/modload/vendor.go:
//
//	# example.com/lib v1.2.3 => example.com/fork v1.2.4
//	## explicit; go 1.23
//	example.com/lib/package
//
// Unlike the go command, it reports lines that it does not know.
func parseModulesTxt(data []byte) (all []vendored, problems matrix.Problems) {
	var at *vendored
	for i, line := range lines(data) {
		f := strings.Fields(line)
		switch {
		case len(problems) >= maxMistakes:
			return all, problems
		case len(all) > maxLines:
			return nil, matrix.Problems{{Text: tooMany(len(all), "modules or more")}}
		case len(f) == 0, i == 0 && strings.HasPrefix(line, "## workspace"):
		case f[0] == "#":
			mod, replace, ok := moduleWords(f[1:])
			if !ok || mod.Version == "" && replace.Path == "" {
				problems.Add("", i+1, "%q is not a line of vendor/modules.txt: want `# MODULE VERSION`", line)
				continue
			}
			all = append(all, vendored{mod: mod, replace: replace, line: i + 1})
			at = &all[len(all)-1]
		case at == nil:
			problems.Add("", i+1, "%q stands before the first module: want `# MODULE VERSION`", line)
		case f[0] == "##":
			at.annotate(strings.TrimPrefix(line, "##"))
		case len(f) == 1 && module.CheckImportPath(f[0]) == nil:
			at.packages++
		default:
			problems.Add("", i+1, "%q is not the path of a package", line)
		}
	}
	return all, problems
}

// moduleWords parses the words of a module and of what replaces it, as lists have them:
//
//	example.com/lib v1.2.3 => example.com/fork v1.2.4
//
// The version and the replacement may be missing, and the version of the replacement is
// for a folder.
func moduleWords(f []string) (mod, replace module.Version, ok bool) {
	if len(f) == 0 || module.CheckImportPath(f[0]) != nil {
		return mod, replace, false
	}
	mod.Path, f = f[0], f[1:]
	if len(f) > 0 && semver.IsValid(f[0]) {
		mod.Version, f = f[0], f[1:]
	}
	if len(f) < 2 || f[0] != "=>" || len(f) > 3 {
		return mod, replace, len(f) == 0
	}
	replace.Path, f = f[1], f[2:]
	if len(f) > 0 {
		replace.Version = f[0]
	}
	return mod, replace, len(f) == 0 || semver.IsValid(replace.Version)
}

// annotate reads what follows "##": words between semicolons.
func (m *vendored) annotate(text string) {
	for word := range strings.SplitSeq(text, ";") {
		word = strings.TrimSpace(word)
		if v, ok := strings.CutPrefix(word, "go "); ok {
			m.goLine = v
		}
		m.explicit = m.explicit || word == "explicit"
	}
}

// builtVendored returns the modules that a vendor folder has packages of. The others
// are not built. Without the folder, their code is what the module cache has.
func builtVendored(all []vendored, folder string, at func(line int) matrix.Position) (modules []matrix.BuiltModule) {
	for _, v := range all {
		if v.packages == 0 {
			continue
		}
		m := matrix.BuiltModule{
			Path: v.mod.Path, Version: v.mod.Version, Indirect: !v.explicit, Go: v.goLine, Vendored: folder != "", Where: at(v.line),
		}
		if v.replace.Path != "" {
			m.Replaced = &matrix.Replacement{Path: v.replace.Path, Version: v.replace.Version, Where: m.Where}
		}
		if folder != "" {
			if m.Dir = filepath.Join(folder, filepath.FromSlash(v.mod.Path)); !isFolder(m.Dir) {
				m.Dir, m.Missing = "", "the vendor folder does not have its code"
			}
		}
		modules = append(modules, m)
	}
	return modules
}
