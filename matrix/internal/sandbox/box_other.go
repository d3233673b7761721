//go:build !linux

package sandbox

import (
	"context"
	"errors"
	"os"
	"runtime"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// find returns a sandbox that contains nothing: this package knows no mechanism of this
// system that needs no privilege.
func find(context.Context) (*Sandbox, error) {
	return &Sandbox{Contains: None("matrixrun knows no sandbox for " + runtime.GOOS)}, nil
}

// A Box is never made on this system.
type Box struct{}

// Open returns an error.
func (s *Sandbox) Open(context.Context, Files) (*Box, error) { return nil, errors.ErrUnsupported }

// Start returns an error.
func (b *Box) Start(context.Context, proc.Cmd, *os.File, *os.File) (proc.Child, error) {
	return nil, errors.ErrUnsupported
}

// Only returns the box.
func (b *Box) Only(...string) proc.Starter { return b }

// Works returns false.
func (b *Box) Works() bool { return false }

// Clear returns an error.
func (b *Box) Clear() error { return errors.ErrUnsupported }

// Close does nothing.
func (b *Box) Close() {}
