package ask

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"text/template"
	"time"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// matrixYAML is the matrix.yaml that somebody would write for a question. A panic in a call of
// the module is the defect, as for go test.
var matrixYAML = template.Must(template.New("").Funcs(template.FuncMap{"json": toJSON}).Parse(
	`# A question that matrixrun try was asked. All keys: matrixrun help suites
suite: {{json .Name}}
target: {module: {{json .Module}}}
reproduction: {folder: ".", packages: {{json .Packages}}}
speaks: test # a test that passes is clean, one that fails shows the defect, one that is skipped cannot tell
trials: {{.Trials}}
limits: {trial: {{.Limit}}}
panic: defect
{{- if not .NoCgo}}
cgo: true
{{- end}}
{{- if .Hang}}
hang: defect
{{- end}}
{{- if .Scenarios}}
scenarios:
{{- range .Scenarios}}
  - {name: {{.Name}}, title: {{json .Title}}, test: {{json .Test}}, package: {{json .Package}}}
{{- end}}
{{- end}}
`))

// toJSON returns a value as JSON, which is YAML.
func toJSON(v any) (string, error) {
	data, err := json.Marshal(v)
	return string(data), err
}

// document returns the matrix.yaml of the question.
func (q Question) document(at place) ([]byte, error) {
	var out bytes.Buffer
	err := matrixYAML.Execute(&out, struct {
		Question
		Name      string
		Packages  []string
		Scenarios []matrix.Scenario
	}{q, suiteName(q.Module), at.packages, spec.ScenariosOf(at.tests)})
	return out.Bytes(), err
}

// folderName matches what can be the name of a suite.
var folderName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// suiteName returns a name for a suite about a module: the last part of its path that is
// no major version.
func suiteName(modulePath string) string {
	prefix, _, _ := module.SplitPathVersion(modulePath)
	if name := path.Base(prefix); folderName.MatchString(name) {
		return name
	}
	return "try"
}

// A folder is the folder of the user's module as that of a suite. It has a matrix.yaml
// that is in no file, and no other file of a suite, whatever the module itself has under
// these names.
type folder struct {
	fs.FS
	document []byte
}

// suiteFiles are the files of a suite that the folder does not have.
var suiteFiles = map[string]bool{"releases.lock": true, "releases.index": true, "forks.lock": true}

// Open opens a file of the folder.
func (f folder) Open(name string) (fs.File, error) {
	switch {
	case name == spec.FileName:
		return document{bytes.NewReader(f.document)}, nil
	case suiteFiles[name]:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.FS.Open(name)
}

// A document is the open matrix.yaml, and describes itself.
type document struct{ *bytes.Reader }

func (d document) Stat() (fs.FileInfo, error) { return d, nil }
func (d document) Close() error               { return nil }
func (d document) Name() string               { return spec.FileName }
func (d document) Mode() fs.FileMode          { return 0o444 }
func (d document) ModTime() time.Time         { return time.Time{} }
func (d document) IsDir() bool                { return false }
func (d document) Sys() any                   { return nil }
