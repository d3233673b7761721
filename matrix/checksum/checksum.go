// Package checksum computes the SHA-256 that names a file: a binary, a patch, a
// file of the record.
package checksum

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

// Bytes returns the SHA-256 of data in hex: 64 lower-case digits.
func Bytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// File returns the SHA-256 of a file's contents in hex, as Bytes does, without
// reading the whole file into memory.
func File(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close() // only read
	return Reader(f)
}

// Reader returns the SHA-256 of all that can be read from r in hex, as Bytes does.
func Reader(r io.Reader) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
