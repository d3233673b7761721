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
			m, ok := moduleLine(f[1:])
			if !ok {
				problems.Add("", i+1, "%q is not a line of vendor/modules.txt: want `# MODULE VERSION`", line)
				continue
			}
			m.line = i + 1
			all = append(all, m)
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

// moduleLine parses the words of a line after "#": a module, and what replaces it.
func moduleLine(f []string) (m vendored, ok bool) {
	if len(f) == 0 || module.CheckImportPath(f[0]) != nil {
		return m, false
	}
	m.mod.Path, f = f[0], f[1:]
	if len(f) > 0 && semver.IsValid(f[0]) {
		m.mod.Version, f = f[0], f[1:]
	}
	switch {
	case len(f) == 0:
		return m, m.mod.Version != ""
	case f[0] != "=>" || len(f) < 2 || len(f) > 3:
		return m, false
	}
	m.replace.Path = f[1]
	if len(f) == 3 {
		m.replace.Version = f[2]
	}
	return m, len(f) == 2 || semver.IsValid(f[2])
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
