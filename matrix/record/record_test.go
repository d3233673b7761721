package record_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

var (
	keyA = strings.Repeat("a1", 32)
	keyB = strings.Repeat("b2", 32)
)

func open(t *testing.T) (*record.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	s, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// binary writes a file and returns an artifact with it.
func binary(t *testing.T, text string) matrix.Artifact {
	t.Helper()
	path := filepath.Join(t.TempDir(), "binary")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	return matrix.Artifact{SHA256: hex.EncodeToString(sum[:]), Path: path}
}

func putArtifact(t *testing.T, s *record.Store, key string, a matrix.Artifact) matrix.Artifact {
	t.Helper()
	a, err := s.PutArtifact(key, a)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestArtifacts(t *testing.T) {
	applied := []matrix.Applied{{Name: "p", SHA256: "1", Apply: matrix.ApplyOffset, Offset: -3}}
	tests := map[string]matrix.Artifact{
		"conflict":  {Applied: applied, Conflict: "hunk 2"},
		"complaint": {Applied: applied, Complaint: "a.go:1:2: <no> & \u2028 good\n", Proven: true},
		"binary":    {Applied: applied, SHA256: "made below"},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			s, dir := open(t)
			if _, miss := s.Artifact(keyA); miss != "not in the record" {
				t.Errorf("miss %q in an empty record", miss)
			}
			if _, err := os.Stat(dir); !os.IsNotExist(err) {
				t.Errorf("Artifact made the folder: %v", err)
			}
			if want.SHA256 != "" {
				b := binary(t, "program")
				want.SHA256, want.Path = b.SHA256, b.Path
			}
			putArtifact(t, s, keyA, want)
			want.Path = ""
			again, err := record.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			got, miss := again.Artifact(keyA)
			if diff := cmp.Diff(want, got); diff != "" || miss != "" {
				t.Errorf("miss %q, artifact (-put +got):\n%s", miss, diff)
			}
			if _, miss := s.Artifact(keyB); miss != "not in the record" {
				t.Errorf("miss %q for another key", miss)
			}
		})
	}
}

func TestBinaryIsMovedIn(t *testing.T) {
	s, _ := open(t)
	first := binary(t, "program")
	a := putArtifact(t, s, keyA, first)
	second := binary(t, "program")
	b := putArtifact(t, s, keyB, second)
	if a.Path != b.Path || a.Path == first.Path {
		t.Errorf("one binary is at %s and at %s", a.Path, b.Path)
	}
	for _, gone := range []string{first.Path, second.Path} {
		if _, err := os.Stat(gone); !os.IsNotExist(err) {
			t.Errorf("%s was not moved: %v", gone, err)
		}
	}
	info, err := os.Stat(a.Path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode()&0o100 == 0 {
		t.Errorf("the binary has mode %v, want an executable", info.Mode())
	}
	if b, miss := s.Binary(a); b.Path != a.Path || miss != "" || !b.Unchanged() {
		t.Errorf("Binary = %q, miss %q, want %q", b.Path, miss, a.Path)
	}
	// A binary that is in the record can be put again.
	if again := putArtifact(t, s, keyB, a); again.Path != a.Path {
		t.Errorf("put again, it is at %s", again.Path)
	}
	if _, miss := s.Binary(a); miss != "" {
		t.Errorf("put again, it is a miss: %s", miss)
	}
}

func TestBinaryMisses(t *testing.T) {
	s, _ := open(t)
	a := putArtifact(t, s, keyA, binary(t, "program"))
	check := func(a matrix.Artifact, want string) {
		t.Helper()
		if b, miss := s.Binary(a); miss != want || b.Path != "" {
			t.Errorf("Binary = %q, miss %q, want the miss %q", b.Path, miss, want)
		}
	}
	check(matrix.Artifact{Complaint: "no", Proven: true}, "it has no binary")
	check(matrix.Artifact{SHA256: "../../etc/passwd"}, "it has no binary")
	if err := os.WriteFile(a.Path, []byte("pro"), 0o755); err != nil {
		t.Fatal(err)
	}
	check(a, "its binary is damaged")
	if runtime.GOOS != "windows" {
		putArtifact(t, s, keyA, binary(t, "program"))
		if err := os.Chmod(a.Path, 0o444); err != nil {
			t.Fatal(err)
		}
		check(a, "its binary may not be run")
		putArtifact(t, s, keyA, binary(t, "program"))
		if _, miss := s.Binary(a); miss != "" {
			t.Errorf("put again, it is a miss: %s", miss)
		}
	}
	if err := os.Remove(a.Path); err != nil {
		t.Fatal(err)
	}
	check(a, "its binary is not in the record")
	// The rest of the artifact is still valid: its checksum leads to the traces.
	if got, miss := s.Artifact(keyA); miss != "" || got.SHA256 != a.SHA256 {
		t.Errorf("Artifact = %+v, miss %q", got, miss)
	}
	putArtifact(t, s, keyA, binary(t, "program"))
	if _, miss := s.Binary(a); miss != "" {
		t.Errorf("made again, it is a miss: %s", miss)
	}
}

func TestDamagedBinaryIsReplaced(t *testing.T) {
	s, _ := open(t)
	a := putArtifact(t, s, keyA, binary(t, "program"))
	if err := os.WriteFile(a.Path, []byte("pro"), 0o755); err != nil {
		t.Fatal(err)
	}
	putArtifact(t, s, keyA, binary(t, "program"))
	if _, miss := s.Binary(a); miss != "" {
		t.Errorf("a miss: %s", miss)
	}
}

func TestBinaryThatChangedIsRefused(t *testing.T) {
	s, dir := open(t)
	a := binary(t, "program")
	if err := os.WriteFile(a.Path, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutArtifact(keyA, a); err == nil || !strings.Contains(err.Error(), a.SHA256) {
		t.Errorf("PutArtifact: %v, want that the checksums differ", err)
	}
	if _, miss := s.Artifact(keyA); miss != "not in the record" {
		t.Errorf("miss %q", miss)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("PutArtifact wrote something: %v", err)
	}
}

var aTrace = &matrix.Trace{
	Scenario: "after-both",
	Trials: []matrix.Trial{{
		Scenario: "after-both", Outcome: matrix.OutcomeLeak, Severity: matrix.SeverityMild, ElapsedUS: 2900,
		Proof: map[string]any{"attempted": true, "acted": "after-rejection"},
		Saw:   []matrix.Sighting{{Side: "server", Stream: new(int64(0)), Code: new(uint64(4919)), Error: "<reset>"}},
	}},
	Failures: []matrix.Failure{{Kind: matrix.FailureCrash, Reason: "exit status 2", Log: "panic: \x1b[31m no\n"}},
}

func TestTraces(t *testing.T) {
	s, _ := open(t)
	key := record.TraceKey{Binary: keyA, Scenario: "after-both", Parameters: "30s"}
	if got, miss := s.Trace(key); miss != "not in the record" || got != nil {
		t.Errorf("Trace = %+v, miss %q", got, miss)
	}
	for _, want := range []*matrix.Trace{{Scenario: "after-both"}, aTrace} {
		if err := s.PutTrace(key, want); err != nil {
			t.Fatal(err)
		}
		got, miss := s.Trace(key)
		if diff := cmp.Diff(want, got); diff != "" || miss != "" {
			t.Errorf("miss %q, trace (-put +got):\n%s", miss, diff)
		}
	}
	for _, other := range []record.TraceKey{
		{Binary: keyB, Scenario: "after-both", Parameters: "30s"},
		{Binary: keyA, Scenario: "after-bot", Parameters: "h30s"},
		{Binary: keyA, Scenario: "after-both", Parameters: "31s"},
		{Binary: keyA, Scenario: "after-both"},
		{Binary: keyA, Scenario: "after-both", Parameters: "30s", Apart: true},
	} {
		if _, miss := s.Trace(other); miss == "" {
			t.Errorf("%+v has the trace of %+v", other, key)
		}
	}
}

// only returns the only file of a kind in a record.
func only(t *testing.T, dir, kind string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, kind, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of %s: %q, %v", kind, files, err)
	}
	return files[0]
}

// recorded returns a record with one trace, its key, and the file that has it.
func recorded(t *testing.T) (s *record.Store, key record.TraceKey, path, text string) {
	t.Helper()
	s, dir := open(t)
	key = record.TraceKey{Binary: keyA, Scenario: "after-both"}
	if err := s.PutTrace(key, aTrace); err != nil {
		t.Fatal(err)
	}
	path = only(t, dir, "trace")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return s, key, path, string(data)
}

// TestDamageIsNoticed damages a file. Either the record reports it, or it does not
// matter.
func TestDamageIsNoticed(t *testing.T) {
	s, key, path, good := recorded(t)
	rapid.Check(t, func(t *rapid.T) {
		bad := []byte(good)
		switch rapid.SampledFrom([]string{"flip", "cut", "zero", "append"}).Draw(t, "damage") {
		case "flip":
			bad[rapid.IntRange(0, len(bad)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		case "cut":
			bad = bad[:rapid.IntRange(0, len(bad)-1).Draw(t, "length")]
		case "zero":
			clear(bad[rapid.IntRange(0, len(bad)-1).Draw(t, "from"):])
		case "append":
			bad = append(bad, rapid.SliceOf(rapid.Byte()).Draw(t, "more")...)
		}
		if err := os.WriteFile(path, bad, 0o666); err != nil {
			t.Fatal(err)
		}
		if got, miss := s.Trace(key); miss == "" && !cmp.Equal(got, aTrace) {
			t.Fatalf("a damaged file is a hit, with another trace:\n%s\n%s", bad, cmp.Diff(aTrace, got))
		}
	})
}

func TestMissesHaveReasons(t *testing.T) {
	tests := []struct {
		name   string
		damage func(text string) string
		want   string
	}{
		{"empty", func(string) string { return "" }, "damaged: unexpected end of JSON input"},
		{"cut", func(s string) string { return s[:len(s)/2] }, "damaged: unexpected end of JSON input"},
		{"changed", func(s string) string { return strings.Replace(s, "4919", "4918", 1) }, "damaged: its checksum does not match"},
		{"another's", func(s string) string { return strings.Replace(s, `"trace"`, `"build"`, 1) }, "damaged: it is the record of something else"},
		{"another format", func(s string) string { return strings.Replace(s, `"format":1`, `"format":2`, 1) }, "of format 2, which this version of matrixrun does not read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, key, path, good := recorded(t)
			bad := test.damage(good)
			if bad == good {
				t.Fatal("the test damages nothing")
			}
			if err := os.WriteFile(path, []byte(bad), 0o666); err != nil {
				t.Fatal(err)
			}
			if got, miss := s.Trace(key); miss != test.want || got != nil {
				t.Errorf("Trace = %+v, miss %q, want %q", got, miss, test.want)
			}
			if err := s.PutTrace(key, aTrace); err != nil {
				t.Fatal(err)
			}
			if _, miss := s.Trace(key); miss != "" {
				t.Errorf("made again, it is a miss: %s", miss)
			}
		})
	}
}

// TestMisplacedFile puts an undamaged file in the place of another one.
func TestMisplacedFile(t *testing.T) {
	s, dir := open(t)
	putArtifact(t, s, keyA, matrix.Artifact{Complaint: "of a", Proven: true})
	data, err := os.ReadFile(only(t, dir, "build"))
	if err != nil {
		t.Fatal(err)
	}
	putArtifact(t, s, keyB, matrix.Artifact{Complaint: "of b", Proven: true})
	if err := os.WriteFile(filepath.Join(dir, "build", keyB[:2], keyB), data, 0o666); err != nil {
		t.Fatal(err)
	}
	if a, miss := s.Artifact(keyB); miss != "damaged: it is the record of something else" {
		t.Errorf("Artifact = %+v, miss %q", a, miss)
	}
}

func TestKeysNameNoOtherFiles(t *testing.T) {
	s, _ := open(t)
	for _, key := range []string{"", "a", "../" + keyA, strings.ToUpper(keyA), keyA + "/.."} {
		if _, miss := s.Artifact(key); miss == "" {
			t.Errorf("%q is a hit", key)
		}
		if _, err := s.PutArtifact(key, matrix.Artifact{Complaint: "no", Proven: true}); err == nil {
			t.Errorf("%q was kept", key)
		}
	}
}

func TestOpenOnAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Open(path); err == nil || !strings.Contains(err.Error(), "is not a folder") {
		t.Errorf("Open: %v, want that it is not a folder", err)
	}
}

func TestTag(t *testing.T) {
	s, dir := open(t)
	putArtifact(t, s, keyA, matrix.Artifact{Complaint: "no", Proven: true})
	tag, err := os.ReadFile(filepath.Join(dir, "CACHEDIR.TAG"))
	if err != nil || !strings.HasPrefix(string(tag), "Signature: 8a477f597d28d172789f06886806bc55\n") {
		t.Errorf("CACHEDIR.TAG: %q, %v", tag, err)
	}

	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "thesis.tex"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if s, err = record.Open(foreign); err != nil {
		t.Fatal(err)
	}
	putArtifact(t, s, keyA, matrix.Artifact{Complaint: "no", Proven: true})
	if _, err := os.Stat(filepath.Join(foreign, "CACHEDIR.TAG")); !os.IsNotExist(err) {
		t.Errorf("a folder with other files is excluded from backups: %v", err)
	}
}

// TestAtOnce has two rows make the same binary at the same time, as in two processes.
func TestAtOnce(t *testing.T) {
	_, dir := open(t)
	key := record.TraceKey{Binary: keyA, Scenario: "after-both"}
	var group sync.WaitGroup
	for i := range 8 {
		a := binary(t, "program")
		group.Go(func() {
			s, err := record.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			for range 5 {
				if i%2 == 0 {
					if err := s.PutTrace(key, aTrace); err != nil {
						t.Error(err)
					}
				}
				if got, miss := s.Trace(key); miss != "not in the record" && !cmp.Equal(got, aTrace) {
					t.Errorf("part of a trace: %+v, miss %q", got, miss)
				}
			}
			if a, err = s.PutArtifact(keyA, a); err != nil {
				t.Error(err)
			}
			if _, miss := s.Binary(a); miss != "" {
				t.Errorf("binary: %s", miss)
			}
		})
	}
	group.Wait()
}

// TestKeys pins the hashes of keys: if one changes, every record is lost.
func TestKeys(t *testing.T) {
	trace := record.TraceKey{Binary: "b", Scenario: "s", Parameters: "p"}
	for want, key := range map[string]fmt.Stringer{
		"6194c3001d63226972d94f67734d23357306a85ecc92b2047a919df8aa3a42c2": trace,
		"1cf386264a01a1b18378f73256bb150c3d4956caa345869f24fe05ec47bb8586": record.EvidenceKey{TraceKey: trace, Outcome: matrix.OutcomeLeak},
		"a72801356c51c9994d0a0777497084801fd312ab4431eb7b7f95e594f646c286": record.RowKey{Suite: "s", Target: "t", Row: "r"},
	} {
		if got := key.String(); got != want {
			t.Errorf("%+v has the hash %s, want %s", key, got, want)
		}
	}
}
