package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// files is a small module with everything that this program reads.
var files = map[string]string{
	"go.mod":                                "module example.com/tool\n\ngo 1.26\n\nrequire (\n\texample.com/used v1.0.0\n\texample.com/other v1.0.0\n)\n",
	"matrix/matrix.go":                      "// Package matrix is words.\npackage matrix\n\n// N is a number.\nconst N = 1\n",
	"matrix/spec/spec.go":                   "package spec\n\nimport _ \"example.com/tool/matrix\"\n",
	"matrix/plan/plan.go":                   "package plan\n",
	"matrix/plan/plan_test.go":              "package plan\n",
	"matrix/merge/merge.go":                 "package merge\n",
	"matrix/sweep/sweep.go":                 "package sweep\n\nimport (\n\t_ \"os\"\n\t_ \"example.com/used/sub\"\n)\n",
	"matrix/report/report.go":               "package report\n",
	"cmd/tool/main.go":                      "package main\n",
	"matrix/suites/zerortt/releases.lock":   "v1.0.0 example.com/lib h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= 2024-01-01T00:00:00Z\nv1.1.0 example.com/lib h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= 2024-02-01T00:00:00Z\n",
	"matrix/suites/zerortt/forks.lock":      forksLock,
	"matrix/suites/zerortt/repro/main.go":   "package main\n\nimport _ \"example.com/lib\"\n\nfunc main() {}\n",
	"matrix/suites/zerortt/matrix.yaml":     suiteYAML,
	"patches/mend/all.patch":                mendPatch,
	"results/zerortt/evidence/v1.0.0/a.txt": "seen",
	"results/zerortt/BACKPORTS.md":          "# Patches\n",
	"README.md": "# Tool\n\n<!-- verdicts -->\n<!-- /verdicts -->\n\n" +
		"<!-- patches -->\n| patch | what | releases |\n|---|---|---|\n| `mend` | mends a | |\n<!-- /patches -->\n",
	published + "/" + readme: "<!-- forks -->\n<!-- /forks -->\n",
	benchReadme:              "<!-- costs -->\n<!-- /costs -->\n",
}

// forksLock is the forks.lock of the tree.
const forksLock = "v0.1.0 example.com/fork h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= 2024-03-01T00:00:00Z\n" +
	"v0.2.0 example.com/fork h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= 2024-04-01T00:00:00Z\n"

const suiteYAML = `suite: demo
target: {module: example.com/lib}
reproduction: repro
families:
  - {name: calls, title: you call a, consequence: it breaks, condition: callers, scenarios: [a]}
  - {name: others, title: you call others, consequence: they break, condition: callers, scenarios: [b*]}
scenarios:
  - {name: control, kind: control, title: nothing}
  - {name: planted, kind: planted, title: something}
  - {name: a, kind: probe, title: a}
  - {name: b, kind: probe, title: b}
  - {name: help, kind: workaround, title: help}
`

const mendPatch = `Description: mend a
Origin: us, written against v1.0.0
Applied-Upstream: v1.1.0, by pull request 12 (0123456789)
Releases: < 1.1
Fixes: a

--- a/lib.go
+++ b/lib.go
@@ -1 +1 @@
-package lib
+package lib // mended
`

// put writes a file of a tree.
func put(t *testing.T, tr tree, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(tr.path(name)), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tr.path(name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// edit replaces a part of a file.
func edit(t *testing.T, tr tree, name, old, latest string) {
	t.Helper()
	text, err := os.ReadFile(tr.path(name))
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s does not contain %q: %v", name, old, err)
	}
	put(t, tr, name, strings.Replace(string(text), old, latest, 1))
}

// fresh has the files of a tree in which everything published is up to date. It is
// made once, because rendering the reports takes time, and kept in memory as a zip.
var fresh struct {
	once  sync.Once
	files fs.FS
}

// freshTree returns such a tree.
func freshTree(t *testing.T) tree {
	t.Helper()
	fresh.once.Do(func() {
		tr := tree{root: t.TempDir()}
		for name, text := range files {
			put(t, tr, name, text)
		}
		run(t, tr)
		if code, text := execution(tr, "check"); code != exitFresh {
			t.Fatalf("check of a fresh tree: %d: %s", code, text)
		}
		var archive bytes.Buffer
		w := zip.NewWriter(&archive)
		if err := errors.Join(w.AddFS(os.DirFS(tr.root)), w.Close()); err != nil {
			t.Fatal(err)
		}
		r, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
		if err != nil {
			t.Fatal(err)
		}
		fresh.files = r
	})
	tr := tree{root: t.TempDir()}
	if err := os.CopyFS(tr.root, fresh.files); err != nil {
		t.Fatal(err)
	}
	return tr
}

// run publishes results that match the tree.
func run(t *testing.T, tr tree) {
	t.Helper()
	suite, err := spec.Load(os.DirFS(tr.path(suiteFolder)), suiteFolder)
	if err != nil {
		t.Fatal(err)
	}
	sources, err := tr.sources()
	if err != nil {
		t.Fatal(err)
	}
	r := &matrix.Results{
		Schema: 1, Suite: "demo", Target: "example.com/lib", Generated: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
		Matrixrun: "devel (sources " + sources + ")", Lock: suite.LockDigest, Reproduction: suite.ReproductionDigest,
		Words:     matrix.Words{Leak: matrix.Phrase{One: "leaks"}, Clean: matrix.Phrase{One: "is clean"}},
		Scenarios: suite.Scenarios, Costs: map[string]matrix.CPU{"v1.0.0": {Build: 12, Trials: 2}, "v1.1.0": {Build: 2, Trials: 4}},
	}
	for i, id := range []string{"v1.0.0", "v1.1.0"} {
		row := matrix.RowResult{ID: id, Source: matrix.SourceResult{Version: id}, State: matrix.StateOK, Toolchain: "go1.2.3"}
		for _, s := range suite.Scenarios {
			c := matrix.Cell{Scenario: s.Name, Verdict: matrix.VerdictClean, Trials: 10}
			if s.Kind == matrix.KindPlanted || s.Name == "a" && i == 0 {
				c.Verdict, c.Leaks = matrix.VerdictLeak, 10
			}
			if s.Name == "a" && i == 0 {
				c.Evidence = []string{"evidence/v1.0.0/a.txt"}
			}
			row.Cells = append(row.Cells, c)
		}
		r.Rows = append(r.Rows, row)
	}
	publish(t, tr, ofForks, forkResults(t, tr, r, suite))
	patched := *r
	patched.Rows = []matrix.RowResult{r.Rows[0], mendedRow(t, tr, r.Rows[1]), r.Rows[1]}
	publish(t, tr, published, &patched)
	for i := range r.Rows {
		r.Rows[i].Server, r.Rows[i].Cells[2].Evidence = "v1.1.0", nil
	}
	publish(t, tr, againstNewest, r)
	backports(t, tr, r)
	if code, text := execution(tr, "write"); code != exitFresh {
		t.Fatalf("write: %d: %s", code, text)
	}
}

// forkResults returns the results of the forks in the tree. All are forks of v1.0.0,
// each with and without the patch.
func forkResults(t *testing.T, tr tree, r *matrix.Results, suite *matrix.Spec) *matrix.Results {
	t.Helper()
	base, mended := r.Rows[0], mendedRow(t, tr, r.Rows[1])
	base.Cells = slices.Clone(base.Cells)
	base.Cells[2].Evidence = nil
	forks := *r
	forks.Rows = []matrix.RowResult{base, mended}
	for _, f := range suite.Forks {
		plain, patched := base, mended
		plain.ID = f.Module + "@" + f.Version
		plain.Source = matrix.SourceResult{
			Kind: matrix.SourceModule, Version: f.Version, Module: f.Module, Sum: f.Sum, Rehomed: true,
			Likeness: &matrix.Likeness{Files: 3, Nearest: []matrix.Nearness{{Version: "v1.0.0", Equal: 2, Of: 3}}},
		}
		patched.ID, patched.Source = plain.ID+"+mend", plain.Source
		forks.Rows = append(forks.Rows, plain, patched)
	}
	return &forks
}

// mendedRow returns the row of v1.0.0 with the patch that names it, with the cells
// of a clean row.
func mendedRow(t *testing.T, tr tree, clean matrix.RowResult) matrix.RowResult {
	t.Helper()
	patches, err := tr.shippedPatches()
	if err != nil || len(patches) != 1 {
		t.Fatalf("%d patches: %v", len(patches), err)
	}
	clean.ID, clean.Source.Version = "v1.0.0+mend", "v1.0.0"
	clean.Patches = []matrix.Applied{{Name: "mend", SHA256: patches[0].Variants[0].SHA256}}
	return clean
}

func publish(t *testing.T, tr tree, folder string, r *matrix.Results) {
	t.Helper()
	var b bytes.Buffer
	if err := codec.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	put(t, tr, folder+"/"+resultsFile, b.String())
}

// backports publishes the grid of a run that tried all patches.
func backports(t *testing.T, tr tree, r *matrix.Results) {
	t.Helper()
	patches, err := tr.shippedPatches()
	if err != nil {
		t.Fatal(err)
	}
	tried := *r
	tried.Rows = []matrix.RowResult{{ID: "v1.0.0+mend", Source: matrix.SourceResult{Version: "v1.0.0"}, State: matrix.StateOK}}
	for _, p := range patches {
		tried.Rows[0].Patches = append(tried.Rows[0].Patches, matrix.Applied{Name: p.Name, SHA256: p.Variants[0].SHA256})
	}
	out := tree{root: t.TempDir()}
	publish(t, out, ".", &tried)
	put(t, out, backportsFile, "# Patches\n")
	if code, text := execution(tr, "backports", out.root, ""); code != exitFresh {
		t.Fatalf("backports: %d: %s", code, text)
	}
}

// TestUpstream checks that a run with a clone adds what it found out about upstream's
// own commits to BACKPORTS.md, but no code of theirs, and that a run without one keeps it.
func TestUpstream(t *testing.T) {
	tr := freshTree(t)
	r, err := tr.results(published)
	if err != nil {
		t.Fatal(err)
	}
	up := tree{root: t.TempDir()}
	put(t, up, backportsFile, "# Commits\n\nTried: 2.\n\n## Answer\n\n- one mends it\n\n## Falls short\n\n- their code\n\n## Releases\n\n| v1 |\n")
	own := tree{root: t.TempDir()}
	publish(t, own, ".", r)
	put(t, own, backportsFile, "# Patches\n")
	var made []string
	for _, from := range []string{"", up.root, ""} {
		code, said := execution(tr, "backports", own.root, from)
		text, err := os.ReadFile(tr.path(published + "/" + backportsFile))
		if err != nil || code != exitFresh || (said == "") != (from != "") {
			t.Fatal(code, said, err)
		}
		made = append(made, string(text))
	}
	if made[1] != made[2] {
		t.Errorf("without a clone, it is not kept:\n%s", made[2])
	}
	for _, want := range []string{"\n## Upstream's own commits\n", "\nTried: 2.\n", "\n### Answer\n\n- one mends it\n", "\n### Releases\n\n| v1 |\n", "\n- 0123456789, in v1.1.0: [pull request 12](https://example.com/lib/pull/12)\n"} {
		if strings.Contains(made[0], want) || strings.Count(made[1], want) != 1 {
			t.Errorf("want %q once:\n%s", want, made[1])
		}
	}
	if strings.Contains(made[1], "their code") {
		t.Errorf("it has code of upstream's:\n%s", made[1])
	}
}

// execution runs the program and returns its exit code and output.
func execution(tr tree, args ...string) (int, string) {
	var out bytes.Buffer
	code := execute(tr.root, args, &out, &out)
	return code, out.String()
}

// staleTests has a change for everything that can become stale, and for what cannot.
var staleTests = map[string]struct {
	change func(t *testing.T, tr tree)
	want   []string // a part of each line
	cure   string   // the command for all of them
}{
	"the lock": {
		change: func(t *testing.T, tr tree) {
			edit(t, tr, suiteFolder+"/releases.lock", "2024-02-01", "2024-02-02")
		},
		want: []string{"against-newest/results.json: it was made with another releases.lock", "forks/results.json: it was made with another releases.lock", "zerortt/results.json: it was made with another releases.lock", "BACKPORTS.md: it was made with another lock"},
		cure: cureRun,
	},
	"a new fork": {
		change: func(t *testing.T, tr tree) {
			put(t, tr, suiteFolder+"/forks.lock", forksLock+strings.ReplaceAll(forksLock[:len(forksLock)/2], "v0.1.0", "v0.3.0"))
		},
		want: []string{"forks/results.json: it has no row of example.com/fork@v0.3.0 as forks.lock has it"},
		cure: cureRun,
	},
	"other code of a fork": {
		change: func(t *testing.T, tr tree) {
			edit(t, tr, suiteFolder+"/forks.lock", "v0.1.0 example.com/fork h1:AAAA", "v0.1.0 example.com/fork h1:BAAA")
		},
		want: []string{"forks/results.json: it has no row of example.com/fork@v0.1.0 as forks.lock has it"},
		cure: cureRun,
	},
	"a fork less": {
		change: func(t *testing.T, tr tree) { edit(t, tr, suiteFolder+"/forks.lock", "v0.2.0", "# v0.2.0") },
		want:   []string{"forks/results.json: it has 6 rows, but a full run has 4"},
		cure:   cureRun,
	},
	"the reproduction": {
		change: func(t *testing.T, tr tree) {
			put(t, tr, suiteFolder+"/repro/more.go", "package main\n")
		},
		want: []string{"against-newest/results.json: it was made with another reproduction", "forks/results.json: it was made with another reproduction", "zerortt/results.json: it was made with another reproduction", "BACKPORTS.md: it was made with another reproduction"},
		cure: cureRun,
	},
	"matrix.yaml": {
		change: func(t *testing.T, tr tree) {
			put(t, tr, suiteFolder+"/matrix.yaml", suiteYAML+"expect: [{scenarios: [a], releases: \"< 1.1\", verdict: leak}]\n")
		},
		want: []string{"against-newest/results.json: it was made by the sources", "forks/results.json: it was made by the sources", "zerortt/results.json: it was made by the sources", "made with other sources"},
		cure: cureRun,
	},
	"code that a run imports": {
		change: func(t *testing.T, tr tree) { edit(t, tr, "matrix/matrix.go", "N = 1", "N = 2") },
		want:   []string{"against-newest/results.json: it was made by the sources", "forks/results.json: it was made by the sources", "zerortt/results.json: it was made by the sources", "made with other sources"},
		cure:   cureRun,
	},
	"a module that a run imports": {
		change: func(t *testing.T, tr tree) { edit(t, tr, "go.mod", "used v1.0.0", "used v1.0.1") },
		want:   []string{"against-newest/results.json: it was made by the sources", "forks/results.json: it was made by the sources", "zerortt/results.json: it was made by the sources", "made with other sources"},
		cure:   cureRun,
	},
	"a program without a digest": {
		change: func(t *testing.T, tr tree) {
			version := "\"matrixrun\": \"(devel)\""
			for _, folder := range []string{published, againstNewest} {
				text, _ := os.ReadFile(tr.path(folder + "/" + resultsFile))
				_, rest, _ := strings.Cut(string(text), "\"matrixrun\": ")
				made, _, _ := strings.Cut(rest, ",\n")
				edit(t, tr, folder+"/"+resultsFile, "\"matrixrun\": "+made, version)
			}
			if err := tr.write(new(bytes.Buffer)); err != nil {
				t.Fatal(err)
			}
		},
		want: []string{"against-newest/results.json: it was made by matrixrun (devel), a version without", "zerortt/results.json: it was made by matrixrun (devel)"},
		cure: cureRun,
	},
	"a run of some releases": {
		change: func(t *testing.T, tr tree) {
			r, err := tr.results(published)
			if err != nil {
				t.Fatal(err)
			}
			r.Rows = r.Rows[:1]
			publish(t, tr, published, r)
			if err := tr.write(new(bytes.Buffer)); err != nil {
				t.Fatal(err)
			}
		},
		want: []string{"zerortt/results.json: it has 1 row, but a full run has 3"},
		cure: cureRun,
	},
	"evidence without a cell": {
		change: func(t *testing.T, tr tree) { put(t, tr, published+"/evidence/v1.1.0/a.txt", "seen") },
		want:   []string{"evidence/v1.1.0/a.txt: no cell of results.json names this file"},
	},
	"evidence that is missing": {
		change: func(t *testing.T, tr tree) {
			if err := os.Remove(tr.path(published + "/evidence/v1.0.0/a.txt")); err != nil {
				t.Fatal(err)
			}
		},
		want: []string{"evidence/v1.0.0/a.txt: results.json names this file, but it does not exist"},
	},
	"evidence that is empty": {
		change: func(t *testing.T, tr tree) { put(t, tr, published+"/evidence/v1.0.0/a.txt", "") },
		want:   []string{"evidence/v1.0.0/a.txt: results.json names this file, but it is empty"},
	},
	"a patch": {
		change: func(t *testing.T, tr tree) {
			edit(t, tr, "patches/mend/all.patch", "// mended", "// mended better")
		},
		want: []string{"forks/results.json: the patch mend has changed since it was tried on v1.0.0", "zerortt/results.json: the patch mend has changed since it was tried on v1.0.0", "BACKPORTS.md: it was made with other patches"},
		cure: cureRun,
	},
	"a report": {
		change: func(t *testing.T, tr tree) {
			edit(t, tr, published+"/COMPATIBILITY.md", "clean", "cleaner")
		},
		want: []string{"zerortt/COMPATIBILITY.md: it differs from what results.json gives, from line"},
		cure: cureWrite,
	},
	"a report that is missing": {
		change: func(t *testing.T, tr tree) {
			if err := os.Remove(tr.path(againstNewest + "/COMPATIBILITY.md")); err != nil {
				t.Fatal(err)
			}
		},
		want: []string{"against-newest/COMPATIBILITY.md: it differs from what results.json gives, there is no such file"},
		cure: cureWrite,
	},
	"a figure of README.md": {
		change: func(t *testing.T, tr tree) { edit(t, tr, readme, "100 proven trials", "200 proven trials") },
		want:   []string{"README.md: it differs from what results/zerortt/results.json gives, from line 9 on"},
		cure:   cureWrite,
	},
	"a range of README.md": {
		change: func(t *testing.T, tr tree) { edit(t, tr, readme, "| v1.0.0   |", "| v1.0.1   |") },
		want:   []string{"README.md: it differs from what"},
		cure:   cureWrite,
	},

	// Not part of the digest.
	"a comment":                    {change: func(t *testing.T, tr tree) { edit(t, tr, "matrix/matrix.go", "a number", "some number") }},
	"a test":                       {change: func(t *testing.T, tr tree) { put(t, tr, "matrix/plan/plan_test.go", "package plan\n\nvar x int\n") }},
	"code that shows results":      {change: func(t *testing.T, tr tree) { put(t, tr, "matrix/report/report.go", "package report\n\nvar x int\n") }},
	"a module that no run imports": {change: func(t *testing.T, tr tree) { edit(t, tr, "go.mod", "other v1.0.0", "other v1.0.1") }},
	"a test of the reproduction":   {change: func(t *testing.T, tr tree) { put(t, tr, suiteFolder+"/repro/main_test.go", "package main\n") }},
	"other text of README.md":      {change: func(t *testing.T, tr tree) { edit(t, tr, readme, "# Tool", "# The tool") }},
	"other columns of its table":   {change: func(t *testing.T, tr tree) { edit(t, tr, readme, "mends a ", "mends b ") }},
}

// TestStale makes one thing stale, expects it to be reported with the command that
// fixes it, and checks that the command fixes it.
func TestStale(t *testing.T) {
	for name, test := range staleTests {
		t.Run(name, func(t *testing.T) {
			tr := freshTree(t)
			test.change(t, tr)
			code, text := execution(tr, "check")
			if want := map[bool]int{true: exitStale, false: exitFresh}[len(test.want) > 0]; code != want {
				t.Errorf("exit code %d, want %d:\n%s", code, want, text)
			}
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("the output does not contain %q:\n%s", want, text)
				}
			}
			stale := strings.Count(text, "\n") - strings.Count(text, "To fix this: ") - strings.Count(text, "The published results are ")
			if stale != len(test.want) {
				t.Errorf("%d things are stale, want %d:\n%s", stale, len(test.want), text)
			}
			switch test.cure {
			case cureRun:
				run(t, tr)
			case cureWrite:
				execution(tr, "write")
			default:
				return
			}
			if code, text := execution(tr, "check"); code != exitFresh {
				t.Errorf("not fixed: %d: %s", code, text)
			}
		})
	}
}

// TestReadmeSections checks the generated sections of documents for the small module.
func TestReadmeSections(t *testing.T) {
	tr := freshTree(t)
	for file, sections := range map[string][]string{
		readme: {
			"| way      | if              | then       | leaks in | v1.1.0 |\n| -------- | --------------- | ---------- | -------- | ------ |\n" +
				"| `calls`  | you call a      | it breaks  | v1.0.0   | clean  |\n| `others` | you call others | they break | none     | clean  |\n",
			"The last full run, of 2026-01-31, took 100 proven trials: 5 scenarios, things that an application does, on 2 releases, v1.0.0 - v1.1.0. A\ntrial is one run of a scenario. It is proven if it reports that it did what the scenario says.\n",
			"in 1 of 1 nothing leaks.\n",
			"Workarounds that hold in every release: `help`.\n",
			"| patch  | what    | releases |\n| ------ | ------- | -------- |\n| `mend` | mends a | v1.0.0   |\n",
		},
		benchReadme: {"(the median of those with go1.2.3) and 3.0 to\ntry (their mean), a toolchain 5 once."},
	} {
		text, err := os.ReadFile(tr.path(file))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range sections {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s does not contain %q:\n%s", file, want, text)
			}
		}
	}
}

// TestUnknown checks that what cannot be read is an error.
func TestUnknown(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, tr tree){
		"torn results":    func(t *testing.T, tr tree) { put(t, tr, published+"/"+resultsFile, "{") },
		"a bad suite":     func(t *testing.T, tr tree) { put(t, tr, suiteFolder+"/matrix.yaml", "suite: 1\n") },
		"a lost marker":   func(t *testing.T, tr tree) { edit(t, tr, benchReadme, "<!-- costs -->\n", "") },
		"a new patch":     func(t *testing.T, tr tree) { put(t, tr, "patches/new/all.patch", mendPatch) },
		"no go.mod":       func(t *testing.T, tr tree) { _ = os.Remove(tr.path("go.mod")) },
		"no such package": func(t *testing.T, tr tree) { _ = os.RemoveAll(tr.path("matrix/merge")) },
	} {
		t.Run(name, func(t *testing.T) {
			tr := freshTree(t)
			change(t, tr)
			for _, args := range [][]string{{"check"}, {"write"}} {
				if code, text := execution(tr, args...); code != exitUnknown || !strings.Contains(text, "fresh: ") {
					t.Errorf("%v: exit code %d: %s", args, code, text)
				}
			}
		})
	}
	if code, _ := execution(tree{root: t.TempDir()}, "polish"); code != exitUnknown {
		t.Error("an unknown command: got no error")
	}
}

// TestSources computes the digest of this tree twice.
func TestSources(t *testing.T) {
	tr := tree{root: filepath.Join("..", "..")}
	first, err := tr.sources()
	if err != nil {
		t.Fatal(err)
	}
	if second, _ := tr.sources(); first != second || len(first) != 16 {
		t.Errorf("the digest is %q, then %q", first, second)
	}
	if made, ok := sourcesOf("devel (sources " + first + ")"); !ok || made != first {
		t.Errorf("the sources of a version: %q, %v", made, ok)
	}
	if _, ok := sourcesOf("v1.2.3"); ok {
		t.Error("v1.2.3 has no digest")
	}
}

// TestOtherSuites checks that the results of another suite are compared with that suite,
// and that its reports are written.
func TestOtherSuites(t *testing.T) {
	tr := freshTree(t)
	const second = "matrix/suites/second"
	for _, name := range []string{"matrix.yaml", "releases.lock", "repro/main.go"} {
		put(t, tr, second+"/"+name, files[suiteFolder+"/"+name])
	}
	r, err := tr.results(againstNewest)
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Rows {
		r.Rows[i].Server = ""
	}
	publish(t, tr, "results/second", r)
	if code, text := execution(tr, "check"); code != exitStale || !strings.Contains(text, "results/second/COMPATIBILITY.md: it differs") {
		t.Errorf("without reports: exit code %d: %s", code, text)
	}
	if code, text := execution(tr, "write"); code != exitFresh {
		t.Fatalf("write: %d: %s", code, text)
	}
	if code, text := execution(tr, "check"); code != exitFresh {
		t.Errorf("with reports: exit code %d: %s", code, text)
	}
	if html, _ := os.ReadFile(tr.path("results/second/index.html")); !strings.Contains(string(html), `"suite":"demo"`) {
		t.Error("the commands on its page do not name the suite")
	}
	put(t, tr, second+"/repro/main.go", "package main\n")
	if code, text := execution(tr, "check"); code != exitStale || !strings.Contains(text, "results/second/results.json: it was made with another reproduction") {
		t.Errorf("another reproduction: exit code %d: %s", code, text)
	}
}
