package checksum

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestFile(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // of "abc", from FIPS 180-2
	name := filepath.Join(t.TempDir(), "abc")
	if err := os.WriteFile(name, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := File(name); got != want || err != nil {
		t.Errorf("File = %s, %v, want %s", got, err, want)
	}
	if got := Bytes([]byte("abc")); got != want {
		t.Errorf("Bytes = %s, want %s", got, want)
	}
	if _, err := File(name + ".gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("File of a missing file: %v, want fs.ErrNotExist", err)
	}
}
