package fork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diff"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// versionEnd is the end of the version of a fork: the digest.
var versionEnd = regexp.MustCompile(`\.h[0-9a-f]{12}$`)

// IsVersion reports whether a version looks like that of a fork that matrixrun made.
// Anybody can choose such a version, so it proves nothing.
func IsVersion(version string) bool {
	return semver.IsValid(version) && strings.Contains(version, ".matrixrun.") && versionEnd.MatchString(withoutBuild(version))
}

// Claimed returns the version that the FORK folder in some code states; ok is false if
// there is none. Anybody can write such a folder, too.
func Claimed(code fs.FS) (version string, ok bool) {
	name := path.Join(aboutDir, aboutName)
	info, err := fs.Lstat(code, name)
	if err != nil || regular.Check(info, maxText) != nil {
		return "", false
	}
	data, err := fs.ReadFile(code, name)
	var a About
	if err != nil || json.Unmarshal(data, &a) != nil {
		return "", false
	}
	return a.Version, IsVersion(a.Version)
}

func withoutBuild(version string) string { return strings.TrimSuffix(version, semver.Build(version)) }

// Of returns the release and the patches that the version of a fork names; ok is false
// if it does not name them all, or could mean several. The digest at its end does not count.
func Of(forked string, releases, patches []string) (id matrix.RowID, ok bool) {
	stem := versionEnd.ReplaceAllString(withoutBuild(forked), "")
	_, named, _ := strings.Cut(stem, ".matrixrun.")
	for _, form := range []func(string) string{identifier, initials} {
		if id.Patches, ok = known(strings.Split(named, "."), patches, form); !ok {
			continue
		}
		for _, release := range releases {
			none := version(release, id.Patches, strings.Repeat("0", 12))
			if versionEnd.ReplaceAllString(withoutBuild(none), "") == stem && semver.Build(release) == semver.Build(forked) {
				id.Version = release
				return id, true
			}
		}
	}
	return matrix.RowID{}, false
}

// known returns the patches that names in a form mean; ok is false if one means none, or
// more than one.
func known(names, patches []string, form func(string) string) (found []string, ok bool) {
	for _, name := range names {
		means := func(patch string) bool { return form(patch) == name }
		at := slices.IndexFunc(patches, means)
		if at < 0 || slices.ContainsFunc(patches[at+1:], means) {
			return nil, false
		}
		found = append(found, patches[at])
	}
	return found, true
}

// Changed returns the first file in the folder of a fork that was added or changed since
// it was made, by its SHA256SUMS; empty if there is none, or if it is no such folder.
func Changed(dir string) (file string, err error) {
	a, ok := read(filepath.Join(dir, aboutDir, aboutName))
	if !ok {
		return "", nil
	}
	return changed(dir, a)
}

// Bounds on the code of a fork; that of a module in a proxy has the same.
const (
	maxFiles = 100_000
	maxBytes = 500 << 20
)

// Undo copies code to dir, an empty folder, and takes back there what patches have
// changed, the last one first. Tests do not count, and neither do packages that the code
// does not have, as in a vendor folder. Why says which of the patches the code does not
// have; it is empty if it had all.
func Undo(ctx context.Context, code fs.FS, dir string, patches []matrix.Variant) (why string, err error) {
	if err := copyCode(ctx, code, dir); err != nil {
		return "", fmt.Errorf("copying the code of a fork: %w", err)
	}
	there := func(name string) bool {
		info, err := fs.Stat(code, path.Dir(name))
		return !isTest(name) && err == nil && info.IsDir()
	}
	for _, v := range slices.Backward(patches) {
		d, err := diff.Parse(v.File, v.DiffLine, v.Diff)
		if err != nil {
			return "", err
		}
		result, err := d.Only(there).Undone().Apply(ctx, dir)
		if err != nil {
			return "", err
		}
		if result.Apply != matrix.ApplyExact && result.Apply != matrix.ApplyOffset {
			return fmt.Sprintf("the changes of %s are not in it", v.Patch), nil
		}
	}
	return "", nil
}

// isTest reports whether a file is compiled for tests only.
func isTest(name string) bool { return strings.HasSuffix(name, "_test.go") }

// copyCode copies the regular files of a module without tests. It leaves out what belongs
// to no module, and what describes a fork.
func copyCode(ctx context.Context, code fs.FS, dir string) error {
	count, left := 0, int64(maxBytes)
	return fs.WalkDir(code, ".", func(name string, entry fs.DirEntry, err error) error {
		if count++; count > maxFiles {
			return errors.New("it has too many files")
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		switch {
		case entry.IsDir() && (name == aboutDir || entry.Name() == "vendor" || entry.Name() == ".git"):
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(to, 0o777)
		case !entry.Type().IsRegular() || isTest(name):
			return nil
		}
		n, err := copyFile(code, name, to, left)
		left -= n
		return err
	})
}

// copyFile copies a file of at most that many bytes.
func copyFile(code fs.FS, name, to string, most int64) (n int64, err error) {
	from, err := code.Open(name)
	if err != nil {
		return 0, err
	}
	defer from.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return 0, err
	}
	n, err = io.Copy(out, io.LimitReader(from, most+1))
	if n > most && err == nil {
		err = fmt.Errorf("its files have more than %d MB", maxBytes>>20)
	}
	return n, errors.Join(err, out.Close())
}
