package record_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// age sets the time of all files below a folder.
func age(t *testing.T, dir string, by time.Duration) {
	t.Helper()
	at := time.Now().Add(-by)
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		return os.Chtimes(path, at, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// missing reports whether a path does not exist.
func missing(path string) bool {
	_, err := os.Lstat(path)
	return os.IsNotExist(err)
}

// write writes a file and makes its folder.
func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

var wide = record.Bounds{Bytes: 1 << 40, Age: 1000 * time.Hour}

const day = 24 * time.Hour

// filled returns a record with two builds, a binary and a trace.
func filled(t *testing.T) (*record.Store, string, matrix.Artifact) {
	t.Helper()
	s, dir := open(t)
	a := putArtifact(t, s, keyA, binary(t, "program"))
	putArtifact(t, s, keyB, matrix.Artifact{Complaint: "no", Proven: true})
	if err := s.PutTrace(record.TraceKey{Binary: a.SHA256}, aTrace); err != nil {
		t.Fatal(err)
	}
	return s, dir, a
}

func prune(t *testing.T, s *record.Store, p record.Pruning) record.Pruned {
	t.Helper()
	got, err := s.Prune(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestContents(t *testing.T) {
	s, _ := open(t)
	c, err := s.Contents(t.Context())
	if err != nil || c.Entries != 0 || !c.Oldest.IsZero() || len(c.Kinds) != 8 {
		t.Errorf("empty: %+v, %v", c, err)
	}
	s, dir, _ := filled(t)
	age(t, filepath.Join(dir, "trace"), 3*day)
	if c, err = s.Contents(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, k := range c.Kinds {
		got[k.Name] = k.Entries
	}
	want := map[string]int{"build": 2, "bin": 1, "trace": 1, "evidence": 0, "tests": 0, "upstream": 0, "row": 0, "folder": 0}
	if diff := cmp.Diff(want, got); diff != "" || c.Entries != 4 || c.Folder != dir {
		t.Errorf("%+v:\n%s", c, diff)
	}
	if c.Kinds[1].Bytes != int64(len("program")) || time.Since(c.Oldest).Round(time.Hour) != 3*day {
		t.Errorf("%+v", c)
	}
}

func TestPrune(t *testing.T) {
	s, dir, a := filled(t)
	if got := prune(t, s, record.Pruning{Bounds: wide, Verify: true}); got.Entries != 0 || got.Left.Entries != 4 {
		t.Errorf("within bounds: %+v", got)
	}
	age(t, filepath.Join(dir, "bin"), 3*day)
	narrow := record.Bounds{Bytes: wide.Bytes, Age: 2 * day}
	if got := prune(t, s, record.Pruning{Bounds: narrow, DryRun: true}); got.Entries != 1 || missing(a.Path) {
		t.Errorf("dry run: %+v", got)
	}
	got := prune(t, s, record.Pruning{Bounds: narrow})
	if diff := cmp.Diff([]record.Kind{{Name: "bin", Entries: 1, Bytes: 7}}, got.Removed); diff != "" || got.Bytes != 7 || got.Old.Entries != 1 || got.Left.Entries != 3 {
		t.Errorf("%+v:\n%s", got, diff)
	}
	if _, miss := s.Binary(a); miss != "its binary is not in the record" {
		t.Errorf("miss %q", miss)
	}
	if got := prune(t, s, record.Pruning{Bounds: record.Bounds{}}); got.Left.Entries != 0 || got.Old.Entries != 3 {
		t.Errorf("all: %+v", got)
	}
}

func TestPruneUselessFiles(t *testing.T) {
	s, dir, a := filled(t)
	write(t, a.Path, "progra")
	write(t, only(t, dir, "trace"), "{}")
	old := write(t, filepath.Join(dir, "bin", "aa", ".new-123"), "half")
	older := write(t, filepath.Join(dir, "build", keyA[:2], "."+keyA+"456"), "half")
	age(t, old, 2*time.Hour)
	age(t, older, 2*time.Hour)
	recent := write(t, filepath.Join(dir, "bin", "aa", ".new-124"), "half")
	// Other files in its folders are not the record's.
	others := []string{
		write(t, filepath.Join(dir, "thesis.tex"), "mine"),
		write(t, filepath.Join(dir, "bin", "tool"), "mine"),
		write(t, filepath.Join(dir, "bin", "aa", "tool"), "mine"),
		write(t, filepath.Join(dir, "bin", "aa", ".new-"), "mine"),
		write(t, filepath.Join(dir, "bin", "aa", keyB), "mine"),
		write(t, filepath.Join(dir, "bin", "abc", keyA), "mine"),
		write(t, filepath.Join(dir, "old", "aa", keyA), "mine"),
	}
	for _, path := range others {
		age(t, path, 5000*time.Hour)
	}
	got := prune(t, s, record.Pruning{Bounds: wide, Verify: true})
	if got.Damaged.Entries != 2 || got.Leftovers.Entries != 2 || got.Entries != 4 || got.Left.Entries != 2 || got.Left.Leftovers.Entries != 1 {
		t.Errorf("%+v", got)
	}
	for _, path := range []string{old, older, a.Path} {
		if !missing(path) {
			t.Errorf("%s is there", path)
		}
	}
	prune(t, s, record.Pruning{Bounds: record.Bounds{}, Verify: true})
	for _, path := range append(others, recent) {
		if missing(path) {
			t.Errorf("%s is gone", path)
		}
	}
}

// TestPruneSomebodysFolder prunes a folder that is not a record, and must not touch it,
// whatever its files are called.
func TestPruneSomebodysFolder(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, "bin", keyA[:2], keyA), "mine")
	s, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var foreign *record.ForeignError
	if _, err := s.Prune(t.Context(), record.Pruning{}); !errors.As(err, &foreign) || foreign.Folder != dir || missing(path) {
		t.Errorf("Prune: %v", err)
	}
	if _, err := s.Contents(t.Context()); !errors.As(err, &foreign) {
		t.Errorf("Contents: %v", err)
	}
	write(t, filepath.Join(dir, "CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n# of another program\n")
	if _, err := s.Prune(t.Context(), record.Pruning{}); !errors.As(err, &foreign) {
		t.Errorf("with another's tag: %v", err)
	}
	// When the folder has a record too, only that is pruned.
	putArtifact(t, s, keyB, matrix.Artifact{Complaint: "no", Proven: true})
	if missing(filepath.Join(dir, "MATRIXRUN.TAG")) {
		t.Error("the record has no tag")
	}
	thesis := write(t, filepath.Join(dir, "bin", "b2", "thesis"), "mine")
	if got := prune(t, s, record.Pruning{Bounds: record.Bounds{}}); got.Entries != 2 || missing(thesis) {
		t.Errorf("%+v", got)
	}
}

// TestPruneBesideOthers spares what another process may be using, for a day.
func TestPruneBesideOthers(t *testing.T) {
	s, dir, a := filled(t)
	release, err := s.Use(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Use(t.Context(), nil) // users share the lock
	if err != nil {
		t.Fatal(err)
	}
	again()
	age(t, filepath.Join(dir, "trace"), 26*time.Hour)
	age(t, filepath.Join(dir, "bin"), 24*time.Hour) // the time may be an hour too old
	other, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := prune(t, other, record.Pruning{})
	if got.Entries != 1 || got.Spared.Entries != 3 || missing(a.Path) {
		t.Errorf("%+v", got)
	}
	release()
	if got := prune(t, other, record.Pruning{}); got.Entries != 3 || got.Spared.Entries != 0 {
		t.Errorf("without other users: %+v", got)
	}
}

// TestUseUpdatesTimes checks that using an entry updates its time, at most once an hour.
func TestUseUpdatesTimes(t *testing.T) {
	s, dir, a := filled(t)
	trace := only(t, dir, "trace")
	for _, by := range []time.Duration{30 * time.Minute, 100 * day} {
		age(t, dir, by)
		want := time.Duration(0)
		if by < time.Hour {
			want = by
		}
		s.Trace(record.TraceKey{Binary: a.SHA256})
		s.Artifact(keyA)
		s.Binary(a)
		for _, path := range []string{trace, a.Path, filepath.Join(dir, "build", keyA[:2], keyA)} {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Since(info.ModTime()).Round(time.Minute); got != want {
				t.Errorf("%s was used %v ago and again now: its age is %v, want %v", path, by, got, want)
			}
		}
	}
}

func TestTrim(t *testing.T) {
	s, dir, a := filled(t)
	none := record.Bounds{}
	s.Trim(t.Context(), none)
	if missing(a.Path) {
		t.Error("Trim removed what was just used")
	}
	age(t, filepath.Join(dir, "bin"), 3*day)
	s.Trim(t.Context(), none)
	if missing(a.Path) {
		t.Error("Trim ran twice in a day")
	}
	age(t, filepath.Join(dir, "trimmed"), 25*time.Hour)
	s.Trim(t.Context(), record.DefaultBounds)
	if missing(a.Path) {
		t.Error("Trim removed what is within the bounds")
	}
	age(t, filepath.Join(dir, "trimmed"), 25*time.Hour)
	s.Trim(t.Context(), none)
	if !missing(a.Path) || missing(only(t, dir, "trace")) {
		t.Error("Trim did not remove exactly what was unused for days")
	}
}

func TestTrimMakesNothing(t *testing.T) {
	s, dir := open(t)
	s.Trim(t.Context(), record.Bounds{})
	if !missing(dir) {
		t.Error("Trim made a record")
	}
}

func TestPruneEnds(t *testing.T) {
	s, _, a := filled(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Prune(ctx, record.Pruning{Verify: true}); !errors.Is(err, context.Canceled) || missing(a.Path) {
		t.Errorf("Prune: %v", err)
	}
}

func TestRows(t *testing.T) {
	s, dir := open(t)
	type last struct{ Recipe string }
	key := record.RowKey{Suite: "demo", Target: "example.com/lib", Row: "v1.0.0"}
	var got last
	if miss := s.Row(key, &got); miss != record.NotRecorded {
		t.Errorf("miss %q", miss)
	}
	if err := s.PutRow(key, last{"a"}); err != nil {
		t.Fatal(err)
	}
	if miss := s.Row(key, &got); miss != "" || got.Recipe != "a" {
		t.Errorf("%+v, miss %q", got, miss)
	}
	for _, other := range []record.RowKey{
		{Suite: "demo", Target: "example.com/lib", Row: "v1.0.0", Server: true},
		{Suite: "demo", Target: "example.com/li", Row: "bv1.0.0"},
		{Suite: "other", Target: "example.com/lib", Row: "v1.0.0"},
	} {
		if miss := s.Row(other, &got); miss == "" {
			t.Errorf("%+v is a hit", other)
		}
	}
	write(t, only(t, dir, "row"), "{")
	if miss := s.Row(key, &got); !strings.HasPrefix(miss, "damaged: ") {
		t.Errorf("miss %q", miss)
	}
}
