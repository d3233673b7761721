//go:build unix

package record

import (
	"os"

	"golang.org/x/sys/unix"
)

// plainFile are flags for opening a file that should be a regular one: do not follow a
// link, and do not wait for the other end of a named pipe.
const plainFile = unix.O_NOFOLLOW | unix.O_NONBLOCK

// checkWritable returns the error with which files cannot be made in a folder. It
// makes none.
func checkWritable(dir string) error {
	if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
		return &os.PathError{Op: "write", Path: dir, Err: err}
	}
	return nil
}
