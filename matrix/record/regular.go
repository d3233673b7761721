package record

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Bounds on the size of the files that are read. The record writes no larger ones, so
// a larger file is damaged.
const (
	// maxSmall is for entries without trials. The largest list the tests of a release:
	// 10,000 that fail, with 4 KiB of output each, take 40 MiB.
	maxSmall = 64 << 20
	// maxTrace is for 100,000 trials of 2.5 KiB. A trial takes a few hundred bytes.
	maxTrace = 256 << 20
	// maxEvidence is for the 64 MiB that a trial may leave, which take a third more in
	// base64, and the 16 MiB that it may print.
	maxEvidence = 128 << 20
	// maxBinary is what the linker can make: code refers to other code and to data by
	// offsets of 32 bits with a sign.
	maxBinary = 2 << 30
	// maxLock and maxTag are for files of a line or two.
	maxLock = 1 << 10
	maxTag  = 64 << 10
)

// maxSize returns the size above which a file of a kind is not read, in bytes.
func maxSize(kind string) int64 {
	switch kind {
	case "bin":
		return maxBinary
	case "trace":
		return maxTrace
	case "evidence":
		return maxEvidence
	default:
		return maxSmall
	}
}

// An oddError says that what is in the place of a file cannot be one of the record.
type oddError string

func (e oddError) Error() string { return string(e) }

// openRegular opens a regular file of at most that many bytes for reading. It neither
// follows links nor waits for the other end of a named pipe. The error is an oddError
// for anything else, and for larger files.
func openRegular(path string, most int64) (*os.File, fs.FileInfo, error) {
	// Opening a device may already have an effect, so look first.
	info, err := os.Lstat(path)
	if err == nil {
		err = regular(info, most)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|plainFile, 0)
	if err != nil {
		return nil, nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = regular(info, most)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, info, nil
}

// regular returns an error for anything but a regular file of at most that many bytes.
func regular(info fs.FileInfo, most int64) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return oddError("it is a folder")
	case mode&fs.ModeSymlink != 0:
		return oddError("it is a link")
	case mode&fs.ModeNamedPipe != 0:
		return oddError("it is a named pipe")
	case !mode.IsRegular():
		return oddError("it is not a regular file")
	case info.Size() > most:
		return oddError(fmt.Sprintf("it has %d bytes, and no file of its kind has more than %d", info.Size(), most))
	}
	return nil
}

// readRegular reads a file that openRegular opens.
func readRegular(path string, most int64) ([]byte, fs.FileInfo, error) {
	f, info, err := openRegular(path, most)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data := make([]byte, info.Size())
	// Files are replaced and never written in place, so the size is right.
	_, err = io.ReadFull(f, data)
	return data, info, err
}
