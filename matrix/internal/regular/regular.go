// Package regular reads regular files, and walks folders. Where another program, or anybody,
// may have put something else than a file, that is neither followed, nor waited for, nor read
// without an end.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// An Error says that what has a file's name cannot be that file.
type Error struct {
	Large bool // it is a regular file, and too large
	text  string
}

func (e *Error) Error() string { return e.text }

// Open opens a regular file of at most that many bytes for reading. It neither follows
// a link nor waits for the other end of a named pipe. The error is an *Error for
// anything else, and for larger files.
func Open(path string, most int64) (*os.File, fs.FileInfo, error) {
	// Opening a device may already have an effect, so look first.
	info, err := os.Lstat(path)
	if err == nil {
		err = Check(info, most)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|Flags, 0)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = Check(info, most)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}

// Read reads a file that Open opens.
func Read(path string, most int64) ([]byte, fs.FileInfo, error) {
	f, info, err := Open(path, most)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data := make([]byte, info.Size())
	// No more than that is read if the file grows, and less is an error.
	_, err = io.ReadFull(f, data)
	return data, info, err
}

// Same reports whether two looks found one file that nobody has changed in between.
func Same(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.Mode() == b.Mode() && a.ModTime().Equal(b.ModTime())
}

// Check returns an *Error for anything but a regular file of at most that many bytes.
func Check(info fs.FileInfo, most int64) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return &Error{text: "it is a folder"}
	case mode&fs.ModeSymlink != 0:
		return &Error{text: "it is a link"}
	case mode&fs.ModeNamedPipe != 0:
		return &Error{text: "it is a named pipe"}
	case !mode.IsRegular():
		return &Error{text: "it is not a regular file"}
	case info.Size() > most:
		return &Error{Large: true, text: fmt.Sprintf("it has %d bytes, and no file of its kind has more than %d", info.Size(), most)}
	}
	return nil
}
