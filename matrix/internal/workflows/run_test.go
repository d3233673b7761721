package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the scripts of testdata print to them")

// inconstant is what is not the same each time: how long it took, and where.
var inconstant = regexp.MustCompile(`\d+\.\d s|\S*/workflows-\d+`)

// TestRun runs the workflows of testdata. Each archive is a repository; its comment
// is the command line, and its file "want" is what is printed, and the exit code.
func TestRun(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) < 6 {
		t.Fatalf("%d archives, %v: that cannot be all", len(archives), err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			t.Setenv("TMPDIR", t.TempDir())
			want := lay(t, archive)
			commands := strings.Split(strings.TrimSpace(string(archive.Comment)), "\n")
			got := try(t, commands[len(commands)-1])
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(filepath.Join(here, file), txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// lay writes the files of an archive into a repository, and returns the one that
// is no part of it.
func lay(t *testing.T, archive *txtar.Archive) (want *txtar.File) {
	t.Helper()
	for i, f := range archive.Files {
		if f.Name == "want" {
			want = &archive.Files[i]
			continue
		}
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want == nil {
		t.Fatal("there is no file named want")
	}
	m := &machine{temp: t.TempDir()}
	if _, err := m.command(t.Context(), "", "git", "init", "-q"); err != nil {
		t.Fatal(err)
	}
	return want
}

// try runs a command line and returns what it prints, where it is always the same.
func try(t *testing.T, line string) string {
	t.Helper()
	var out bytes.Buffer
	code := execute(t.Context(), strings.Fields(line), &out, &out)
	text := inconstant.ReplaceAllStringFunc(out.String(), func(s string) string {
		if strings.HasSuffix(s, " s") {
			return "T s"
		}
		return "TEMP"
	})
	return text + "exit code " + string(rune('0'+code)) + "\n"
}
