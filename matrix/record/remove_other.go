//go:build !unix

package record

import "os"

// removeFile removes a file. It also removes an empty folder, which another process may
// have just made: that process makes it again.
func removeFile(path string) error { return os.Remove(path) }
