package remote

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"oras.land/oras-go/v2/registry"
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

// Name returns what results may say of a remote record: of a folder, only its own name, so
// that no path of this machine is published.
func (r Ref) Name() string {
	if r.Dir == "" {
		return r.String()
	}
	dir := r.Dir
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return layoutScheme + filepath.Base(dir)
}
