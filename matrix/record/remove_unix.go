//go:build unix

package record

import "golang.org/x/sys/unix"

// removeFile removes a file, a link, a named pipe or a device. It never removes a
// folder, as os.Remove does with an empty one: another process may have just made it.
func removeFile(path string) error { return unix.Unlink(path) }
