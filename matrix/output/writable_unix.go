//go:build unix

package output

import "golang.org/x/sys/unix"

// writable returns an error if the user may not write to a file, or make files in
// a folder.
func writable(path string) error { return unix.Access(path, unix.W_OK) }
