package source

import (
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
)

// Names of the files that hold a suite's releases and its forks.
const (
	LockName  = lockfile.Name
	ForksName = lockfile.ForksName
)

// FormatLock returns the text of a releases.lock.
func FormatLock(releases []matrix.Release) []byte { return lockfile.Format(releases) }

// FormatForks returns the text of a forks.lock.
func FormatForks(forks []matrix.Release) []byte { return lockfile.FormatForks(forks) }

// NewProxy returns the module proxy of the go command on the PATH.
func NewProxy() *Proxy { return &Proxy{Go: new(gocmd.Go)} }
