// Package remote keeps entries of a record where other machines find them: in a repository
// of a registry that speaks the OCI distribution specification, or in a folder with an OCI
// image layout.
//
// An entry is a manifest, tagged KIND-KEY. Its config is a small document: the kind and the
// key, so that a manifest under another entry's tag is found out; data; and which layer has
// which file. The layers are files, compressed with zstd, by their SHA-256. A file may be
// compressed as what differs from another one, its base, which is then a layer, too, so
// that the registry keeps it: binaries of neighbouring releases take less than half.
//
// Files are written before the manifest, and the manifest before its tag: half of an entry
// is invisible. Several writers of one entry are safe, and the last one wins. All that is
// read is verified against its digest, and each file against the SHA-256 of its contents.
// That the entry under a key is the right one, only the writer knows: whoever can write to
// a remote record must be trusted with what is read from it, or be checked by making a
// sample again.
package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// ErrNone says that a remote record has no entry under a key.
var ErrNone = errors.New("not in the remote record")

// A BadError says that an entry is not to be believed, or that this version of matrixrun
// does not read it. Other entries may be good.
type BadError struct {
	Entry   string // its tag
	Why     string
	Foreign bool // it is no entry, or one of another version of matrixrun
}

func (e *BadError) Error() string {
	return fmt.Sprintf("ignoring the entry %s: %s", brief(e.Entry), e.Why)
}

// A backend stores blobs and tagged manifests. Errors for what is not there match
// errdef.ErrNotFound.
type backend interface {
	manifest(ctx context.Context, tag string) ([]byte, error)
	blob(ctx context.Context, d ocispec.Descriptor) ([]byte, error)
	exists(ctx context.Context, d ocispec.Descriptor) (bool, error)
	push(ctx context.Context, d ocispec.Descriptor, content []byte) error
	tag(ctx context.Context, tag string, manifest []byte) error
	repair(ctx context.Context, d ocispec.Descriptor) error // removes a damaged blob, so that it can be pushed again
	tags(ctx context.Context) ([]string, error)
	remove(ctx context.Context, tags []string) error
}

// A Remote is a remote record. It is safe for concurrent use.
type Remote struct {
	ref     Ref
	backend backend
	moved   moved
	damaged sync.Map // digests of blobs that were served with other contents
}

// moved counts what went over the network, or to and from the folder.
type moved struct{ down, up atomic.Int64 }

// Open returns a remote record. It reports bad credentials and folders when they are used.
func Open(ctx context.Context, ref Ref) *Remote {
	r := &Remote{ref: ref}
	if ref.Dir != "" {
		r.backend = newLayout(ref.Dir)
	} else {
		r.backend = newRepository(ctx, ref.Repository)
	}
	return r
}

// Ref returns what the record was opened with.
func (r *Remote) Ref() Ref { return r.ref }

// Moved returns how many bytes of entries were read and written, compressed.
func (r *Remote) Moved() (down, up int64) { return r.moved.down.Load(), r.moved.up.Load() }

// An Entry is what is kept under a key.
type Entry struct {
	Kind, Key string
	Data      json.RawMessage
	Files     []File
	Created   time.Time // to the second
}

// Get returns the entry under a key. The error is ErrNone if there is none, a *BadError for
// one that must not be used, and another one if the record cannot be read at all.
func (r *Remote) Get(ctx context.Context, kind, key string) (*Entry, error) {
	tag := Tag(kind, key)
	m, err := r.manifest(ctx, tag)
	if err != nil {
		return nil, err
	}
	e, err := m.entry(kind, key)
	if err != nil {
		return nil, &BadError{Entry: tag, Why: err.Error()}
	}
	return e, nil
}

// manifest returns a manifest with its config.
func (r *Remote) manifest(ctx context.Context, tag string) (*manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, smallLimit)
	defer cancel()
	data, err := r.backend.manifest(ctx, tag)
	if err != nil {
		return nil, r.explain("reading the entry "+brief(tag), err)
	}
	r.moved.down.Add(int64(len(data)))
	m, err := parseManifest(data)
	if err != nil {
		return nil, &BadError{Entry: tag, Why: err.Error(), Foreign: errors.Is(err, errForeign)}
	}
	if m.Config.Data == nil {
		if m.Config.Data, err = r.blob(ctx, tag, m.Config); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// blob returns a blob, verified.
func (r *Remote) blob(ctx context.Context, tag string, d ocispec.Descriptor) ([]byte, error) {
	data, err := r.backend.blob(ctx, d)
	if err != nil {
		if errors.Is(err, errdef.ErrNotFound) {
			return nil, &BadError{Entry: tag, Why: "a part of it is missing"}
		}
		return nil, r.explain("reading a part of the entry "+brief(tag), err)
	}
	r.moved.down.Add(int64(len(data)))
	if int64(len(data)) != d.Size || d.Digest.Algorithm().FromBytes(data) != d.Digest {
		r.damaged.Store(d.Digest, true)
		return nil, &BadError{Entry: tag, Why: "the contents of a part do not match its digest"}
	}
	return data, nil
}

// Fetch returns the contents of a file of an entry. It calls base for the contents of the
// file that it differs from, which are fetched, too, if base does not have them.
func (r *Remote) Fetch(ctx context.Context, e *Entry, f File, base func(File) ([]byte, bool)) ([]byte, error) {
	tag := Tag(e.Kind, e.Key)
	var from []byte
	if f.base != nil {
		var ok bool
		if from, ok = base(*f.base); !ok {
			var err error
			if from, err = r.Fetch(ctx, e, *f.base, nil); err != nil {
				return nil, err
			}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, limitFor(f.stored.Size))
	defer cancel()
	packed, err := r.blob(ctx, tag, f.stored)
	if err != nil {
		return nil, err
	}
	content, err := unpack(packed, from, f.Size)
	if err == nil && sumOf(content) != f.SHA256 {
		err = errors.New("a file has other contents than the entry says")
	}
	if err != nil {
		return nil, &BadError{Entry: tag, Why: err.Error()}
	}
	return content, nil
}

// A Source is a file to put into an entry.
type Source struct {
	Content []byte
	Base    *Base // what it may be compressed against; nil for nothing
}

// A Base is a file that the remote record has, which is not itself kept as a difference.
type Base struct {
	File    File
	Content func() ([]byte, error)
}

// Put writes an entry, and returns it. It replaces what is there under the key.
func (r *Remote) Put(ctx context.Context, kind, key string, data any, sources ...Source) (*Entry, error) {
	encoded, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("encoding an entry: %w", err)
	}
	e := &Entry{Kind: kind, Key: key, Data: encoded, Created: time.Now().UTC().Truncate(time.Second)}
	var blobs []blob
	for _, s := range sources {
		f, parts, err := packFile(s)
		if err != nil {
			return nil, err
		}
		e.Files, blobs = append(e.Files, f), append(blobs, parts...)
	}
	m, config, err := e.manifest()
	if err != nil {
		return nil, err
	}
	tag := Tag(kind, key)
	doing := "writing the entry " + brief(tag)
	for _, b := range append(blobs, config...) {
		if err := r.push(ctx, b); err != nil {
			return nil, r.explain(doing, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, smallLimit)
	defer cancel()
	if err := r.backend.tag(ctx, tag, m); err != nil {
		return nil, r.explain(doing, err)
	}
	r.moved.up.Add(int64(len(m)))
	return e, nil
}

// push writes a blob that is not there yet, or is damaged.
func (r *Remote) push(ctx context.Context, b blob) error {
	ctx, cancel := context.WithTimeout(ctx, limitFor(b.Size))
	defer cancel()
	if _, bad := r.damaged.LoadAndDelete(b.Digest); bad {
		if err := r.backend.repair(ctx, b.Descriptor); err != nil {
			return err
		}
	} else if there, err := r.backend.exists(ctx, b.Descriptor); err != nil || there {
		return err
	}
	if err := r.backend.push(ctx, b.Descriptor, b.content); err != nil && !errors.Is(err, errdef.ErrAlreadyExists) {
		return err
	}
	r.moved.up.Add(b.Size)
	return nil
}

// The times that an exchange may take: one with a small answer, and one with a file, at the
// least speed at which fetching it is worth while.
const (
	smallLimit = 20 * time.Second
	leastSpeed = 200_000 // bytes a second
	mostLimit  = 10 * time.Minute
)

func limitFor(size int64) time.Duration {
	return min(mostLimit, smallLimit+time.Duration(size/leastSpeed)*time.Second)
}

// explain adds to an error what was done, and what a person can do about it.
func (r *Remote) explain(doing string, err error) error {
	if errors.Is(err, errdef.ErrNotFound) {
		return ErrNone
	}
	if bad, ok := errors.AsType[*BadError](err); ok {
		return bad
	}
	if errors.Is(err, auth.ErrBasicCredentialNotFound) {
		return fmt.Errorf("%s: the registry wants a password, and there is none for it: log in with docker login", doing)
	}
	var answer *errcode.ErrorResponse
	if !errors.As(err, &answer) {
		if request, ok := errors.AsType[*url.Error](err); ok {
			err = request.Err // the address says nothing that the reference does not
		}
		return fmt.Errorf("%s: %w", doing, err)
	}
	why := fmt.Sprintf("the registry answered %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	if len(answer.Errors) > 0 {
		why += " (" + text.Line(answer.Errors.Error()) + ")"
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		why += ": log in with docker login, as a user who may do that"
	case http.StatusNotFound:
		why += ": make the repository first, if the registry does not do that itself"
	case http.StatusMethodNotAllowed:
		why += ": it may not be set up for that"
	}
	return fmt.Errorf("%s: %s", doing, why)
}
