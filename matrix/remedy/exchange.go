package remedy

import (
	"errors"
	"io/fs"
	"os"
)

// exchangeInSteps lets two folders change places. After an error both are where they were.
func exchangeInSteps(a, b string, rename func(from, to string) error) error {
	_, errA := os.Lstat(a)
	_, errB := os.Lstat(b)
	switch {
	case errors.Is(errB, fs.ErrNotExist):
		return rename(a, b)
	case errors.Is(errA, fs.ErrNotExist):
		return rename(b, a)
	}
	aside := a + ".old"
	if err := rename(b, aside); err != nil {
		return err
	}
	if err := rename(a, b); err != nil {
		return errors.Join(err, rename(aside, b))
	}
	return rename(aside, a)
}
