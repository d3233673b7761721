package output

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// sample returns results with one row and one cell, which has evidence.
func sample(evidence ...string) *matrix.Results {
	return &matrix.Results{
		Schema: matrix.SchemaVersion, Suite: "demo", Target: "example.com/lib",
		Scenarios: []matrix.Scenario{{Name: "drop", Kind: matrix.KindProbe, Title: "one stream is reset"}},
		Rows: []matrix.RowResult{{
			ID: "v1.0.0", Source: matrix.SourceResult{Kind: "release", Version: "v1.0.0"}, State: matrix.StateOK,
			Cells: []matrix.Cell{{Scenario: "drop", Verdict: matrix.VerdictLeak, Leaks: 1, Trials: 1, Evidence: evidence}},
		}},
	}
}

// runOf returns a run with all documents.
func runOf(r *matrix.Results, evidence Finder) Run {
	return Run{Documents: append([]Document{Results(r)}, Reports(grid.New(r), page.Options{})...), Results: r, Evidence: evidence}
}

// publish writes results to a folder, whose evidence is what suffix says.
func publish(t *testing.T, dir string, r *matrix.Results, suffixes ...string) (log string) {
	t.Helper()
	var out bytes.Buffer
	find := func(row, scenario string) (files []matrix.EvidenceFile, err error) {
		for _, suffix := range suffixes {
			files = append(files, matrix.EvidenceFile{Suffix: suffix, Data: []byte(row + scenario + suffix)})
		}
		return files, nil
	}
	if err := Publish(dir, runOf(r, find), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// list returns the files of a folder, sorted.
func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestPublish checks what a run leaves in a folder, that it can be read again,
// and that the next run removes the evidence that it does not name, and nothing
// else.
func TestPublish(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "out")
	log := publish(t, dir, sample("evidence/v1.0.0/drop.pcapng", "evidence/v1.0.0/drop.log"), ".pcapng", ".log")
	reports := []string{"COMPATIBILITY.md", "index.html", "matrix.svg", "results.json"}
	want := append([]string{"COMPATIBILITY.md", "evidence/v1.0.0/drop.log", "evidence/v1.0.0/drop.pcapng"}, reports[1:]...)
	if diff := cmp.Diff(want, list(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, line := range []string{"evidence, of 1 cell", "results.json", "COMPATIBILITY.md", "matrix.svg", "index.html"} {
		if want := "wrote " + filepath.Join(dir, line) + "\n"; !strings.Contains(log, want) {
			t.Errorf("the log has no line %q:\n%s", want, log)
		}
	}
	f, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := f.Results()
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.Evidence("v1.0.0", r.Rows[0].Cells[0])
	wantFiles := []matrix.EvidenceFile{{Suffix: ".pcapng", Data: []byte("v1.0.0drop.pcapng")}, {Suffix: ".log", Data: []byte("v1.0.0drop.log")}}
	if diff := cmp.Diff(wantFiles, files); diff != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}

	mine := filepath.Join(dir, "evidence", "v1.0.0", "mine")
	if err := os.WriteFile(mine, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	publish(t, dir, sample())
	if diff := cmp.Diff(append([]string{"COMPATIBILITY.md", "evidence/v1.0.0/mine"}, reports[1:]...), list(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestPublishNoEvidence checks that the log says which cells should have evidence
// and have none.
func TestPublishNoEvidence(t *testing.T) {
	r := sample()
	r.Rows[0].Cells[0].NoEvidence = "it failed"
	log := publish(t, t.TempDir(), r)
	if want := "no evidence of 1 cell, see results.json; the first is v1.0.0/drop: it failed\n"; !strings.Contains(log, want) {
		t.Errorf("the log has no line %q:\n%s", want, log)
	}
}

// TestPublishStaysInside checks that nothing is written or removed behind a link.
func TestPublishStaysInside(t *testing.T) {
	top := t.TempDir()
	dir, other := filepath.Join(top, "out"), filepath.Join(top, "other")
	name := "evidence/v1.0.0/drop.log"
	publish(t, dir, sample(name), ".log")
	if err := os.RemoveAll(filepath.Join(dir, "evidence", "v1.0.0")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(other, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "drop.log"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(other, filepath.Join(dir, "evidence", "v1.0.0")); err != nil {
		t.Skip(err)
	}
	for what, r := range map[string]*matrix.Results{"written": sample(name), "removed": sample()} {
		find := func(string, string) ([]matrix.EvidenceFile, error) {
			return []matrix.EvidenceFile{{Suffix: ".log", Data: []byte("new")}}, nil
		}
		if err := Publish(dir, runOf(r, find), new(bytes.Buffer)); err == nil {
			t.Errorf("a file behind a link is %s", what)
		}
		if data, err := os.ReadFile(filepath.Join(other, "drop.log")); string(data) != "mine" {
			t.Errorf("a file behind a link is %s: %q, %v", what, data, err)
		}
	}
}

// TestWriteEvidenceNames checks that no name leads out of the folder of its cell.
func TestWriteEvidenceNames(t *testing.T) {
	dir := t.TempDir()
	for _, c := range [][3]string{{"..", "drop", ".log"}, {"v1.0.0", "../drop", ".log"}, {"v1.0.0", "drop", "/../../x"}, {"v1.0.0", "drop", "2.log"}, {".", "drop", ".log"}} {
		if err := WriteEvidence(dir, c[0], c[1], []matrix.EvidenceFile{{Suffix: c[2]}}); err == nil {
			t.Errorf("%q is written", c)
		}
	}
	if names := list(t, dir); len(names) > 0 {
		t.Errorf("there are files: %q", names)
	}
}

// TestOpenRefuses checks the error for everything that is not an output folder. Each
// is bad input, names the file and says what would be right.
func TestOpenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		lay  func(dir string) error
		open string
		want string
	}{
		"no folder":    {nil, "nowhere", "nowhere: there is no such file"},
		"no file":      {nil, "", "results.json: there is no such file"},
		"below a file": {func(dir string) error { return os.WriteFile(filepath.Join(dir, "x"), nil, 0o666) }, "x/y", "not a directory"},
		"a folder":     {func(dir string) error { return os.Mkdir(filepath.Join(dir, "results.json"), 0o777) }, "", "this is a folder"},
		"a pipe":       {func(dir string) error { return exec.Command("mkfifo", filepath.Join(dir, "results.json")).Run() }, "", "this is not a regular file"},
		"a link out":   {func(dir string) error { return os.Symlink(os.DevNull, filepath.Join(dir, "results.json")) }, "", "this is a link out of its folder"},
		"up and out":   {func(dir string) error { return os.Symlink("../x", filepath.Join(dir, "results.json")) }, "", "this is a link out of its folder"},
		"a dead link":  {func(dir string) error { return os.Symlink("x", filepath.Join(dir, "results.json")) }, "", "there is no such file"},
		"a ring":       {func(dir string) error { return os.Symlink("results.json", filepath.Join(dir, "results.json")) }, "", "too many"},
		"a device":     {func(dir string) error { return os.Symlink(os.DevNull, filepath.Join(dir, "null")) }, "null", "this is not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if test.lay != nil {
				if err := test.lay(dir); err != nil {
					t.Skip(err)
				}
			}
			named := filepath.Join(dir, test.open)
			f, err := Open(t.Context(), named)
			var problems matrix.Problems
			if f != nil || !errors.As(err, &problems) {
				t.Fatalf("%v, error %v, want bad input", f, err)
			}
			if !strings.HasPrefix(err.Error(), named) || !strings.Contains(err.Error(), test.want) || !strings.HasSuffix(err.Error(), ": "+wantResults) {
				t.Errorf("error %q, want %q", err, test.want)
			}
			if missing := strings.HasPrefix(test.want, "there is no") || strings.Contains(test.want, ": there is no"); errors.Is(err, fs.ErrNotExist) != missing {
				t.Errorf("fs.ErrNotExist: %v, want %v", !missing, missing)
			}
		})
	}
}

// TestOpenFollows checks that links within the folder are followed, and those
// that the user names.
func TestOpenFollows(t *testing.T) {
	top := t.TempDir()
	publish(t, filepath.Join(top, "out"), sample())
	for link, to := range map[string]string{"latest": "out", "latest.json": "out/results.json", "out/old.json": "results.json"} {
		if err := os.Symlink(to, filepath.Join(top, link)); err != nil {
			t.Skip(err)
		}
	}
	for _, name := range []string{"latest", "latest.json", "out/old.json", "out/results.json"} {
		if _, err := Read(t.Context(), filepath.Join(top, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEvidenceRefuses checks that a cell's evidence is read from regular files of
// the folder alone.
func TestEvidenceRefuses(t *testing.T) {
	dir := t.TempDir()
	name := "evidence/v1.0.0/drop.log"
	publish(t, dir, sample(name), ".log")
	f, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file := filepath.Join(dir, filepath.FromSlash(name))
	for _, test := range []struct {
		want string
		lay  func() error
	}{
		{"there is no such file", func() error { return os.Remove(file) }},
		{"this is a link out of its folder", func() error { return os.Symlink("../../../secret", file) }},
		{"this is a folder", func() error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o777)) }},
		{"this has more than 268435456 bytes", func() error { return errors.Join(os.Remove(file), sparse(file)) }},
	} {
		if err := test.lay(); err != nil {
			t.Skip(err)
		}
		cell := sample(name).Rows[0].Cells[0]
		_, err := f.Evidence("v1.0.0", cell)
		var problems matrix.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), name+": "+test.want) {
			t.Errorf("error %v, want %s", err, test.want)
		}
		if again := f.CheckEvidence(cell); again == nil || again.Error() != err.Error() {
			t.Errorf("CheckEvidence: error %v, and of Evidence %v", again, err)
		}
	}
	if _, err := f.Evidence("v1.0.0", sample("evidence/v2.0.0/drop.log").Rows[0].Cells[0]); err == nil {
		t.Error("the evidence of another row is read")
	}
}

// sparse makes a file of 1 TiB without any block.
func sparse(name string) error {
	return errors.Join(os.WriteFile(name, nil, 0o666), os.Truncate(name, 1<<40))
}

// TestOpenHuge checks that a results.json that is too large is not read.
func TestOpenHuge(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, ResultsFile)
	if err := sparse(file); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{dir, file} {
		if _, err := Open(t.Context(), name); err == nil || !strings.Contains(err.Error(), "results.json: this has more than 268435456 bytes: want ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// TestKilled writes to folders in which a killed process left a stage. It is gone
// afterwards, and keeps no folder from counting as empty.
func TestKilled(t *testing.T) {
	for name, use := range map[string]func(dir string) error{
		"file": func(dir string) error {
			return WriteFile(t.Context(), filepath.Join(dir, "out"), nil, io.Discard, io.Discard)
		},
		"folder": func(dir string) error { return Publish(dir, runOf(sample(), nil), io.Discard) },
		"evidence": func(dir string) error {
			return WriteEvidence(dir, "v1.0.0", "drop", []matrix.EvidenceFile{{Suffix: ".log"}})
		},
		"empty": CheckEmpty,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			stage := filepath.Join(dir, ".matrixrun-new-1234")
			if err := errors.Join(os.Mkdir(stage, 0o700), os.WriteFile(filepath.Join(stage, ".lock"), nil, 0o600), os.WriteFile(filepath.Join(stage, "file"), nil, 0o600)); err != nil {
				t.Fatal(err)
			}
			if err := use(dir); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(stage); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the stage is there: %v", err)
			}
		})
	}
}

// TestPublishHuge checks that a run does not read what is too large to be what an
// earlier run left.
func TestPublishHuge(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(sparse(filepath.Join(dir, ResultsFile)), sparse(filepath.Join(dir, journalName))); err != nil {
		t.Skip(err)
	}
	run := runOf(sample(), nil)
	if err := Publish(dir, run, io.Discard); err == nil || !strings.Contains(err.Error(), "not written by matrixrun") {
		t.Errorf("error %v", err)
	}
	run.Force = true
	if err := Publish(dir, run, io.Discard); err != nil {
		t.Error(err)
	}
	if _, err := Read(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

// TestOpenPipe opens a pipe that nobody writes to, until the context ends. That is not
// a mistake in the file.
func TestOpenPipe(t *testing.T) {
	pipe, written := filepath.Join(t.TempDir(), "pipe"), filepath.Join(t.TempDir(), "written")
	if err := exec.Command("mkfifo", pipe, written).Run(); err != nil {
		t.Skip(err)
	}
	for name, read := range map[string]func(ctx context.Context) error{
		"Read": func(ctx context.Context) error {
			_, err := Read(ctx, pipe)
			return err
		},
		"Join": func(ctx context.Context) error {
			shards := OpenShards(ctx, []string{pipe, pipe})
			defer shards.Close()
			_, err := shards.Join(nil)
			return err
		},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		err := read(ctx)
		cancel()
		var problems matrix.Problems
		if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &problems) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	go func() { _ = os.WriteFile(written, []byte("{}"), 0o666) }()
	f, err := Open(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}
