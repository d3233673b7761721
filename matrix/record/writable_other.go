//go:build !unix

package record

import "os"

// checkWritable returns the error with which files cannot be made in a folder. It
// makes one and removes it.
func checkWritable(dir string) error {
	f, err := os.CreateTemp(dir, newPrefix+"*")
	if err != nil {
		return err
	}
	_ = f.Close()
	return os.Remove(f.Name())
}
