//go:build unix

package record_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// oddities make something in the place of a file that is not a file of a record.
var oddities = map[string]func(t *testing.T, path string) error{
	"folder": func(_ *testing.T, path string) error { return os.MkdirAll(filepath.Join(path, "in", "it"), 0o777) },
	"pipe":   func(_ *testing.T, path string) error { return unix.Mkfifo(path, 0o666) },
	"socket": func(_ *testing.T, path string) error { return unix.Mknod(path, unix.S_IFSOCK|0o666, 0) },
	"loop":   func(_ *testing.T, path string) error { return os.Symlink(path, path) },
	"link": func(t *testing.T, path string) error {
		return os.Symlink(write(t, filepath.Join(t.TempDir(), "foreign"), foreign), path)
	},
	"device": func(_ *testing.T, path string) error {
		if err := makeZero(unix.Mknod, path); !errors.Is(err, unix.EPERM) {
			return err
		}
		return os.Symlink("/dev/zero", path) // only root may make devices
	},
	"huge file": func(t *testing.T, path string) error {
		write(t, path, "{")
		return os.Truncate(path, 3<<40) // without any block
	},
}

// makeZero makes another /dev/zero, which has no end. The number of a device has another
// type on each system.
func makeZero[D int | uint64](mknod func(path string, mode uint32, dev D) error, path string) error {
	return mknod(path, unix.S_IFCHR|0o666, D(unix.Mkdev(1, 5)))
}

// foreign is what a link leads to. It must not change.
const foreign = "somebody else's"

// replace puts an oddity in the place of a file or folder.
func replace(t *testing.T, path string, odd func(*testing.T, string) error) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if err := odd(t, path); err != nil {
		t.Skipf("this cannot be made here: %v", err)
	}
}

// within fails a test whose function takes long: it reads something without an end.
func within(t *testing.T, limit time.Duration, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatalf("not done after %v", limit)
	}
}

// TestOddEntries puts something else in the place of each file of a record. It is a
// miss, it is not read, and it is replaced.
func TestOddEntries(t *testing.T) {
	for name, odd := range oddities {
		t.Run(name, func(t *testing.T) {
			s, dir, a := filled(t)
			traceKey := record.TraceKey{Binary: a.SHA256}
			evidenceKey := record.EvidenceKey{TraceKey: traceKey}
			replace(t, filepath.Join(dir, "build", keyB[:2], keyB), odd)
			replace(t, only(t, dir, "trace"), odd)
			replace(t, only(t, dir, "bin"), odd)
			within(t, time.Minute, func() {
				_, build := s.Artifact(keyB)
				_, trace := s.Trace(traceKey)
				_, bin := s.Binary(a)
				for _, miss := range []string{build, trace, strings.TrimPrefix(bin, "its binary is ")} {
					if !strings.HasPrefix(miss, "damaged: it ") {
						t.Errorf("the miss is %q", miss)
					}
				}
				if got, err := s.Prune(t.Context(), record.Pruning{Bounds: wide, Verify: true}); err != nil {
					t.Errorf("%+v, %v", got, err)
				}
				putArtifact(t, s, keyA, binary(t, "program"))
				putArtifact(t, s, keyB, matrix.Artifact{Conflict: "no"})
				for _, err := range []error{s.PutTrace(traceKey, aTrace), s.PutEvidence(evidenceKey, matrix.Evidence{None: "no"})} {
					if err != nil {
						t.Error(err)
					}
				}
				_, build = s.Artifact(keyB)
				_, trace = s.Trace(traceKey)
				_, bin = s.Binary(a)
				if build+trace+bin != "" {
					t.Errorf("put again, there are the misses %q, %q and %q", build, trace, bin)
				}
			})
		})
	}
}

// TestPruneOdd prunes a record with something else in the place of entries, of their
// folder and of all entries of a kind. It is removed without its contents being read,
// links are not followed, and what has another name stays.
func TestPruneOdd(t *testing.T) {
	for name, odd := range oddities {
		t.Run(name, func(t *testing.T) {
			s, dir, a := filled(t)
			places := []string{a.Path, filepath.Join(dir, "build", "0f"), filepath.Join(dir, "evidence"), filepath.Join(dir, "build", keyB[:2], ".new-12")}
			for _, place := range places {
				replace(t, place, odd)
			}
			if name == "huge file" {
				age(t, places[3], 2*time.Hour) // so that nobody is writing it
			}
			want := len(places)
			if name == "folder" {
				want -= 2 // which are folders of a record
				write(t, filepath.Join(a.Path, "in", "it", "file"), foreign)
			}
			others := []string{write(t, filepath.Join(dir, "build", "0a", "notes"), "mine"), write(t, filepath.Join(dir, "build", "notes"), "mine"), write(t, filepath.Join(dir, "notes"), "mine")}
			target, _ := os.Readlink(a.Path)
			within(t, time.Minute, func() {
				c, err := s.Contents(t.Context())
				if err != nil || c.Foreign.Entries < len(others) {
					t.Errorf("Contents: %+v, %v", c, err)
				}
				got := prune(t, s, record.Pruning{Bounds: wide, DryRun: true})
				if got.Odd.Entries+got.Damaged.Entries+got.Leftovers.Entries != want || missing(a.Path) {
					t.Errorf("dry run: %+v", got)
				}
				got = prune(t, s, record.Pruning{Bounds: wide})
				if got.Entries != want || got.Left.Odd.Entries > 0 || !slices.Contains(got.Left.Foreign.Names, "build/0a/notes") {
					t.Errorf("%+v; want %d removed", got, want)
				}
			})
			if !missing(a.Path) {
				t.Errorf("%s is there", a.Path)
			}
			for _, path := range others {
				if missing(path) {
					t.Errorf("%s is gone", path)
				}
			}
			if name == "link" {
				if text, err := os.ReadFile(target); string(text) != foreign {
					t.Errorf("the file behind the link has %q now, %v", text, err)
				}
			}
		})
	}
}

// TestSomebodysKind puts a record into a folder that has a file named like a kind. The
// file stays.
func TestSomebodysKind(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"build", "lock"} {
		write(t, filepath.Join(dir, name), "mine")
	}
	s, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	claim(t, s, "build", keyA)()
	if _, err := s.PutArtifact(keyA, matrix.Artifact{Conflict: "no"}); err == nil {
		t.Error("the artifact is in the record")
	}
	s.Trim(t.Context(), wide)
	prune(t, s, record.Pruning{Bounds: record.Bounds{}})
	for _, name := range []string{"build", "lock"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); string(text) != "mine" {
			t.Errorf("%s has %q now, %v", name, text, err)
		}
	}
}

// TestOddPlaces puts something else in the place of what a record has beside its
// entries: folders, locks, tags, the stamp of Trim.
func TestOddPlaces(t *testing.T) {
	for name, odd := range oddities {
		for _, place := range []string{
			"trace", "lock", "lock/use", "lock/build", "lock/build/" + lockOf(keyA), "trimmed", "CACHEDIR.TAG", "build/" + keyB[:2],
		} {
			t.Run(name+" as "+strings.ReplaceAll(place, "/", " "), func(t *testing.T) {
				s, dir, a := filled(t)
				claim(t, s, "build", keyA)()
				path := filepath.Join(dir, filepath.FromSlash(place))
				replace(t, path, odd)
				target, _ := os.Readlink(path)
				within(t, time.Minute, func() {
					claim(t, s, "build", keyA)()
					release, err := s.Use(t.Context(), nil)
					if err != nil {
						t.Fatal(err)
					}
					defer release()
					putArtifact(t, s, keyB, matrix.Artifact{Conflict: "no"})
					if err := s.PutTrace(record.TraceKey{Binary: a.SHA256}, aTrace); err != nil {
						t.Error(err)
					}
					s.Trim(t.Context(), wide)
					if _, err := s.Contents(t.Context()); err != nil && place != "CACHEDIR.TAG" {
						t.Error(err)
					}
				})
				if name == "link" {
					if text, err := os.ReadFile(target); string(text) != foreign {
						t.Errorf("the file behind the link has %q now, %v", text, err)
					}
				}
			})
		}
	}
}

// TestClearSparesFolders checks that no folder is removed that another process made
// after this one has looked for it.
func TestClearSparesFolders(t *testing.T) {
	s, dir, _ := filled(t)
	for _, place := range []string{"lock", filepath.Join("trace", "ff")} {
		path := filepath.Join(dir, place)
		s.Clear(path, func(string) (os.FileInfo, error) {
			if err := os.MkdirAll(path, 0o777); err != nil {
				t.Fatal(err)
			}
			return nil, os.ErrNotExist // it was not there a moment ago
		})
		if missing(path) {
			t.Errorf("%s: the folder of another process was removed", place)
		}
	}
}

// TestDeletedDuringUse removes the record again and again while it is written. Nothing
// fails, and what is there in the end is a record.
func TestDeletedDuringUse(t *testing.T) {
	s, dir, _ := filled(t)
	s.Spare(func(err error) { t.Errorf("the record counts as not writable: %v", err) })
	stop := make(chan struct{})
	var group sync.WaitGroup
	var rounds atomic.Int64
	group.Go(func() {
		for last := int64(-1); ; time.Sleep(10 * time.Millisecond) {
			select {
			case <-stop:
				return
			default:
			}
			// At most once a round: on a busy machine, a round takes longer than this sleeps,
			// and a write is only tried a few times.
			if n := rounds.Load(); n != last {
				last = n
				_ = os.RemoveAll(dir)
			}
		}
	})
	for i := range 300 {
		rounds.Store(int64(i))
		claim(t, s, "build", keyA)()
		if err := s.PutTrace(record.TraceKey{Binary: fmt.Sprint(i)}, aTrace); err != nil {
			t.Error(err)
		}
		_, _ = s.Trace(record.TraceKey{Binary: fmt.Sprint(i)})
	}
	close(stop)
	group.Wait()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	a := putArtifact(t, s, keyA, binary(t, "program"))
	if _, miss := s.Binary(a); miss != "" {
		t.Error(miss)
	}
	again, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := again.Contents(t.Context()); err != nil || c.Entries != 2 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestReadOnly uses a record that cannot be written: on a file system that is
// read-only if this is root, and in folders without the right to write otherwise.
func TestReadOnly(t *testing.T) {
	s, dir, a := filled(t)
	before := tree(t, dir)
	temp := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), reader+"="+dir, "TMPDIR="+temp)
	isolate(t, cmd, dir)
	out, err := cmd.CombinedOutput()
	text := strings.ReplaceAll(string(out), dir, "DIR")
	if errors.Is(err, unix.EPERM) || strings.HasPrefix(text, "skip: ") {
		t.Skipf("a read-only file system cannot be made here: %v: %s", err, text)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	want := []string{"old: ", "new: ", "binary: ", "newest: ", "prune: 4 spared"}
	if len(lines) != len(want)+1 || !strings.HasPrefix(lines[0], "said: ") || !slices.Equal(lines[1:], want) {
		t.Errorf("the process prints\n%s", text)
	}
	if after := tree(t, dir); !slices.Equal(before, after) {
		t.Errorf("the record had %q and has %q", before, after)
	}
	left, err := filepath.Glob(filepath.Join(temp, "*", "*"))
	if err != nil || slices.ContainsFunc(left, func(path string) bool { return strings.Contains(path, "record-") }) {
		t.Errorf("left in the folder for temporary files: %q, %v", left, err)
	}
	if _, miss := s.Binary(a); miss != "" {
		t.Error(miss)
	}
}

// tree returns the paths and times below a folder.
func tree(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		all = append(all, fmt.Sprint(path, info.ModTime()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// reader is the variable for readRecord.
const reader = "MATRIXRUN_TEST_READER"

func init() { modes[reader] = readRecord }

// readRecord is what the process of TestReadOnly does: it reads what is in the record,
// puts something new, and replaces something.
func readRecord(dir string) {
	if err := makeReadOnly(dir); err != nil {
		fmt.Println("skip:", err)
		return
	}
	s, err := record.Open(dir)
	if err != nil {
		panic(err)
	}
	remove := s.Spare(func(err error) { fmt.Println("said:", err) })
	defer remove()
	release, err := s.Use(context.Background(), nil)
	if err != nil {
		panic(err)
	}
	defer release()
	claimed, err := s.Claim(context.Background(), "build", keyA, nil)
	if err != nil {
		panic(err)
	}
	defer claimed()
	old, miss := s.Artifact(keyA)
	fmt.Println("old:", miss)
	fresh := record.TraceKey{Binary: "fresh"}
	if err := s.PutTrace(fresh, aTrace); err != nil {
		panic(err)
	}
	_, miss = s.Trace(fresh)
	fmt.Println("new:", miss)
	_, miss = s.Binary(old)
	fmt.Println("binary:", miss)
	if _, err := s.PutArtifact(keyB, matrix.Artifact{Conflict: "newest"}); err != nil {
		panic(err)
	}
	newest, miss := s.Artifact(keyB)
	if newest.Conflict != "newest" {
		miss = newest.Conflict
	}
	fmt.Println("newest:", miss)
	p, err := s.Prune(context.Background(), record.Pruning{DryRun: true})
	fmt.Println("prune:", p.Spared.Entries, "spared")
	if err != nil {
		panic(err)
	}
}

// TestClaimOfASuspendedProcess suspends the process that holds a lock. Others wait for
// some seconds, say for whom, and go on without the lock. When it continues, it keeps
// them waiting again.
func TestClaimOfASuspendedProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it waits for seconds")
	}
	defer record.Hurry()()
	s, dir := open(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holder+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process prints %q, %v", line, err)
	}
	if err := cmd.Process.Signal(unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	var holders []record.Holder
	start := time.Now()
	release, err := s.Claim(t.Context(), "build", keyA, func(h record.Holder) { holders = append(holders, h) })
	if err != nil {
		t.Fatal(err)
	}
	want := []record.Holder{{Process: cmd.Process.Pid}, {Process: cmd.Process.Pid, Silent: true}}
	if took := time.Since(start); !slices.Equal(holders, want) || took < time.Second {
		t.Errorf("holders %+v within %v, want %+v", holders, took, want)
	}
	release()
	if err := cmd.Process.Signal(unix.SIGCONT); err != nil {
		t.Fatal(err)
	}
	// It beats again, so it is waited for longer than for a silent one.
	holders = nil
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if _, err := s.Claim(ctx, "build", keyA, func(h record.Holder) { holders = append(holders, h) }); err == nil {
		t.Error("the lock of a process that continues is ignored")
	}
	if !slices.Equal(holders, want[:1]) {
		t.Errorf("holders %+v, want %+v", holders, want[:1])
	}
}
