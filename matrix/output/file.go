package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// A target is what the name of an output file refers to.
type target struct {
	descriptor int         // of a name such as /dev/stdout, or -1
	path       string      // without links, of a regular or missing file
	kind       fs.FileMode // of an existing file
}

// CheckFile returns an error, which is matrix.Problems, unless WriteFile can write
// to a file. Flag is the flag that names it, or empty.
func CheckFile(flag, name string) error {
	if _, err := findTarget(name); err != nil {
		return matrix.Mistake("%s: %v", strings.TrimSpace(flag+" "+name), err)
	}
	return nil
}

// WriteFile writes data to a file, and never a part of it to a regular file: that
// is written next to its place and renamed. A link to a regular file stays, and
// the file that it names is replaced. A pipe or a character device is written to;
// for a pipe, WriteFile waits until it has a reader or ctx is done. A name of the
// standard streams, such as /dev/stdout, means the writers given. Everything else
// is bad input, see CheckFile.
func WriteFile(ctx context.Context, name string, data []byte, stdout, stderr io.Writer) error {
	t, err := findTarget(name)
	if err != nil {
		return matrix.Mistake("%s: %v", name, err)
	}
	switch {
	case t.descriptor == 1:
		_, err = stdout.Write(data)
	case t.descriptor == 2:
		_, err = stderr.Write(data)
	case t.descriptor >= 0:
		// The descriptor belongs to the process that started the program, so it stays open.
		_, err = os.NewFile(uintptr(t.descriptor), name).Write(data)
	case t.kind == 0:
		err = scratch.WriteFile(t.path, data)
	default:
		err = writeThrough(ctx, name, data)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, reason(err))
	}
	return nil
}

// findTarget finds out what a name refers to. The error says why WriteFile cannot
// write to it, without its name.
func findTarget(name string) (target, error) {
	t := target{descriptor: descriptor(name)}
	if t.descriptor >= 0 {
		if _, err := os.Stat(name); err != nil && t.descriptor > 2 {
			return t, reason(err)
		}
		return t, nil
	}
	info, err := os.Stat(name) // as the system follows links: it may refuse to, in /tmp
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(name); err == nil {
			return t, errors.New("it is a link to a file that does not exist: want another name, or that file")
		}
		t.path = name
		return t, checkParent(name)
	}
	if err != nil {
		return t, reason(err)
	}
	t.kind = info.Mode().Type()
	switch {
	case info.IsDir():
		return t, errors.New("it is a folder: want a file, which may be new")
	case t.kind == 0, t.kind == fs.ModeNamedPipe, t.kind == fs.ModeDevice|fs.ModeCharDevice:
	default:
		return t, errors.New("it is neither a regular file nor a pipe: want a file, which may be new")
	}
	if err := writable(name); err != nil {
		return t, fmt.Errorf("it cannot be written: %w", reason(err))
	}
	if t.kind != 0 {
		return t, nil
	}
	if t.path, err = filepath.EvalSymlinks(name); err != nil {
		return t, reason(err)
	}
	return t, checkParent(t.path)
}

// checkParent returns an error unless files can be made next to a file.
func checkParent(path string) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s", dir)
	case err != nil:
		return reason(err)
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	}
	if err := writable(dir); err != nil {
		return fmt.Errorf("its folder %s cannot be written: %w", dir, reason(err))
	}
	return nil
}

// descriptorName matches the names of open file descriptors.
var descriptorName = regexp.MustCompile(`^/(?:dev|proc/self)/fd/([0-9]{1,4})$`)

// descriptor returns the file descriptor that a name refers to, or -1. Opening
// such a name would start at the beginning of a file that others write to as
// well, and does not work for sockets.
func descriptor(name string) int {
	for range 40 { // as many links as Linux follows
		switch path := filepath.ToSlash(filepath.Clean(name)); {
		case path == "/dev/stdout":
			return 1
		case path == "/dev/stderr":
			return 2
		default:
			if m := descriptorName.FindStringSubmatch(path); m != nil {
				n, _ := strconv.Atoi(m[1]) // has at most four digits
				return n
			}
		}
		to, err := os.Readlink(name)
		if err != nil {
			return -1
		}
		if !filepath.IsAbs(to) { // without Join, which drops ".." after a link
			to = filepath.Dir(name) + string(filepath.Separator) + to
		}
		name = to
	}
	return -1
}

// writeThrough writes to a pipe or a character device.
func writeThrough(ctx context.Context, name string, data []byte) error {
	f, err := openReader(ctx, name)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = f.SetWriteDeadline(time.Now()) }) // the reader may have stopped reading
	defer stop()
	_, err = f.Write(data)
	if stopped := ctx.Err(); err != nil && stopped != nil {
		err = stopped
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// openReader opens a pipe or a character device. It waits for the reader of a pipe.
func openReader(ctx context.Context, name string) (*os.File, error) {
	for {
		f, err := os.OpenFile(name, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if !errors.Is(err, syscall.ENXIO) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// reason returns what the system says about a file, without the name of the file.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
