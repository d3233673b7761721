package starter

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"
	"text/template"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

//go:embed templates
var texts embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{"quote": yamlText}).ParseFS(texts, "templates/*"))

// yamlText quotes a text for YAML. A double-quoted text of JSON is one of YAML.
func yamlText(text string) string { return fmt.Sprintf("%q", text) }

// A view is what the templates show.
type view struct {
	Name, Module string
	Former       []matrix.Former
	Releases     string
	Speaks       matrix.Speech
	Folder       string   // of the reproduction
	Packages     []string // of the tests, if it is not that folder alone
	Scenarios    []matrix.Scenario
	Record       string // file
	ID           string // of the record
	Import       string
	Symbols      string // that the record names in it
	Cgo          bool
	Helper       string // import path of the package that reports trials
}

// write adds matrix.yaml and the reproduction to files.
func (d *Draft) write(files map[string][]byte) error {
	v := view{
		Name: d.name(), Module: d.Target.Module, Former: d.Target.Former, Releases: d.order.Versions, Speaks: d.order.Speaks,
		Folder: reproFolder, Scenarios: d.scenarios(), Record: d.record.name, Import: d.imports, Cgo: d.cgo,
		Helper: path.Join(new(matrix.Spec).ReproductionModule(), path.Base(path.Dir(helper))),
	}
	if d.record.advisory != nil {
		v.ID = d.record.advisory.ID
	}
	for _, i := range d.record.imports {
		if i.Path == d.imports {
			v.Symbols = strings.Join(i.Symbols, ", ")
		}
	}
	if d.order.Tests != "" {
		v.Folder, v.Packages = ".", matrix.TestPackages(v.Scenarios)
		if slices.Equal(v.Packages, []string{"."}) {
			v.Packages = nil
		}
	}
	if d.record.copied {
		files[d.record.name] = d.record.data
	}
	var err error
	if files[spec.FileName], err = fill("matrix.yaml", v); err != nil {
		return err
	}
	for name, template := range d.code() {
		source, err := fill(template, v)
		if err != nil {
			return err
		}
		if files[name], err = format.Source(source); err != nil {
			return fmt.Errorf("formatting %s: %w", name, err)
		}
	}
	return nil
}

// code returns the files of a new reproduction, and the names of their templates. It returns
// none if there are tests already.
func (d *Draft) code() map[string]string {
	switch stub := d.Stub(); {
	case stub == "":
		return nil
	case d.order.Speaks == matrix.SpeechTrials:
		return map[string]string{stub: "reports.go", helper: "trials.go"}
	default:
		return map[string]string{stub: path.Base(stub)}
	}
}

// fill fills a template.
func fill(name string, v view) ([]byte, error) {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name+".tmpl", v); err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// Write writes the files of Fill, the one that makes the folder a suite last. What it has
// written when an error occurs, it removes.
func (d *Draft) Write(ctx context.Context, files map[string][]byte) (err error) {
	var made []string // files and folders, in the order in which they were made
	defer func() {
		for _, name := range slices.Backward(made) {
			if err != nil {
				err = errors.Join(err, os.Remove(name))
			}
		}
	}()
	names := slices.SortedFunc(maps.Keys(files), func(a, b string) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(a, b))
	})
	for _, name := range names {
		file := filepath.Join(d.Dir, filepath.FromSlash(name))
		for _, dir := range []string{d.Dir, filepath.Dir(file)} {
			if err := os.Mkdir(dir, 0o777); err == nil {
				made = append(made, dir)
			} else if !errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("making a folder for %s: %w", name, err)
			}
		}
		if _, err := os.Lstat(file); err == nil {
			return matrix.Mistake("%s is there now: something else made it", filepath.ToSlash(file))
		}
		if err := output.WriteFile(ctx, file, files[name], io.Discard, io.Discard); err != nil {
			return err
		}
		made = append(made, file)
	}
	return nil
}

// rank returns the place of a file among those that are written.
func rank(name string) int {
	if name == spec.FileName {
		return 1
	}
	return 0
}

// An overlay is a folder with more files, which hide those of the same name.
type overlay struct {
	base  fs.FS
	files map[string][]byte
}

// Open opens a file. Folders that both have are those of the base.
func (o overlay) Open(name string) (fs.File, error) {
	if _, ok := o.files[name]; !ok {
		if f, err := o.base.Open(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	added := fstest.MapFS{}
	for file, data := range o.files {
		added[file] = &fstest.MapFile{Data: data, Mode: 0o666}
	}
	return added.Open(name)
}
