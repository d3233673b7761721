//go:build unix

package record

import (
	"os"

	"golang.org/x/sys/unix"
)

// checkWritable returns the error with which files cannot be made in a folder. It
// makes none.
func checkWritable(dir string) error {
	if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
		return &os.PathError{Op: "write", Path: dir, Err: err}
	}
	return nil
}
