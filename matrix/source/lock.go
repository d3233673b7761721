package source

import (
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
)

// LockName is the name of the file that holds a suite's releases.
const LockName = lockfile.Name

// FormatLock returns the text of a releases.lock.
func FormatLock(releases []matrix.Release) []byte { return lockfile.Format(releases) }

// NewProxy returns the module proxy of the go command on the PATH.
func NewProxy() *Proxy { return &Proxy{Go: new(gocmd.Go)} }
