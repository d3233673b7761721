//go:build !unix

package output

import "os"

// writeFile writes a file below root. Windows cannot replace a file atomically.
func writeFile(root *os.Root, name string, data []byte) error {
	return root.WriteFile(name, data, 0o666)
}

// writable is for systems that only know when something is written.
func writable(string) error { return nil }
