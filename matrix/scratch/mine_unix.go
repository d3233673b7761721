//go:build unix

package scratch

import (
	"io/fs"
	"os"
	"syscall"
)

// isMine reports whether a file belongs to the user of this process. The superuser
// could remove the files of others, but their processes may be on another machine that
// shares the folder, where locks may not reach.
func isMine(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
