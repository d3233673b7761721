//go:build unix

package regular

import "golang.org/x/sys/unix"

// Flags are for opening what should be a regular file: do not follow a link, and do not
// wait for the other end of a named pipe.
const Flags = unix.O_NOFOLLOW | unix.O_NONBLOCK
