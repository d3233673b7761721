package fork

import (
	"bytes"
	_ "embed" // the texts
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix/text"
)

//go:embed tree.md
var treeText string

//go:embed proxy.md
var proxyText string

var (
	treeTemplate  = template.Must(template.New("tree").Funcs(functions).Parse(treeText))
	proxyTemplate = template.Must(template.New("proxy").Funcs(functions).Parse(proxyText))
)

var functions = template.FuncMap{
	// foreign is for the fields of a patch's header. It keeps a text with several
	// lines inside a list item, and shows markup as text.
	"foreign": func(s string) string {
		return strings.NewReplacer("\n", "\n  ", "<", `\<`).Replace(text.Lines(s))
	},
}

// describe returns what a template makes of data, without lines that a terminal or a CI
// system takes for a command.
func describe(t *template.Template, data any) ([]byte, error) {
	var b strings.Builder
	err := t.Execute(&b, data)
	return []byte(text.Harmless(b.String())), err
}

// treeReadme returns the README of the FORK folder.
func treeReadme(a About, withZip bool) ([]byte, error) {
	return describe(treeTemplate, struct {
		About
		WithZip bool
	}{a, withZip})
}

// proxyReadme is the file that describes all forks in the folder of a proxy.
// proxyReadmeToo is used instead if that file exists and was not written by
// matrixrun.
const (
	proxyReadme    = "README.md"
	proxyReadmeToo = "README.forks.md"
	// proxyMark begins a file that matrixrun may overwrite.
	proxyMark = "<!-- `matrixrun fork` writes this file anew for each fork that it adds. -->\n"
)

// writeReadme writes the README of the folder of a proxy.
func (p proxy) writeReadme() error {
	forks, err := forksIn(p.root.Name())
	if err != nil {
		return err
	}
	described, err := describe(proxyTemplate, forks)
	if err != nil {
		return err
	}
	name := proxyReadme
	if old, err := p.read(name); err == nil && old != nil && !bytes.HasPrefix(old, []byte(proxyMark)) {
		name = proxyReadmeToo
	}
	return p.writeChanged(name, append([]byte(proxyMark), described...))
}

// forksIn returns all forks in the folder of a proxy, sorted by module and version.
func forksIn(dir string) ([]About, error) {
	var forks []About
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(at, aboutExt) && entry.Type().IsRegular() {
			if a, ok := read(at); ok {
				forks = append(forks, a)
			}
		}
		return err
	})
	slices.SortFunc(forks, func(a, b About) int {
		if order := strings.Compare(a.Module, b.Module); order != 0 {
			return order
		}
		return semver.Compare(a.Version, b.Version)
	})
	return forks, err
}
