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

	"github.com/google/renameio/v2/maybe"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
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

// CheckProxy reports whether a folder can be used for a proxy, for any fork.
func CheckProxy(dir string) error {
	var problems matrix.Problems
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		problems.Add("", 0, "--goproxy %s: is a file: want a folder, or one that does not exist yet", dir)
	}
	return problems.Err()
}

// CheckProxy reports whether WriteProxy may write to a folder.
func (f *Fork) CheckProxy(dir string) error {
	if err := CheckProxy(dir); err != nil {
		return err
	}
	var problems matrix.Problems
	base, err := f.base(dir)
	if err != nil {
		return err
	}
	sum, err := dirhash.HashZip(base+zipExt, dirhash.Hash1)
	if !errors.Is(err, fs.ErrNotExist) && (err != nil || sum != f.Sum) {
		problems.Add("", 0, "--goproxy %s: has other content under %s: its zip is damaged or not made by matrixrun: find out which, and remove it", dir, f.Version)
	}
	return problems.Err()
}

// base returns the path of the files of the version, without extension.
func (f *Fork) base(dir string) (string, error) {
	versions, err := versionsDir(f.About)
	if err != nil {
		return "", err
	}
	escaped, err := module.EscapeVersion(f.Version)
	return filepath.Join(dir, filepath.FromSlash(versions), escaped), err
}

// writeProxy implements WriteProxy after the check. It writes the list last, when
// everything in it exists.
func (f *Fork) writeProxy(dir string) error {
	base, err := f.base(dir)
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
	if err := os.MkdirAll(filepath.Dir(base), 0o777); err != nil {
		return err
	}
	for _, file := range []struct {
		ext  string
		data []byte
	}{{zipExt, archive}, {modExt, f.gomod}, {aboutExt, about}, {infoExt, append(info, '\n')}} {
		if err := maybe.WriteFile(base+file.ext, file.data, 0o666); err != nil {
			return err
		}
	}
	if err := addToList(filepath.Join(filepath.Dir(base), "list"), f.Version); err != nil {
		return err
	}
	return writeProxyReadme(dir)
}

// addToList adds a version to a file with one version per line, sorted.
func addToList(file, version string) error {
	old, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	versions := append(strings.Fields(string(old)), version)
	semver.Sort(versions)
	versions = slices.Compact(versions)
	return writeChanged(file, []byte(strings.Join(versions, "\n")+"\n"))
}

// writeChanged writes a file, unless it has that content already.
func writeChanged(file string, data []byte) error {
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return maybe.WriteFile(file, data, 0o666)
}
