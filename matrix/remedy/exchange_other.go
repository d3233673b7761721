//go:build !linux

package remedy

import "os"

// exchange lets two folders change places. If only one of them exists, it moves to the
// place of the other.
func exchange(a, b string) error { return exchangeInSteps(a, b, os.Rename) }
