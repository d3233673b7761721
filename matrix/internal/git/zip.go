package git

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// maxArchive is the largest archive of a commit. The files of the module itself can
// have modzip.MaxZipFile bytes; the repository can have more.
const maxArchive = 4 * modzip.MaxZipFile

// ErrPartial is returned if a clone does not have the files of a commit, because it
// was made with --filter.
var ErrPartial = errors.New("the clone is a partial one and does not have all files of the commit: make a clone without --filter")

// Zip writes the zip of a module, with the files that a commit has. It is the zip that
// the go command makes of the same version: for a release, its checksum is that of the
// release. So submodules, symbolic links and nested modules are not in it, files in
// Git LFS are pointers, and the attributes export-ignore and export-subst have no
// effect. Nothing that the clone's configuration names is run.
//
// The error is ErrPartial if the clone does not have all the files, or a
// *NoFolderError. Otherwise the files do not make up a module, and it says why.
func (c *Clone) Zip(ctx context.Context, w io.Writer, hash string, m module.Version) error {
	dir, err := scratch.Dir("git-")
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	archived, err := c.archive(ctx, dir, hash)
	if err != nil {
		return fmt.Errorf("reading the files of commit %s: %w", hash, err)
	}
	defer archived.Close()
	files := c.members(&archived.Reader)
	if c.Folder != "" && !has(files, license) {
		files, err = c.addLicense(ctx, dir, files, hash)
		if err != nil {
			return err
		}
	}
	if err := modzip.Create(w, m, files); err != nil {
		return fmt.Errorf("making a module of commit %s: %w", hash, err)
	}
	return nil
}

// A NoFolderError reports that a commit does not have the folder of the module.
type NoFolderError struct{ Folder string }

func (e *NoFolderError) Error() string { return fmt.Sprintf("it has no folder %s", e.Folder) }

// archive writes the files of a commit to a zip in dir and opens it. Git runs in an
// empty repository that only borrows the clone's objects, so that neither the
// configuration nor the attributes of the clone have an effect.
func (c *Clone) archive(ctx context.Context, dir, hash string) (*zip.ReadCloser, error) {
	if err := c.borrow(dir); err != nil {
		return nil, err
	}
	name := filepath.Join(dir, "archive.zip")
	out, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	args := []string{"--git-dir=" + dir, "--literal-pathspecs", "archive", "--format=zip", "-0", hash}
	if c.Folder != "" {
		args = append(args, "--", c.Folder)
	}
	err = start(ctx, dir, out, maxArchive, args...)
	if err := errors.Join(err, out.Close()); err != nil {
		return nil, c.explain(ctx, err)
	}
	return zip.OpenReader(name)
}

// explain returns the error of reading the files of a commit, in words that say what to
// do.
func (c *Clone) explain(ctx context.Context, err error) error {
	var refused *RefusedError
	if !errors.As(err, &refused) {
		return err
	}
	if strings.Contains(refused.Words, "did not match any files") {
		return &NoFolderError{c.Folder}
	}
	if _, configErr := c.run(ctx, "config", "--get-regexp", `^(remote\..*\.promisor|extensions\.partialclone)$`); configErr == nil {
		return ErrPartial
	}
	return err
}

// borrow makes a bare repository with the objects of the clone.
func (c *Clone) borrow(dir string) error {
	config := "[core]\n\trepositoryformatversion = 1\n\tbare = true\n\tautocrlf = input\n\teol = lf\n[extensions]\n\tobjectformat = " + c.format + "\n"
	for name, data := range map[string]string{
		"HEAD":                    "ref: refs/heads/none\n",
		"config":                  config,
		"info/attributes":         "* -export-subst -export-ignore\n",
		"objects/info/alternates": filepath.ToSlash(c.objects) + "\n",
		"refs/heads/empty":        "",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if data == "" {
			continue // only its folder has to be there
		}
		if err := os.WriteFile(name, []byte(data), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// license is the file that a module in a folder takes from the top of the repository
// if it has none.
const license = "LICENSE"

// members returns the files of an archive that are in the module's folder.
func (c *Clone) members(archived *zip.Reader) (files []modzip.File) {
	for _, f := range archived.File {
		name, inside := f.Name, true
		if c.Folder != "" {
			name, inside = strings.CutPrefix(f.Name, c.Folder+"/")
		}
		if inside && name != "" && !strings.HasSuffix(name, "/") {
			files = append(files, member{name, f})
		}
	}
	return files
}

// has reports whether a file is among files.
func has(files []modzip.File, name string) bool {
	for _, f := range files {
		if f.Path() == name {
			return true
		}
	}
	return false
}

// addLicense adds the license at the top of the repository, if there is one. It is
// written to dir.
func (c *Clone) addLicense(ctx context.Context, dir string, files []modzip.File, hash string) ([]modzip.File, error) {
	data, err := c.ReadFile(ctx, hash, license)
	if errors.Is(err, fs.ErrNotExist) {
		return files, nil
	}
	at := filepath.Join(dir, license)
	return append(files, copied{license, at}), errors.Join(err, os.WriteFile(at, data, 0o666))
}

// ReadFile returns a file of a commit. The name is slash-separated, relative to the top
// of the repository. The error is fs.ErrNotExist if the commit does not have it, or
// ErrPartial if the clone does not have its text.
func (c *Clone) ReadFile(ctx context.Context, hash, name string) ([]byte, error) {
	found, err := c.run(ctx, "ls-tree", "-z", "--full-tree", "--", hash, name)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	about, _, _ := strings.Cut(string(found), "\t")
	parts := strings.Fields(about) // mode, type, hash
	if len(parts) != 3 || parts[1] != "blob" || parts[0] == "120000" {
		return nil, fmt.Errorf("reading %s of commit %s: %w", name, hash, fs.ErrNotExist)
	}
	data, err := c.run(ctx, "cat-file", "blob", parts[2])
	return data, c.explain(ctx, err)
}

// Entries are some of what a commit has in the folder of the module.
type Entries struct {
	Modules    []string // folders below it with a go.mod
	Submodules []string // folders whose files are in another repository
}

// Entries returns what a commit has in the folder of the module. Names are slash-separated
// and relative to it.
func (c *Clone) Entries(ctx context.Context, hash string) (e Entries, err error) {
	out, err := c.run(ctx, "ls-tree", "-r", "-z", hash)
	for _, line := range fields(out, "\x00") {
		about, name, _ := strings.Cut(line, "\t")
		if dir, ok := strings.CutSuffix(name, "/go.mod"); ok {
			e.Modules = append(e.Modules, dir)
		}
		if strings.HasPrefix(about, "160000 ") {
			e.Submodules = append(e.Submodules, name)
		}
	}
	return e, c.explain(ctx, err)
}

// A member is a file of an archive, as package modzip wants it.
type member struct {
	name string
	file *zip.File
}

func (m member) Path() string                 { return m.name }
func (m member) Lstat() (fs.FileInfo, error)  { return m.file.FileInfo(), nil }
func (m member) Open() (io.ReadCloser, error) { return m.file.Open() }

// A copied file is one on disk, as package modzip wants it.
type copied struct{ name, at string }

func (c copied) Path() string                 { return c.name }
func (c copied) Lstat() (fs.FileInfo, error)  { return os.Lstat(c.at) }
func (c copied) Open() (io.ReadCloser, error) { return os.Open(c.at) }
