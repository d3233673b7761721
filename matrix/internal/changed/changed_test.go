package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestChanged(t *testing.T) {
	tree := fstest.MapFS{"patches/keep/v1.patch": {}, "patches/other/v1.patch": {}}
	for _, test := range []struct {
		name, files string
		outputs     string // patches, rows, sample
		text        string // part of the report
	}{
		{"nothing", "", "|none|", "nothing that a row depends on"},
		{"documents", "M README.md M .github/workflows/ci.yml M results/x/results.json", "|none|", "nothing"},
		{"tests", "M matrix/plan/plan_test.go M cmd/matrixrun/testdata/script/run.txtar", "|none|", "nothing"},
		{"tools", "M matrix/internal/changed/main.go M .github/rehearse", "|none|", "nothing"},
		{"bench", "M matrix/suites/one/bench/main.go", "|none|", "nothing"},
		{"a patch", "M patches/keep/v1.patch", "keep|none|", `patch keep: on each release that it names, with and without it (M "patches/keep/v1.patch")`},
		{"patches, sorted, each once", "A patches/other/v1.patch M patches/keep/v1.patch D patches/keep/v2.patch", "keep other|none|", "make patched PATCHES='keep other'"},
		{"a patch that is gone", "D patches/gone/v1.patch", "|none|", "patch gone: gone"},
		{"a patch with a new name", "D patches/gone/v1.patch A patches/keep/v1.patch", "keep|none|", "patch gone: gone"},
		{"a name for a shell", "A patches/$(id)/v1.patch", "|none|", "not the file of a patch"},
		{"a patch at the wrong place", "A patches/v1.patch", "|none|", "not the file of a patch"},
		{"the patches' package", "M patches/patches.go", "|sample|last-patch", "the newest release of each minor line"},
		{"a stage", "M matrix/judge/judge.go", "|sample|last-patch", "make shard SAMPLE=last-patch merge gate"},
		{"the command", "M cmd/matrixrun/run.go", "|sample|last-patch", ""},
		{"a dependency", "M go.sum", "|sample|last-patch", ""},
		{"the lock", "M matrix/suites/one/releases.lock", "|all|", `all releases (M "matrix/suites/one/releases.lock")`},
		{"the reproduction", "A matrix/suites/one/repro/era/x.go", "|all|", "make shard merge gate"},
		{"all outdo a sample", "M go.mod M matrix/suites/one/matrix.yaml M matrix/doc.go", "|all|", "all releases"},
		{"a stage and a patch", "M matrix/judge/judge.go M patches/keep/v1.patch", "keep|sample|last-patch", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			output := filepath.Join(t.TempDir(), "output")
			if err := os.WriteFile(output, []byte("before=1\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			list := strings.ReplaceAll(test.files, " ", "\x00")
			if list != "" {
				list += "\x00"
			}
			if err := changed(strings.NewReader(list), tree, output, &out); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(output)
			if err != nil {
				t.Fatal(err)
			}
			words := strings.Split(test.outputs, "|")
			want := "before=1\npatches=" + words[0] + "\nrows=" + words[1] + "\nsample=" + words[2] + "\n"
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("the outputs: -want +got:\n%s", diff)
			}
			if !strings.Contains(out.String(), test.text) {
				t.Errorf("got %q, want %q in it", out.String(), test.text)
			}
		})
	}
}

// TestChangedRefuses passes the output of git diff with other flags.
func TestChangedRefuses(t *testing.T) {
	for _, list := range []string{"M", "M\tpatches/keep/v1.patch\n", "R100\x00a\x00b\x00", "M\x00a\x00M\x00"} {
		if err := changed(strings.NewReader(list), fstest.MapFS{}, "", &strings.Builder{}); err == nil {
			t.Errorf("%q: got no error", list)
		}
	}
}

// TestNoCommandInWords checks that a path cannot start a line with ::, which would
// be a command to the runner.
func TestNoCommandInWords(t *testing.T) {
	var out strings.Builder
	list := "A\x00patches/x\n::error::no/v1.patch\x00M\x00matrix/a\n::error::no.go\x00"
	if err := changed(strings.NewReader(list), fstest.MapFS{}, "", &out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "\n::") {
		t.Errorf("got %q", out.String())
	}
}
