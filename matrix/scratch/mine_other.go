//go:build !unix

package scratch

import "io/fs"

// isMine returns true: the folder for temporary files is the user's own.
func isMine(fs.FileInfo) bool { return true }
