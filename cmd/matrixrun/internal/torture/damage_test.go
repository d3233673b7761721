//go:build unix

package torture

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A damage is something that happens to a file of a record.
type damage struct {
	name string
	do   func(victim) error
}

// A victim is a file of a record, with what else is there.
type victim struct {
	record string
	path   string
	all    []string // paths
	draw   *rand.Rand
}

// damages are all kinds of damage.
var damages = []damage{
	{"bits flipped", flip},
	{"truncated", func(v victim) error { return resize(v.path, v.draw.Float64()) }},
	{"emptied", func(v victim) error { return resize(v.path, 0) }},
	{"grown", func(v victim) error { return resize(v.path, 1.5) }},
	{"swapped", swap},
	{"deleted", func(v victim) error { return os.Remove(v.path) }},
	{"record deleted", deleteAll},
	{"folder", replaced(func(path string) error { return os.MkdirAll(filepath.Join(path, "in", "it"), 0o777) })},
	{"named pipe", replaced(func(path string) error { return unix.Mkfifo(path, 0o666) })},
	{"link to nothing", replaced(func(path string) error { return os.Symlink(path+".none", path) })},
	{"link to itself", replaced(func(path string) error { return os.Symlink(filepath.Base(path), path) })},
	{"link without an end", replaced(func(path string) error { return os.Symlink("/dev/zero", path) })},
	{"huge sparse file", replaced(makeHuge)},
	{"not readable", func(v victim) error { return os.Chmod(v.path, 0) }},
}

// fillerName is the name of the file that fills a disk.
const fillerName = ".filler"

// harm does one kind of damage to one file of a record. It does nothing to a record
// without files.
func harm(record string, d damage, draw *rand.Rand) error {
	var all []string
	err := filepath.WalkDir(record, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != fillerName {
			all = append(all, path)
		}
		return nil // a run may remove files at the same time
	})
	if err != nil || len(all) == 0 {
		return err
	}
	err = d.do(victim{record, all[draw.IntN(len(all))], all, draw})
	for _, harmless := range []error{fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, unix.ETXTBSY, unix.ENOSPC, unix.ELOOP} {
		if errors.Is(err, harmless) {
			return nil // a run was faster or runs the file, or another damage came first
		}
	}
	return err
}

// flip flips up to 8 bits.
func flip(v victim) error {
	f, err := openPlain(v.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	for range 1 + v.draw.IntN(8) {
		var b [1]byte
		at := v.draw.Int64N(info.Size())
		if _, err := f.ReadAt(b[:], at); err != nil {
			return err
		}
		b[0] ^= 1 << v.draw.IntN(8)
		if _, err := f.WriteAt(b[:], at); err != nil {
			return err
		}
	}
	return nil
}

// openPlain opens a file for reading and writing. What an earlier damage has put in its
// place counts as no file.
func openPlain(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || info.Size() > 1<<30 {
		return nil, fs.ErrNotExist
	}
	return os.OpenFile(path, os.O_RDWR, 0)
}

// resize changes the size of a file by a factor.
func resize(path string, factor float64) error {
	f, err := openPlain(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return f.Truncate(int64(float64(info.Size()) * factor))
}

// swap swaps a file with another one of the same kind.
func swap(v victim) error {
	kind := filepath.Dir(filepath.Dir(v.path))
	var others []string
	for _, other := range v.all {
		if other != v.path && filepath.Dir(filepath.Dir(other)) == kind {
			others = append(others, other)
		}
	}
	if len(others) == 0 {
		return nil
	}
	other, aside := others[v.draw.IntN(len(others))], v.path+".aside"
	for _, step := range [][2]string{{v.path, aside}, {other, v.path}, {aside, other}} {
		if err := os.Rename(step[0], step[1]); err != nil {
			return err
		}
	}
	return nil
}

// deleteAll deletes the record. A run may make it again at the same time, and its
// folder may be that of a file system.
func deleteAll(v victim) error {
	_ = os.RemoveAll(v.record)
	return nil
}

// replaced returns a damage that puts something else in the place of a file.
func replaced(put func(path string) error) func(victim) error {
	return func(v victim) error {
		if err := os.RemoveAll(v.path); err != nil {
			return err
		}
		return put(v.path)
	}
}

// makeHuge makes a file of 3 TiB that takes no space. Where files cannot be as large, it
// gets the largest size that they can have.
func makeHuge(path string) error {
	if err := os.WriteFile(path, []byte("{"), 0o666); err != nil {
		return err
	}
	for size := int64(3 << 40); ; size /= 2 {
		if err := os.Truncate(path, size); !errors.Is(err, unix.EFBIG) {
			return err
		}
	}
}

// TestDamages checks that each kind of damage changes a record.
func TestDamages(t *testing.T) {
	t.Parallel()
	for _, d := range damages {
		dir := t.TempDir()
		for _, name := range []string{"a", "b"} {
			if err := os.MkdirAll(filepath.Join(dir, "trace", name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "trace", name, name), []byte(strings.Repeat(name, 50)), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		before := looks(t, dir)
		if err := harm(dir, d, rand.New(rand.NewPCG(1, 1))); err != nil {
			t.Errorf("%s: %v", d.name, err)
		}
		if after := looks(t, dir); after == before {
			t.Errorf("%s changes nothing", d.name)
		}
	}
}

// looks describes the files in a folder.
func looks(t *testing.T, dir string) string {
	var all []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		all = append(all, path, info.Mode().String())
		if info.Mode().IsRegular() && info.Mode().Perm() != 0 && info.Size() < 1000 {
			data, err := os.ReadFile(path)
			all = append(all, string(data))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}
