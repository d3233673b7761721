package remote

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"oras.land/oras-go/v2/registry"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// A Ref names a remote record.
type Ref struct {
	Repository string // HOST/REPOSITORY of a registry; empty for a folder
	Dir        string // a folder with an OCI image layout; empty for a repository
}

// The schemes of a Ref.
const (
	ociScheme    = "oci://"
	layoutScheme = "oci-layout:"
)

// ParseRef parses oci://HOST/REPOSITORY or oci-layout:DIR. The error says what is wrong
// with it, without credentials that somebody has put there.
func ParseRef(text string) (Ref, error) {
	if dir, ok := strings.CutPrefix(text, layoutScheme); ok {
		if dir == "" {
			return Ref{}, fmt.Errorf("%q: want a folder after the colon", text)
		}
		return Ref{Dir: dir}, nil
	}
	repository, ok := strings.CutPrefix(text, ociScheme)
	switch {
	case strings.Contains(text, "@"):
		return Ref{}, errors.New("it must name neither a user nor a digest: credentials are those of docker login")
	case !ok:
		return Ref{}, fmt.Errorf("%q: want %sHOST/REPOSITORY or %sDIR", text, ociScheme, layoutScheme)
	}
	r, err := registry.ParseReference(repository)
	switch {
	case err != nil:
		return Ref{}, fmt.Errorf("%q: want %sHOST/REPOSITORY, with a repository in lower case: %w", text, ociScheme, err)
	case r.Reference != "":
		return Ref{}, fmt.Errorf("%q: want no tag: entries have tags of their own", text)
	}
	return Ref{Repository: repository}, nil
}

// String returns the text that ParseRef parses.
func (r Ref) String() string {
	if r.Dir != "" {
		return layoutScheme + r.Dir
	}
	return ociScheme + r.Repository
}

// ID returns a text that is the same for one remote record, wherever it is named from, and
// another one for every other record. It has no path of this machine.
func (r Ref) ID() string {
	if r.Dir == "" {
		return r.String()
	}
	return layoutScheme + checksum.Bytes([]byte(r.path()))
}

// path returns the absolute path of a folder.
func (r Ref) path() string {
	if abs, err := filepath.Abs(r.Dir); err == nil {
		return abs
	}
	return r.Dir
}

// Name returns what results may say of a remote record: of a folder, only its own name, so
// that no path of this machine is published.
func (r Ref) Name() string {
	if r.Dir == "" {
		return r.String()
	}
	return layoutScheme + filepath.Base(r.path())
}
