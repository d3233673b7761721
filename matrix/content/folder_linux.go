package content

import (
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A folder is the files in a folder, as os.DirFS has them. It also lists and reads files with
// half as many system calls as package os, which took a third of the time of a check: it
// does not ask what kind of file each descriptor belongs to.
type folder struct {
	dirFS
	root *os.File
}

// A dirFS is what os.DirFS returns. A folder needs all of it: without Stat and Lstat, package
// fs opens a file to describe it, which fails if the file cannot be read, and waits if it is
// a named pipe.
type dirFS interface {
	fs.StatFS
	fs.ReadFileFS
	fs.ReadDirFS
	fs.ReadLinkFS
}

// openFolder opens a folder. The caller calls done after use.
func openFolder(dir string) (files fs.FS, done func(), err error) {
	root, err := os.Open(dir)
	if err != nil {
		return nil, nil, err
	}
	return &folder{dirFS: os.DirFS(dir).(dirFS), root: root}, func() { root.Close() }, nil //nolint:forcetypeassert // package os says so
}

// open opens a file in the folder. It does not wait if the file was replaced by a named pipe.
func (f *folder) open(name string, flags int) (descriptor int, err error) {
	if !fs.ValidPath(name) {
		return 0, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	err = again(func() error {
		descriptor, err = unix.Openat(int(f.root.Fd()), name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK|flags, 0)
		return err
	})
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return descriptor, nil
}

// again repeats a system call that a signal interrupts.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR { //nolint:errorlint // it is a bare error number
			return err
		}
	}
}

// openFast implements fastFS.
func (f *folder) openFast(name string) (io.ReadCloser, error) {
	descriptor, err := f.open(name, 0)
	if err != nil {
		return nil, err
	}
	return &openFile{descriptor, name}, nil
}

// An openFile is an open file of a folder.
type openFile struct {
	descriptor int
	name       string
}

// Read implements io.Reader.
func (f *openFile) Read(p []byte) (n int, err error) {
	err = again(func() error {
		n, err = unix.Read(f.descriptor, p)
		return err
	})
	switch {
	case err != nil:
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: err}
	case n == 0 && len(p) > 0:
		return 0, io.EOF
	}
	return n, nil
}

// Close implements io.Closer.
func (f *openFile) Close() error { return unix.Close(f.descriptor) }

// readEntries implements fastFS.
func (f *folder) readEntries(dir string, buf []byte, yield func([]fs.DirEntry) error) error {
	descriptor, err := f.open(dir, unix.O_DIRECTORY)
	if err != nil {
		return err
	}
	defer unix.Close(descriptor)
	for {
		var n int
		err := again(func() (err error) {
			n, err = unix.Getdents(descriptor, buf)
			return err
		})
		if err != nil {
			return &fs.PathError{Op: "list", Path: dir, Err: err}
		}
		if n == 0 {
			return nil
		}
		all, ok := parseEntries(buf[:n])
		if !ok {
			return errUnknownKind
		}
		if err := yield(all); err != nil {
			return err
		}
	}
}

// The layout of an entry, linux_dirent64.
const (
	lengthAt = int(unsafe.Offsetof(unix.Dirent{}.Reclen))
	kindAt   = int(unsafe.Offsetof(unix.Dirent{}.Type))
	nameAt   = int(unsafe.Offsetof(unix.Dirent{}.Name))
)

// parseEntries parses the list of entries that the system returns. It is not ok if an entry
// has no kind: some file systems do not report it.
func parseEntries(list []byte) (all []fs.DirEntry, ok bool) {
	for len(list) > nameAt {
		length := int(binary.NativeEndian.Uint16(list[lengthAt:]))
		if length <= nameAt || length > len(list) {
			return nil, false
		}
		name := list[nameAt:length]
		if end := bytes.IndexByte(name, 0); end >= 0 {
			name = name[:end]
		}
		kind, known := kinds[list[kindAt]]
		if !known {
			return nil, false
		}
		if string(name) != "." && string(name) != ".." {
			all = append(all, dirEntry{name: string(name), kind: kind})
		}
		list = list[length:]
	}
	return all, len(list) == 0
}

// kinds are the kinds of entries.
var kinds = map[byte]fs.FileMode{
	unix.DT_REG: 0, unix.DT_DIR: fs.ModeDir, unix.DT_LNK: fs.ModeSymlink, unix.DT_FIFO: fs.ModeNamedPipe,
	unix.DT_SOCK: fs.ModeSocket, unix.DT_CHR: fs.ModeDevice | fs.ModeCharDevice, unix.DT_BLK: fs.ModeDevice,
}

// A dirEntry is an entry of a folder.
type dirEntry struct {
	name string
	kind fs.FileMode
}

func (e dirEntry) Name() string               { return e.name }
func (e dirEntry) IsDir() bool                { return e.kind.IsDir() }
func (e dirEntry) Type() fs.FileMode          { return e.kind }
func (e dirEntry) Info() (fs.FileInfo, error) { return nil, fs.ErrInvalid } // this package does not call it
