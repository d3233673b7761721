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

// The ends of the files that a proxy has of a version; aboutExt is ours, and no
// go command asks for it.
const (
	infoExt  = ".info"
	modExt   = ".mod"
	zipExt   = ".zip"
	aboutExt = ".fork.json"
)

// versionsDir returns the folder of a module's versions below a proxy's, with
// capital letters escaped, as the go command asks for it.
func versionsDir(a About) (string, error) {
	escaped, err := module.EscapePath(a.Module)
	return path.Join(escaped, "@v"), err
}

// proxyNames lists the files that WriteProxy makes for one fork, by
// slash-separated paths. A fork that is none has none.
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

// WriteProxy adds the fork to a folder that is laid out as module proxies are,
// and makes the folder where it is missing. What else the folder holds stays, and
// its list of versions gets one more. README.md, which tells of all forks in the
// folder, is written anew.
//
// A version never changes: where the folder has it with another content, the
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

// CheckProxy finds out whether a proxy can be in a folder, whatever the fork.
func CheckProxy(dir string) error {
	var problems matrix.Problems
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		problems.Add("", 0, "--goproxy %s: want a folder, which is made where there is none, and not a file", dir)
	}
	return problems.Err()
}

// CheckProxy finds out whether WriteProxy may write a folder.
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
		problems.Add("", 0, "--goproxy %s: has other content under %s, whose zip is damaged or somebody else's: find out which, and remove it", dir, f.Version)
	}
	return problems.Err()
}

// base returns the path of the version's files without their ends.
func (f *Fork) base(dir string) (string, error) {
	versions, err := versionsDir(f.About)
	if err != nil {
		return "", err
	}
	escaped, err := module.EscapeVersion(f.Version)
	return filepath.Join(dir, filepath.FromSlash(versions), escaped), err
}

// writeProxy writes the list after all that it promises.
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

// addToList adds a version to a file with one a line, and sorts them.
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

// writeChanged writes a file where it has another content.
func writeChanged(file string, data []byte) error {
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return maybe.WriteFile(file, data, 0o666)
}
