package fork

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// schema is the version of the schema of fork.json.
const schema = 1

// About is the provenance of a fork, as stored in fork.json.
type About struct {
	Schema    int    `json:"schema"`
	Module    string `json:"module"`    // the path that programs import
	Version   string `json:"version"`   // of the fork
	Sum       string `json:"sum"`       // of that version, "h1:..." as in go.sum
	GoModSum  string `json:"gomod_sum"` // of its go.mod
	Target    string `json:"target"`    // the current module path; differs from Module if the module has moved
	Release   Base   `json:"release"`
	Patches   []Part `json:"patches"` // in the order of application
	Suite     string `json:"suite"`
	Toolchain string `json:"toolchain"` // version of Go that compiled all packages
	Matrixrun string `json:"matrixrun"`
}

// A Base is the release that was forked.
type Base struct {
	Module  string    `json:"module"`
	Version string    `json:"version"`
	Sum     string    `json:"sum"`
	Time    time.Time `json:"time"`

	Kind matrix.SourceKind `json:"kind,omitempty"` // of what is not a release
}

// A Part is a patch of a fork.
type Part struct {
	matrix.Applied
	File        string `json:"file"` // name of the variant's file, without folder
	Description string `json:"description"`
	Origin      string `json:"origin"`
	License     string `json:"license,omitempty"`
	Bug         string `json:"bug"`
	Upstream    string `json:"applied_upstream"`
}

// about returns the provenance without the checksums, which depend on the version.
func (f *Fork) about(spec *matrix.Spec, src matrix.Source, by Maker) About {
	a := About{
		Schema: schema, Module: src.Path(), Target: spec.Target.Module,
		Release: Base{Module: src.Module, Version: src.Version, Sum: src.Sum, Time: src.Time.UTC()},
		Suite:   spec.Suite, Toolchain: by.Toolchain, Matrixrun: by.Tool,
	}
	if src.Origin != nil {
		a.Release.Kind = src.Origin.Kind
	}
	var names []string
	for i, p := range f.patches {
		names = append(names, p.Patch)
		a.Patches = append(a.Patches, Part{
			Applied: f.Applied[i], File: path.Base(p.File),
			Description: p.Description, Origin: p.Origin, License: p.License, Bug: p.Bug, Upstream: p.Applied,
		})
	}
	a.Version = version(src.Version, names, f.digest(src))
	return a
}

// GoSum returns the two lines of the fork in a go.sum.
func (a About) GoSum() []string {
	return []string{
		fmt.Sprintf("%s %s %s", a.Module, a.Version, a.Sum),
		fmt.Sprintf("%s %s/go.mod %s", a.Module, a.Version, a.GoModSum),
	}
}

// Moved reports whether the current path of the module differs from that of the
// release.
func (a About) Moved() bool { return a.Release.Kind == "" && a.Module != a.Target }

// Names returns the names of the patches, separated by commas.
func (a About) Names() string {
	names := make([]string, len(a.Patches))
	for i, p := range a.Patches {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// How returns how the patch was applied, in words, and what was left out.
func (p Part) How() string {
	how := "is in the release already"
	switch p.Apply {
	case matrix.ApplyExact:
		how = "applies at the lines that it names"
	case matrix.ApplyOffset:
		how = fmt.Sprintf("applies at other lines, up to %d away", max(p.Offset, -p.Offset))
	}
	if len(p.Passed) > 0 {
		how += ", in the variant for " + p.Releases
	}
	if p.Partly() {
		how += ", but not to " + text.Some(append(p.AsideFiles(), p.LeftOut...), 10)
	}
	return how
}

// json returns the content of fork.json.
func (a About) json() ([]byte, error) {
	var b bytes.Buffer
	err := text.WriteJSON(&b, a, true)
	return b.Bytes(), err
}

// read reads a fork.json; ok is false if the file is missing or is not one.
func read(file string) (a About, ok bool) {
	data, _, err := regular.Read(file, maxText)
	if err != nil || json.Unmarshal(data, &a) != nil {
		return About{}, false
	}
	return a, a.Schema == schema && a.Module != "" && a.Version != "" && a.Matrixrun != ""
}
