//go:build !unix

package output

import (
	"errors"
	"os/exec"
)

func setUser(*exec.Cmd, uint32) error { return errors.ErrUnsupported }

func listen(string) func() error { return func() error { return errors.ErrUnsupported } }
