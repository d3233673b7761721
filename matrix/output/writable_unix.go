//go:build unix

package output

import (
	"os"

	"github.com/google/renameio/v2"
	"golang.org/x/sys/unix"
)

// writeFile writes a file below root, completely or not at all. An existing file
// keeps its permissions.
func writeFile(root *os.Root, name string, data []byte) error {
	return renameio.WriteFile(name, data, 0o666, renameio.WithRoot(root), renameio.WithExistingPermissions())
}

// writable returns an error if the user may not write to a file, or make files in
// a folder.
func writable(path string) error { return unix.Access(path, unix.W_OK) }
