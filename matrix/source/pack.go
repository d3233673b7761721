package source

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/git"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// A packer makes the module zip of a release that is a folder or a commit.
type packer struct {
	temp       string   // the folder to make it in
	what       string   // is packed, for messages
	submodules []string // folders whose files are missing, relative to the module
	get        string   // how to get those files, as the end of a sentence
}

// pack makes the zip, which fill writes, and adds it to the release with its checksum.
// Submodules are no part of a module zip. Those that none of its packages needs are noted
// in the release.
//
// The error is matrix.Problems if it cannot be a module, or git.ErrPartial.
func (p packer) pack(ctx context.Context, r *matrix.Release, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(p.temp, "*.zip")
	if err != nil {
		return err
	}
	r.Origin.Zip = f.Name()
	if err := errors.Join(fill(f), f.Close()); err != nil {
		return p.explain(ctx, err)
	}
	if r.Sum, err = dirhash.HashZip(r.Origin.Zip, dirhash.Hash1); err != nil {
		return fmt.Errorf("computing the checksum of %s: %w", p.what, err)
	}
	if len(p.submodules) == 0 {
		return nil
	}
	need, err := whoNeeds(r.Origin.Zip, module.Version{Path: r.Module, Version: r.Version}, p.submodules)
	if err != nil {
		return fmt.Errorf("looking for what %s needs of its submodules: %w", p.what, err)
	}
	if need != "" {
		return matrix.Mistake("%s: %s: %s", p.what, need, p.get)
	}
	r.Origin.Submodules = p.submodules
	return nil
}

// explain returns the error of making a zip. What the files are to blame for is a mistake
// of the command line.
func (p packer) explain(ctx context.Context, err error) error {
	var files modzip.FileErrorList
	var onFile *fs.PathError
	var noFolder *git.NoFolderError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &noFolder):
		return matrix.Mistake("%s: %v", p.what, err)
	case errors.Is(err, git.ErrPartial):
		return fmt.Errorf("%s: %w", p.what, git.ErrPartial)
	case errors.As(err, &files) || !errors.As(err, &onFile):
		return matrix.Mistake("%s: the go command could not make a module of it: %v", p.what, err)
	}
	return fmt.Errorf("%s: %w", p.what, err)
}

// whoNeeds returns a sentence about a Go file of a module zip that imports a package of a
// submodule or embeds files of one, or "". Tests and commands do not count: no program that
// requires the module has them.
func whoNeeds(file string, m module.Version, submodules []string) (string, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return "", err
	}
	defer z.Close()
	root, err := fs.Sub(z, m.String())
	if err != nil {
		return "", err
	}
	others := requires(root)
	need := ""
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || need != "" || path.Ext(name) != ".go" || matrix.IsTest(name) {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		for _, sub := range submodules {
			if use := useOf(name, string(text), m.Path, others, sub); use != "" {
				need = fmt.Sprintf("%s %s of the submodule %s, whose files are missing", name, use, sub)
			}
		}
		return nil
	})
	return need, err
}

// requires returns the paths of the modules that the go.mod of a module requires.
func requires(root fs.FS) (paths []string) {
	data, _ := fs.ReadFile(root, "go.mod")
	f, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return nil // the go command will complain
	}
	for _, r := range f.Require {
		paths = append(paths, r.Mod.Path)
	}
	return paths
}

// useOf says what a Go file uses of a folder of its module, or "". Others are modules
// that may be below that one.
func useOf(name, text, modulePath string, others []string, folder string) string {
	f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if f == nil || err != nil || f.Name.Name == "main" {
		return "" // of errors, the compiler will complain
	}
	for _, spec := range f.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		at, inside := strings.CutPrefix(imported, modulePath+"/")
		if inside && (at == folder || strings.HasPrefix(at, folder+"/")) && gomod.In(modulePath, others, imported) {
			return "imports " + imported
		}
	}
	for _, pattern := range matrix.EmbedPatterns(strings.Split(text, "\n")) {
		if overlap(path.Join(path.Dir(name), pattern), folder) {
			return "embeds " + pattern
		}
	}
	return ""
}

// overlap reports whether a pattern can match a folder, one above it, or one below it.
func overlap(pattern, folder string) bool {
	patterns, folders := strings.Split(pattern, "/"), strings.Split(folder, "/")
	for i := range min(len(patterns), len(folders)) {
		if ok, err := path.Match(patterns[i], folders[i]); !ok && err == nil {
			return false
		}
	}
	return true
}
