package record_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/matrix/record"
)

// holder is a variable with a folder. It makes this program claim a key in the record
// there, print that, and wait.
const holder = "MATRIXRUN_TEST_HOLDER"

// modes are what this program does if it finds a variable with a folder, other than to
// run tests.
var modes = map[string]func(dir string){holder: hold}

func TestMain(m *testing.M) {
	for name, run := range modes {
		if dir := os.Getenv(name); dir != "" {
			run(dir)
			return
		}
	}
	os.Exit(m.Run())
}

// hold claims a key, prints that, and waits.
func hold(dir string) {
	record.Hurry()
	s, err := record.Open(dir)
	if err != nil {
		panic(err)
	}
	claimed, err := s.Claim(context.Background(), "build", keyA, nil)
	if err != nil {
		panic(err)
	}
	used, err := s.Use(context.Background(), nil)
	if err != nil {
		panic(err)
	}
	fmt.Println("held")
	time.Sleep(time.Minute)
	used()
	claimed()
}

// TestClaimOfAKilledProcess checks that a lock ends with its process, even if that is
// killed.
func TestClaimOfAKilledProcess(t *testing.T) {
	s, dir := open(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), holder+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	defer kill()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process prints %q, %v", line, err)
	}
	// The key is locked, so waiting for it ends with the context. Other keys are free.
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Claim(short, "build", keyA, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Claim: %v, want context.DeadlineExceeded", err)
	}
	for _, free := range [][2]string{{"trace", keyA}, {"build", keyB}} {
		claim(t, s, free[0], free[1])()
	}
	kill()
	claim(t, s, "build", keyA)()
	if got := prune(t, s, record.Pruning{}); got.Spared.Entries != 0 {
		t.Errorf("Prune spares entries for a dead process: %+v", got)
	}
}

func claim(t *testing.T, s *record.Store, kind, key string) func() {
	t.Helper()
	release, err := s.Claim(t.Context(), kind, key, nil)
	if err != nil {
		t.Fatalf("claiming a %s: %v", kind, err)
	}
	return release
}

// TestClaimIsExclusive opens one folder several times, which is the same to the locks
// as several processes. Each adds trials to a trace that only one may write at a time.
func TestClaimIsExclusive(t *testing.T) {
	_, dir := open(t)
	key := record.TraceKey{Binary: keyA}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			s, err := record.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			for range 5 {
				release, err := s.Claim(t.Context(), "trace", key.String(), nil)
				if err != nil {
					t.Error(err)
					return
				}
				trace, miss := s.Trace(key)
				if miss != "" {
					trace = aTrace
				}
				if err := s.PutTrace(key, trace.Join(aTrace)); err != nil {
					t.Error(err)
				}
				release()
			}
		})
	}
	group.Wait()
	s, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if trace, miss := s.Trace(key); miss != "" || len(trace.Trials) != 21 {
		t.Errorf("%d trials, miss %q: want 21", len(trace.Trials), miss)
	}
}

// TestClaimWithoutLocks checks that work goes on where locks cannot be made.
func TestClaimWithoutLocks(t *testing.T) {
	s, dir := open(t)
	// A folder with something in it is not removed.
	write(t, filepath.Join(dir, "lock", "use", "file"), "")
	write(t, filepath.Join(dir, "lock", "build", lockOf(keyA), "file"), "")
	first, second := claim(t, s, "build", keyA), claim(t, s, "build", keyA)
	first()
	second()
	release, err := s.Use(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	release()
	// Prune cannot know whether anybody uses the record, and spares recent entries.
	putArtifact(t, s, keyA, binary(t, "program"))
	if got := prune(t, s, record.Pruning{}); got.Spared.Entries != 2 {
		t.Errorf("%+v", got)
	}
}

// lockOf returns the name of the lock file of a key.
func lockOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:1])
}

// TestClaimsAreBounded checks the number of lock files, and that they belong to a
// tagged record.
func TestClaimsAreBounded(t *testing.T) {
	s, dir := open(t)
	for i := range 2000 {
		claim(t, s, "build", fmt.Sprint(i))()
	}
	files, err := filepath.Glob(filepath.Join(dir, "lock", "*", "*"))
	if err != nil || len(files) != 256 {
		t.Errorf("%d lock files, %v", len(files), err)
	}
	if missing(filepath.Join(dir, "CACHEDIR.TAG")) {
		t.Error("the record has locks and no tag")
	}
	if _, err := s.Contents(t.Context()); err != nil {
		t.Error(err)
	}
}
