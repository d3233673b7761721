package source

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// hashDigits is how many digits of a hash or a checksum are in the name of a row.
const hashDigits = 12

// Folder returns a release for the module in a folder, as it is now. It makes a zip of
// the files in the folder temp, as the go command makes one of a module: without nested
// modules and vendor folders. The folder dir is only read.
//
// The error is matrix.Problems if dir is not a module that can be published.
func Folder(ctx context.Context, dir, temp string) (matrix.Release, error) {
	r := matrix.Release{Origin: &matrix.Origin{Kind: matrix.SourceDir}}
	path, err := modulePath(dir)
	if err != nil {
		return r, err
	}
	if path == "" {
		return r, noModule("--source "+dir, dir)
	}
	r.Module, r.Version, r.Origin.Path = path, gomod.ZeroVersion(path), path
	p := packer{temp, "--source " + dir, missingSubmodules(dir), "`git submodule update --init` in the folder gets them"}
	err = p.pack(ctx, &r, func(w io.Writer) error {
		return modzip.CreateFromDir(w, module.Version{Path: path, Version: r.Version}, dir)
	})
	if err != nil {
		return r, err
	}
	r.Origin.Name = "dir@" + digits(r.Sum)
	return r, nil
}

// modulePath returns the module path in the go.mod of a folder; empty if the folder has
// none.
func modulePath(dir string) (string, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", matrix.Mistake("--source %s: there is no such folder", dir)
	case err != nil:
		return "", fmt.Errorf("reading the folder of --source: %w", err)
	case !info.IsDir():
		return "", matrix.Mistake("--source %s: it is a file: want the folder of a module", dir)
	}
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the go.mod of --source: %w", err)
	}
	path := modfile.ModulePath(data)
	if path == "" {
		return "", matrix.Mistake("--source %s: its go.mod has no module line", dir)
	}
	return path, nil
}

// noModule returns the mistake of naming a folder that is not that of a module. If it is
// in one, that is probably meant.
func noModule(what, dir string) error {
	full, err := filepath.Abs(dir)
	for up := filepath.Dir(full); err == nil && up != filepath.Dir(up); up = filepath.Dir(up) {
		if path, _ := modulePath(up); path != "" {
			if meant, err := filepath.Rel(full, up); err == nil {
				return matrix.Mistake("%s: it is a folder of the module %s, and not a module: did you mean %s?", what, path, dir+string(filepath.Separator)+meant)
			}
		}
	}
	return matrix.Mistake("%s: it is not a module, since it has no go.mod: want the folder of a checkout", what)
}

// digits returns the first digits, in hex, of a checksum as go.sum has it.
func digits(sum string) string {
	raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(sum, "h1:"))
	return hex.EncodeToString(raw)[:hashDigits]
}

// submodulePath matches the line of a .gitmodules that has the folder of a submodule.
var submodulePath = regexp.MustCompile(`(?m)^\s*path\s*=\s*(\S+)\s*$`)

// missingSubmodules returns the folders of git submodules below a folder that have no
// files, relative to that folder. The file that names submodules is at the top of the
// checkout.
func missingSubmodules(dir string) (missing []string) {
	full, err := filepath.Abs(dir)
	for top := full; err == nil; top = filepath.Dir(top) {
		data, _ := os.ReadFile(filepath.Join(top, ".gitmodules"))
		for _, found := range submodulePath.FindAllSubmatch(data, -1) {
			at := filepath.Join(top, filepath.FromSlash(string(found[1])))
			name, err := filepath.Rel(full, at)
			entries, _ := os.ReadDir(at)
			if err == nil && filepath.IsLocal(name) && len(entries) == 0 {
				missing = append(missing, filepath.ToSlash(name))
			}
		}
		if _, err := os.Lstat(filepath.Join(top, ".git")); err == nil || top == filepath.Dir(top) {
			break
		}
	}
	slices.Sort(missing)
	return missing
}
