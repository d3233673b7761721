package schema

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// complete is a matrix.yaml with every possible key. JSON is YAML.
const complete = `{
  "suite": "demo",
  "target": {"module": "example.com/lib", "former": [{"module": "example.com/old/lib", "releases": "< 1"}]},
  "releases": ">= 0.1, < 3",
  "first": ["v1.0.0"],
  "toolchains": [{"releases": "< 1", "go": "go1.20.14"}],
  "adapters": [{"releases": "< 1", "tags": ["old"]}],
  "reproduction": {"folder": "repro", "module": "example.com/repro"},
  "evidence": true,
  "peer": true,
  "environment": {"GOGC": 800, "GODEBUG": "http2client=0"},
  "proof": {"clean": {"used": true, "uses": 2}, "seen": "server"},
  "words": {"leak": {"one": "panics", "many": "panic", "past": "panicked", "noun": "panic", "name": "panic", "sign": "P"}, "clean": "survives", "part": "file", "all": "folder"},
  "scenarios": [
    {"name": "control", "kind": "control", "title": "nothing is dropped", "needs": [["Dial", "sub/net.Conn.Dial"], "Conn.Close"], "proof": {"attempted": true, "times": 2, "acted": "late"}},
    {"name": "planted", "kind": "planted", "title": "a drop on purpose", "proof": {"attempted": true}},
    {"name": "probe", "kind": "probe", "title": "a drop", "proof": {"attempted": true}}
  ],
  "expect": [{"scenarios": ["pl*"], "releases": "< 1", "verdict": "leak"}],
  "limits": {"trial": "30s", "build": "10m"},
  "settle": {"p0": 0.05, "p1": 0.4, "alpha": 0.01, "beta": 0.01},
  "sure": {"clean": 0.05, "edge": 0.005}
}`

// read returns the mistakes that the reader of suites finds in a matrix.yaml.
func read(t *testing.T, text string) matrix.Problems {
	t.Helper()
	_, err := spec.LoadUnlocked(fstest.MapFS{
		"matrix.yaml":     {Data: []byte(text)},
		"repro/main.go":   {Data: []byte("package main\n\nfunc main() {}\n")},
		"repro/a_test.go": {Data: []byte("package main\n\nfunc TestA(t *testing.T) {}\n")},
		"osv/GO-1.json":   {Data: []byte(`{"id": "GO-1", "affected": [{"package": {"ecosystem": "Go", "name": "example.com/lib"}, "versions": ["1.0.0"]}]}`)},
	}, "")
	var problems matrix.Problems
	if err != nil && !errors.As(err, &problems) {
		t.Fatal(err)
	}
	return problems
}

// completeDocument returns complete, after checking that both the reader and the schema
// accept it.
func completeDocument(t *testing.T, valid func(any) error) object {
	t.Helper()
	doc := object{}
	if err := json.Unmarshal([]byte(complete), &doc); err != nil {
		t.Fatal(err)
	}
	if problems := read(t, complete); len(problems) > 0 {
		t.Fatalf("the reader refuses it: %v", problems)
	}
	if err := valid(doc); err != nil {
		t.Fatalf("the schema refuses it: %v", err)
	}
	return doc
}

// known matches the keys that the reader lists when it finds an unknown one.
var known = regexp.MustCompile(`unknown key "[a-z]*" in [^:]*: want one of ([a-z0-9, ]+)$`)

// TestMatrixHasTheKeys checks that the schema has exactly the keys that the reader knows.
// It adds an unknown key to each object, so that the reader lists the known ones.
func TestMatrixHasTheKeys(t *testing.T) {
	doc := completeDocument(t, compiled(t, Matrix))
	const nothing = "qqqqqqqqqqqqqqqq"
	visited := 0
	for _, p := range places(parse(t, Matrix).(object), parse(t, Matrix), doc, "") {
		p.doc[nothing] = true
		problems := read(t, encode(t, doc))
		delete(p.doc, nothing)
		if len(problems) != 1 || !known.MatchString(problems[0].Text) {
			t.Errorf("%s: the reader reports %v", p.path, problems)
			continue
		}
		keys := strings.Split(known.FindStringSubmatch(problems[0].Text)[1], ", ")
		slices.Sort(keys)
		if diff := cmp.Diff(p.properties(), keys); diff != "" {
			t.Errorf("%s: -in the schema +known to the reader:\n%s", p.path, diff)
		}
		visited++
	}
	// There are three scenarios and one of each other object.
	if want := 16; visited != want {
		t.Errorf("visited %d objects, want %d", visited, want)
	}
}

// TestMatrixMutations makes one mistake at a time. The schema and the reader must both
// refuse it: an editor should not mark what is right.
func TestMatrixMutations(t *testing.T) {
	valid := compiled(t, Matrix)
	doc := completeDocument(t, valid)
	all := mutations(parse(t, Matrix).(object), doc)
	for _, m := range all {
		m.do()
		if valid(doc) == nil {
			t.Errorf("the schema accepts %s", m.name)
		}
		if len(read(t, encode(t, doc))) == 0 {
			t.Errorf("the reader accepts %s", m.name)
		}
		m.undo()
	}
	if err := valid(doc); err != nil || len(all) < 60 {
		t.Errorf("after %d mutations: %v", len(all), err)
	}
}

// edits of the complete document, and whether what they make is a valid suite.
var edits = []struct {
	from, to string
	ok       bool
}{
	{`{"folder": "repro", "module": "example.com/repro"}`, `"repro"`, true},
	{`"folder": "repro"`, `"folder": "../repro"`, false},
	{`"folder": "repro"`, `"folder": "/repro"`, false},
	{`"demo"`, `"de mo"`, false},
	{`"v1.0.0"`, `"1.0.0"`, false},
	{`"v1.0.0"`, `"v1.0"`, false},
	{`"go1.20.14"`, `"1.20"`, false},
	{`"go1.20.14"`, `"go1.20"`, true},
	{`["old"]`, `["o-ld"]`, false},
	{`["old"]`, `[]`, true},
	{`"kind": "control"`, `"kind": "probe"`, false},
	{`"kind": "planted"`, `"kind": "plant"`, false},
	{`"name": "control"`, `"name": "Control"`, false},
	{`"times": 2`, `"times": [2]`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"Dial"`, true},
	{`["Dial", "sub/net.Conn.Dial"]`, `"a.b/c.d-e.Dial"`, true},
	{`["Dial", "sub/net.Conn.Dial"]`, `[]`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `["Dial", "Dial"]`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"Conn.Close"`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"dial"`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"Conn.close"`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"../x.Dial"`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"/x.Dial"`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"a//b.Dial"`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"a/Dial"`, false},
	{`["Dial", "sub/net.Conn.Dial"]`, `"a b.Dial"`, false},
	{`"verdict": "leak"`, `"verdict": "dirty"`, false},
	{`"verdict": "leak"`, `"state": "ok"`, false},
	{`"scenarios": ["pl*"], "releases": "< 1", "verdict": "leak"`, `"state": "build-failed"`, true},
	{`"scenarios": ["pl*"], "releases": "< 1", "verdict": "leak"`, `"state": "broken"`, false},
	{`"scenarios": ["pl*"], "releases": "< 1", "verdict": "leak"`, `"releases": "< 1"`, false},
	{`"scenarios": ["pl*"]`, `"scenarios": []`, false},
	{`"scenarios": ["pl*"], "releases": "< 1", "verdict": "leak"`, `"scenarios": ["pr*"], "releases": "< 1", "osv": "osv/GO-1.json"`, true},
	{`"scenarios": ["pl*"], "releases": "< 1", "verdict": "leak"`, `"scenarios": ["pr*"], "osv": "../GO-1.json"`, false},
	{`"scenarios": ["pl*"], "releases": "< 1", "verdict": "leak"`, `"osv": "osv/GO-1.json"`, false},
	{`"verdict": "leak"`, `"verdict": "leak", "osv": "osv/GO-1.json"`, false},
	{`"verdict": "leak"`, `"verdict": "leak", "state": "ok"`, false},
	{`"30s"`, `"30"`, false},
	{`"30s"`, `"1h30m"`, true},
	{`"p0": 0.05`, `"p0": 0`, false},
	{`"beta": 0.01`, `"beta": 0.5`, false},
	{`"p1": 0.4`, `"p1": 1`, false},
	{`"edge": 0.005`, `"edge": 0.00001`, false},
	{`"edge": 0.005`, `"edge": 0.05`, true},
	{`"clean": 0.05`, `"clean": 1`, false},
	{`"releases": ">= 0.1, < 3"`, `"releases": 0.40`, true},
	{`"peer": true`, `"peer": "yes"`, false},
	{`"peer": true`, `"peer": true, "speaks": "trials", "trials": 3`, true},
	{`"peer": true`, `"peer": true, "trials": 0`, false},
	{`"peer": true`, `"peer": true, "speaks": "exit"`, false},
	{`"seen": "server"`, `"seen": ""`, false},
	{`"GOGC": 800`, `"HOME": "x"`, false},
	{`"GOGC": 800`, `"gogc": 800`, false},
	{`"GOGC": 800`, `"GOGC": [800]`, false},
	{`"GOGC": 800`, `"GOGC": true`, true},
	{`"uses": 2`, `"uses": [2]`, false},
	{`"sign": "P"`, `"sign": "E"`, false},
	{`"sign": "P"`, `"sign": "PP"`, false},
	{`"one": "panics"`, `"one": "panics <b>"`, false},
	{`"clean": "survives"`, `"clean": ["survives"]`, false},
	{`"clean": "survives"`, `"clean": "survives", "flaky": {"one": "wavers", "sign": "w"}`, true},
	{`"peer": true`, `"peer": true, "panic": "leak"`, false},
	{`"kind": "planted"`, `"kind": "planted", "args": ["-x"]`, false},
}

// TestMatrixAgrees edits a suite, and checks that the schema and the reader agree.
func TestMatrixAgrees(t *testing.T) {
	valid := compiled(t, Matrix)
	completeDocument(t, valid)
	for _, test := range edits {
		if strings.Count(complete, test.from) != 1 {
			t.Errorf("the suite has %s %d times", test.from, strings.Count(complete, test.from))
			continue
		}
		text := strings.Replace(complete, test.from, test.to, 1)
		err, problems := valid(parse(t, text)), read(t, text)
		if (err == nil) != test.ok || (len(problems) == 0) != test.ok {
			t.Errorf("%s: want accepted %v; the schema returns %v, the reader %v", test.to, test.ok, err, problems)
		}
	}
}

// TestMatrixOfPrograms checks that the schema and the reader agree about suites whose
// reproduction is a program.
func TestMatrixOfPrograms(t *testing.T) {
	valid := compiled(t, Matrix)
	for scenario, ok := range map[string]bool{
		`"args": ["-x"]`:               true,
		`"kind": "control"`:            true,
		`"proof": {"attempted": true}`: false,
		`"args": "-x"`:                 false,
	} {
		text := `{"suite": "demo", "target": {"module": "example.com/lib"}, "reproduction": "repro", "speaks": "exit", "scenarios": [{"name": "a", "title": "a", ` + scenario + `}]}`
		err, problems := valid(parse(t, text)), read(t, text)
		if (err == nil) != ok || (len(problems) == 0) != ok {
			t.Errorf("%s: want accepted %v; the schema returns %v, the reader %v", scenario, ok, err, problems)
		}
	}
}

// TestMatrixOfTests checks that the schema and the reader agree about suites whose
// reproduction is a package with tests.
func TestMatrixOfTests(t *testing.T) {
	valid := compiled(t, Matrix)
	for rest, ok := range map[string]bool{
		`"speaks": "test"`:                  true,
		`"speaks": "test", "scenarios": []`: false,
		`"speaks": "test", "scenarios": [{"name": "a", "title": "a", "test": "TestA/a b"}]`:             true,
		`"speaks": "test", "scenarios": [{"name": "a", "title": "a", "test": "A"}]`:                     false,
		`"speaks": "test", "scenarios": [{"name": "a", "title": "a", "test": "TestA/"}]`:                false,
		`"speaks": "test", "scenarios": [{"name": "a", "title": "a"}]`:                                  false,
		`"speaks": "test", "scenarios": [{"name": "a", "title": "a", "test": "TestA", "args": ["x"]}]`:  false,
		`"speaks": "exit", "scenarios": [{"name": "a", "title": "a", "test": "TestA"}]`:                 false,
		`"speaks": "test", "scenarios": [{"name": "a", "title": "a", "test": "TestA", "package": "."}]`: true,
		`"speaks": "exit", "scenarios": [{"name": "a", "title": "a", "package": "."}]`:                  false,
		`"speaks": "exit"`:                   false,
		`"speaks": "test", "evidence": true`: false,
	} {
		tests := strings.Contains(rest, `"speaks": "test"`)
		for folder, fits := range map[string]bool{
			`"repro"`: true, `{"folder": "repro", "package": "."}`: tests, `{"folder": "repro", "package": "../x"}`: false,
			`{"folder": "repro", "packages": ["."]}`: tests, `{"folder": "repro", "packages": []}`: false, `{"folder": "repro", "packages": [".", "."]}`: false,
			`{"folder": "repro", "package": ".", "packages": ["."]}`: false,
		} {
			text := `{"suite": "demo", "target": {"module": "example.com/lib"}, "reproduction": ` + folder + `, ` + rest + `}`
			err, problems := valid(parse(t, text)), read(t, text)
			if (err == nil) != (ok && fits) || (len(problems) == 0) != (ok && fits) {
				t.Errorf("%s: want accepted %v; the schema returns %v, the reader %v", text, ok && fits, err, problems)
			}
		}
	}
}

// TestSuitesAreValid checks the suites that ship and the suite of the scripts.
func TestSuitesAreValid(t *testing.T) {
	valid := compiled(t, Matrix)
	files, err := filepath.Glob(filepath.Join("..", "suites", "*", "matrix.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no suites: %v", err)
	}
	for _, file := range append(files, filepath.Join("..", "..", "cmd", "matrixrun", "testdata", "suite", "matrix.yaml")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc := object{}
		if err := yaml.Load(text, &doc); err != nil {
			t.Fatal(err)
		}
		if err := valid(parse(t, encode(t, doc))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if line, _, _ := strings.Cut(string(text), "\n"); strings.Contains(line, "yaml-language-server") {
			_, path, _ := strings.Cut(line, "$schema=")
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), path)); err != nil {
				t.Errorf("%s names a missing schema: %v", file, err)
			}
		}
	}
}
