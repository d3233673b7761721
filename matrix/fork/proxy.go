package fork

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// File extensions in the layout of module proxies. aboutExt is our own; the go
// command does not request it.
const (
	infoExt  = ".info"
	modExt   = ".mod"
	zipExt   = ".zip"
	aboutExt = ".fork.json"
)

// versionsDir returns the folder with the versions of a module, relative to that of
// the proxy. Capital letters are escaped, as in the requests of the go command.
func versionsDir(a About) (string, error) {
	escaped, err := module.EscapePath(a.Module)
	return path.Join(escaped, "@v"), err
}

// proxyNames returns the slash-separated paths of the files that WriteProxy makes
// for one fork, or nil if its module path or version is invalid.
func proxyNames(a About) []string {
	dir, err := versionsDir(a)
	if err != nil {
		return nil
	}
	escaped, err := module.EscapeVersion(a.Version)
	if err != nil {
		return nil
	}
	names := []string{proxyReadme, path.Join(dir, "list")}
	for _, ext := range []string{infoExt, modExt, zipExt, aboutExt} {
		names = append(names, path.Join(dir, escaped+ext))
	}
	return names
}

// WriteProxy adds the fork to a folder in the layout of module proxies, and makes
// the folder if it does not exist. Other files in the folder are kept, and the
// version is added to the list. README.md, which describes all forks in the folder,
// is written again.
//
// Versions never change: if the folder has this version with other content, the
// error is of type matrix.Problems, and nothing is written.
func (f *Fork) WriteProxy(dir string) error {
	if err := f.CheckProxy(dir); err != nil {
		return err
	}
	if err := f.writeProxy(dir); err != nil {
		return fmt.Errorf("adding the fork to %s: %w", dir, err)
	}
	return nil
}

// CheckProxy reports whether WriteProxy may write to a folder: one that exists or can
// be made. The error is of type matrix.Problems.
func (f *Fork) CheckProxy(dir string) error {
	base, err := f.base()
	if err != nil {
		return err
	}
	var problems matrix.Problems
	for _, name := range []string{proxyReadme, proxyReadmeToo, listOf(base), base + infoExt, base + modExt, base + aboutExt, base + zipExt} {
		info, err := os.Lstat(filepath.Join(dir, name))
		if err == nil {
			err = regular.Check(info, maxArchive)
		}
		if odd, ok := errors.AsType[*regular.Error](err); ok {
			problems.Add("", 0, "--goproxy %s: %s: %v: remove it", dir, filepath.ToSlash(name), odd)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	archive := filepath.Join(dir, base+zipExt)
	if _, err := os.Lstat(archive); err != nil {
		return nil //nolint:nilerr // there is none, or WriteProxy reports why it cannot be written
	}
	if sum, err := dirhash.HashZip(archive, dirhash.Hash1); err != nil || sum != f.Sum {
		problems.Add("", 0, "--goproxy %s: has other content under %s: its zip is damaged or not made by matrixrun: find out which, and remove it", dir, f.Version)
	}
	return problems.Err()
}

// base returns the path of the files of the version in the folder of a proxy, without
// extension.
func (f *Fork) base() (string, error) {
	versions, err := versionsDir(f.About)
	if err != nil {
		return "", err
	}
	escaped, err := module.EscapeVersion(f.Version)
	return filepath.Join(filepath.FromSlash(versions), escaped), err
}

// listOf returns the path of the list of versions next to those of a version.
func listOf(base string) string { return filepath.Join(filepath.Dir(base), "list") }

// writeProxy implements WriteProxy after the check. It writes the list last, when
// everything in it exists.
func (f *Fork) writeProxy(dir string) (err error) {
	base, err := f.base()
	if err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{f.Version, f.Release.Time})
	if err != nil {
		return err
	}
	about, err := f.json()
	if err != nil {
		return err
	}
	archive, err := os.ReadFile(f.zip)
	if err != nil {
		return err
	}
	p, err := openProxy(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.root.MkdirAll(filepath.Dir(base), 0o777); err != nil {
		return err
	}
	for _, file := range []struct {
		ext  string
		data []byte
	}{{zipExt, archive}, {modExt, f.gomod}, {aboutExt, about}, {infoExt, append(info, '\n')}} {
		if err := p.stage.Write(base+file.ext, file.data); err != nil {
			return err
		}
	}
	if err := p.addToList(listOf(base), f.Version); err != nil {
		return err
	}
	return p.writeReadme()
}

// A proxy is the folder of a proxy that is being written. Links that lead out of it are
// not followed.
type proxy struct {
	root  *os.Root
	stage *scratch.Stage
}

// openProxy makes the folder if it does not exist.
func openProxy(dir string) (p proxy, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return p, err
	}
	if p.root, err = os.OpenRoot(dir); err != nil {
		return p, err
	}
	if p.stage, err = scratch.OpenStage(p.root); err != nil {
		return p, errors.Join(err, p.root.Close())
	}
	return p, nil
}

func (p proxy) close() error { return errors.Join(p.stage.Close(), p.root.Close()) }

// Bounds on the files of a folder that are read, in bytes.
const (
	maxText    = 64 << 20  // a list with a million versions
	maxArchive = 500 << 20 // the largest zip that the go command takes
)

// read reads a file of the folder; nil if there is none.
func (p proxy) read(name string) ([]byte, error) {
	data, _, err := regular.Read(filepath.Join(p.root.Name(), name), maxText)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// addToList adds a version to a file with one version per line, sorted.
func (p proxy) addToList(name, version string) error {
	old, err := p.read(name)
	if err != nil {
		return err
	}
	versions := append(strings.Fields(string(old)), version)
	semver.Sort(versions)
	versions = slices.Compact(versions)
	return p.writeChanged(name, []byte(strings.Join(versions, "\n")+"\n"))
}

// writeChanged writes a file, unless it has that content already.
func (p proxy) writeChanged(name string, data []byte) error {
	if old, err := p.read(name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return p.stage.Write(name, data)
}
