//go:build unix

package fault

import (
	"math"

	"golang.org/x/sys/unix"
)

// cpuLimited reports whether the CPU time of processes is limited. Systems write that it
// is not as the largest numbers of one of two sizes.
func cpuLimited() bool {
	var l unix.Rlimit
	const most = math.MaxInt64 - 1<<10
	return unix.Getrlimit(unix.RLIMIT_CPU, &l) == nil && uint64(l.Max) < most //nolint:unconvert // signed on some systems
}
