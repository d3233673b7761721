//go:build !windows

package output

import (
	"os"

	"github.com/google/renameio/v2"
)

// writeFile writes a file below root, completely or not at all.
func writeFile(root *os.Root, name string, data []byte) error {
	return renameio.WriteFile(name, data, 0o666, renameio.WithRoot(root))
}
