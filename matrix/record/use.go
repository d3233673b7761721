package record

import (
	"os"
	"time"
)

// coarse is how much older the time of a file may be than its last use. Without it, a
// run that recalls thousands of files would update the times of all of them.
const coarse = time.Hour

// mark sets the time of a file that was just used. It ignores errors: a record that is
// not writable cannot be pruned either.
func mark(path string, info os.FileInfo) {
	if now := time.Now(); now.Sub(info.ModTime()) > coarse {
		_ = os.Chtimes(path, now, now)
	}
}
