package content

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
)

// Bounds on the code of one module, so that none can stop a check. The largest modules
// that programs use have 20,000 Go files with 500 MB.
const (
	maxNames = 2_000_000 // files and folders
	maxDepth = 100       // folders in each other
	maxFile  = 32 << 20  // bytes of a file whose content counts
	maxTotal = 2 << 30   // bytes of all files that are read
)

// ErrTooLarge is the error for a module that is too large to be looked at.
var ErrTooLarge = errors.New("it is too large to be looked at")

const goMod = "go.mod"

// bufSize is how many bytes are read at once, at least.
const bufSize = 64 << 10

// A tree is the files of a module that count.
type tree struct {
	files fs.FS
	names []string // sorted
	seen  int      // files and folders
	read  int64    // bytes
	buf   []byte

	folders []string // those that were looked into
}

// list finds the files of a module that can be part of a build, and its go.mod. It
// leaves out what does not belong to the module: nested modules, vendor folders, and
// folders whose names the go command ignores, unless they are imported. It follows links to
// files, as the go command does, but not to folders.
//
// The caller may call free after use.
func list(ctx context.Context, code Code) (*tree, error) {
	t := &tree{files: code.Files}
	if buf, ok := buffers.Get().(*[]byte); ok {
		t.buf = *buf
	}
	if err := t.folder(ctx, code, ".", 0); err != nil {
		return nil, err
	}
	for _, dir := range code.Ignored {
		entries, err := t.entries(ctx, dir)
		if err != nil {
			return nil, err
		}
		t.add(dir, entries)
	}
	slices.Sort(t.names)
	t.names = slices.Compact(t.names)
	return t, nil
}

// buffers are those of trees, which grow with the largest file of a module.
var buffers sync.Pool

// free lets another tree use the buffer.
func (t *tree) free() {
	buf := t.buf
	t.buf = nil // first: from then on, the buffer is another tree's
	buffers.Put(&buf)
}

// folder adds the files of a folder.
func (t *tree) folder(ctx context.Context, code Code, dir string, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("%w: it has folders more than %d deep", ErrTooLarge, maxDepth)
	}
	entries, err := t.entries(ctx, dir)
	if err != nil {
		return err
	}
	if dir != "." && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == goMod && e.Type().IsRegular() }) {
		return nil // a module of its own
	}
	for _, e := range entries {
		name := join(dir, e.Name())
		if !e.IsDir() || e.Name() == "vendor" || strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_") || slices.Contains(code.Skip, name) {
			continue
		}
		if err := t.folder(ctx, code, name, depth+1); err != nil {
			return err
		}
	}
	t.add(dir, entries)
	return nil
}

// add adds the files among the entries of a folder.
func (t *tree) add(dir string, entries []fs.DirEntry) {
	for _, e := range entries {
		if name := join(dir, e.Name()); !e.IsDir() && counts(name) && t.isFile(name, e) {
			t.names = append(t.names, name)
		}
	}
}

// join returns the name of a file in a folder.
func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// isFile reports whether an entry of a folder is a file, or a link to one.
func (t *tree) isFile(name string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.Type().IsRegular()
	}
	info, err := fs.Stat(t.files, name)
	return err == nil && info.Mode().IsRegular()
}

// A fastFS is a file system that lists folders and opens files with fewer system calls than
// the methods of fs.FS.
type fastFS interface {
	// readEntries reads a folder, a part at a time, into a buffer. The error is
	// errUnknownKind if the folder can be read with fs.FS only.
	readEntries(dir string, buf []byte, yield func([]fs.DirEntry) error) error
	// openFast opens a file.
	openFast(name string) (io.ReadCloser, error)
}

// errUnknownKind is the error for a folder whose list of entries has no kinds.
var errUnknownKind = errors.New("the kinds of files are not listed")

// entries reads a folder, a part at a time.
func (t *tree) entries(ctx context.Context, dir string) (all []fs.DirEntry, err error) {
	t.folders = append(t.folders, dir)
	before := t.seen
	add := func(some []fs.DirEntry) error {
		all = append(all, some...)
		if t.seen += len(some); t.seen > maxNames {
			return fmt.Errorf("%w: it has more than %d files", ErrTooLarge, maxNames)
		}
		return ctx.Err()
	}
	err = errUnknownKind
	if fast, ok := t.files.(fastFS); ok {
		t.buf = slices.Grow(t.buf[:0], bufSize)
		err = fast.readEntries(dir, t.buf[:cap(t.buf)], add)
	}
	if errors.Is(err, errUnknownKind) {
		all, t.seen = nil, before
		err = readDir(t.files, dir, add)
	}
	if err := cmp.Or(err, ctx.Err()); err != nil {
		return nil, err
	}
	return all, nil
}

// readDir reads a folder, a part at a time.
func readDir(files fs.FS, dir string, yield func([]fs.DirEntry) error) error {
	f, err := files.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	folder, ok := f.(fs.ReadDirFile)
	if !ok {
		return fmt.Errorf("%s is not a folder", dir)
	}
	for {
		some, err := folder.ReadDir(1000)
		if wrong := yield(some); wrong != nil {
			return wrong
		}
		if errors.Is(err, io.EOF) || err == nil && len(some) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// open opens a file.
func (t *tree) open(name string) (io.ReadCloser, error) {
	if fast, ok := t.files.(fastFS); ok {
		return fast.openFast(name)
	}
	return t.files.Open(name)
}

// sources are the endings of the names of other files that the go command compiles or
// links.
var sources = []string{".c", ".cc", ".cpp", ".cxx", ".m", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".for", ".f90", ".s", ".S", ".sx", ".swig", ".swigcxx", ".syso"}

// counts reports whether a file can be part of a build, or says what the module is.
func counts(name string) bool {
	return isGo(name) || name == goMod || slices.Contains(sources, path.Ext(name))
}

func isGo(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
}

// content reads a file. The bytes are valid until the next call. They are nil for a file
// that is too large to be compared.
func (t *tree) content(ctx context.Context, name string) (data []byte, err error) {
	err = t.each(ctx, name, func(part []byte, end bool) (used int) {
		if end {
			data = part
		}
		return 0
	})
	if errors.Is(err, errLargeFile) {
		return nil, nil
	}
	return data, err
}

// lines calls yield with the lines of a file, many at a time. The bytes are valid until it
// returns. It is not ok for a file that is too large to be compared, after the first ones.
func (t *tree) lines(ctx context.Context, name string, yield func([]byte)) (ok bool, err error) {
	err = t.each(ctx, name, func(part []byte, end bool) (used int) {
		if used = len(part); !end {
			used = bytes.LastIndexByte(part, '\n') + 1
		}
		if used > 0 {
			yield(part[:used])
		}
		return used
	})
	if errors.Is(err, errLargeFile) {
		return false, nil
	}
	return err == nil, err
}

// errLargeFile is the error for a file that is too large to be compared.
var errLargeFile = errors.New("the file is too large")

// each reads a file. It calls use whenever the buffer is full, and at the end, with what was
// read and not used so far. Use returns how much of it is not needed any more.
func (t *tree) each(ctx context.Context, name string, use func(part []byte, end bool) (used int)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := t.open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	t.buf = slices.Grow(t.buf[:0], bufSize)
	for size := 0; ; {
		if len(t.buf) == cap(t.buf) {
			used := use(t.buf, false)
			t.buf = append(t.buf[:0], t.buf[used:]...)
			if used == 0 {
				t.buf = slices.Grow(t.buf, len(t.buf))
			}
		}
		n, err := f.Read(t.buf[len(t.buf):cap(t.buf)])
		t.buf = t.buf[:len(t.buf)+n]
		size += n
		t.read += int64(n)
		switch {
		case t.read > maxTotal:
			return fmt.Errorf("%w: its files have more than %d MB", ErrTooLarge, maxTotal>>20)
		case size > maxFile:
			return errLargeFile
		case errors.Is(err, io.EOF):
			use(t.buf, true)
			return nil
		case err != nil:
			return err
		}
	}
}

// entry reads what identifies a file. As is its path in the target.
func (t *tree) entry(ctx context.Context, name, as string, paths *paths) (entry, error) {
	data, err := t.content(ctx, name)
	if err != nil {
		return entry{}, err
	}
	e := entry{path: as, built: true}
	switch {
	case data == nil:
		e.code = tooLarge
		if isGo(name) {
			e.text = tooLarge
		}
	case isGo(name):
		f := parseGo(data, paths)
		e.text, e.code, e.funcs, e.built, e.embed = f.text, f.code, strings.Join(f.funcs, ""), f.built, f.embed
	case as == goMod:
		e.code = goModCode(data, paths)
	default:
		digest := sha256.Sum256(data)
		e.code = encode(digest[:], codeLen)
	}
	return e, nil
}

// tooLarge is the digest of a file that is too large to be compared: it is that of no
// other file.
const tooLarge = "too large"

// largeError returns the error for a file that is too large to be compared.
func largeError(name string) error {
	return fmt.Errorf("%w: its file %s has more than %d MB", ErrTooLarge, name, maxFile>>20)
}

// goModCode returns the digest of what a go.mod says to those who require the module:
// its path, its version of Go, its requirements.
func goModCode(data []byte, paths *paths) string {
	lines := []string{string(data)}
	if f, err := modfile.ParseLax(goMod, data, nil); err == nil {
		lines = nil
		if f.Module != nil {
			lines = append(lines, string(paths.rewrite([]byte(f.Module.Mod.Path))))
		}
		if f.Go != nil {
			lines = append(lines, "go "+f.Go.Version)
		}
		for _, r := range f.Require {
			lines = append(lines, r.Mod.String())
		}
		slices.Sort(lines)
	}
	digest := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return encode(digest[:], codeLen)
}
