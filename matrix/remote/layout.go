package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2/maybe"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content/oci"
	"oras.land/oras-go/v2/errdef"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// A layout is a backend in a folder with an OCI image layout. The library that keeps its
// blobs would lose tags of one process to another one, so the index is kept here, under a
// lock.
type layout struct {
	dir     string
	storage *oci.Storage
	err     error // why there is none
}

// maxIndex is for 100,000 entries.
const maxIndex = 64 << 20

// unfinished is the longest time that writing an entry may take: blobs that are older, and
// that no entry has, are left over.
const unfinished = time.Hour

func newLayout(dir string) *layout {
	storage, err := oci.NewStorage(dir)
	return &layout{dir: dir, storage: storage, err: err}
}

func (l *layout) manifest(ctx context.Context, tag string) ([]byte, error) {
	index, err := l.index()
	if err != nil {
		return nil, err
	}
	i := find(index, tag)
	if i < 0 {
		return nil, errdef.ErrNotFound
	}
	d := index.Manifests[i]
	if d.Size > maxManifest || d.Digest.Validate() != nil {
		return nil, &BadError{Entry: tag, Why: "its manifest has no usable digest and size"}
	}
	data, err := l.blob(ctx, d)
	if err == nil && digest.FromBytes(data) != d.Digest {
		return nil, &BadError{Entry: tag, Why: "its manifest does not match its digest"}
	}
	return data, err
}

// blob reads a blob without following links or waiting for pipes, which the library would:
// other machines may write to the folder.
func (l *layout) blob(_ context.Context, d ocispec.Descriptor) ([]byte, error) {
	if l.err != nil {
		return nil, l.err
	}
	data, _, err := regular.Read(filepath.Join(l.dir, ocispec.ImageBlobsDir, d.Digest.Algorithm().String(), d.Digest.Encoded()), maxFile)
	var odd *regular.Error
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errdef.ErrNotFound
	case errors.As(err, &odd):
		return nil, nil // whose digest is not that
	}
	return data, err
}

func (l *layout) exists(ctx context.Context, d ocispec.Descriptor) (bool, error) {
	if l.err != nil {
		return false, l.err
	}
	return l.storage.Exists(ctx, d)
}

func (l *layout) push(ctx context.Context, d ocispec.Descriptor, content []byte) error {
	return l.storage.Push(ctx, d, bytes.NewReader(content))
}

func (l *layout) repair(ctx context.Context, d ocispec.Descriptor) error {
	if err := l.storage.Delete(ctx, d); err != nil && !errors.Is(err, errdef.ErrNotFound) {
		return err
	}
	return nil
}

func (l *layout) tag(ctx context.Context, tag string, manifest []byte) error {
	b := newBlob(ocispec.MediaTypeImageManifest, manifest)
	if err := l.push(ctx, b.Descriptor, manifest); err != nil && !errors.Is(err, errdef.ErrAlreadyExists) {
		return err
	}
	b.ArtifactType = entryType
	b.Annotations = map[string]string{ocispec.AnnotationRefName: tag}
	return l.change(ctx, func(index *ocispec.Index) {
		if i := find(index, tag); i >= 0 {
			index.Manifests[i] = b.Descriptor
		} else {
			index.Manifests = append(index.Manifests, b.Descriptor)
		}
	})
}

func (l *layout) tags(context.Context) (all []string, err error) {
	index, err := l.index()
	if err != nil {
		return nil, err
	}
	for _, d := range index.Manifests {
		if tag := d.Annotations[ocispec.AnnotationRefName]; tag != "" {
			all = append(all, tag)
		}
	}
	return all, nil
}

// remove removes entries, and the blobs that none has any more.
func (l *layout) remove(ctx context.Context, tags []string) error {
	return l.change(ctx, func(index *ocispec.Index) {
		index.Manifests = slices.DeleteFunc(index.Manifests, func(d ocispec.Descriptor) bool {
			return slices.Contains(tags, d.Annotations[ocispec.AnnotationRefName])
		})
		l.sweep(ctx, index)
	})
}

// sweep removes the blobs that no manifest of the index has, and unfinished files, once
// nobody can be about to use them. If a manifest cannot be read, it removes no blob.
func (l *layout) sweep(ctx context.Context, index *ocispec.Index) {
	used := make(map[string]bool)
	for _, d := range index.Manifests {
		used[d.Digest.Encoded()] = true
		var m ocispec.Manifest
		data, err := l.blob(ctx, d)
		if err != nil || json.Unmarshal(data, &m) != nil {
			return
		}
		for _, part := range append(m.Layers, m.Config) {
			used[part.Digest.Encoded()] = true
		}
	}
	for _, folder := range []string{filepath.Join(l.dir, ocispec.ImageBlobsDir, "sha256"), filepath.Join(l.dir, "ingest")} {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if info, err := e.Info(); err == nil && !used[e.Name()] && time.Since(info.ModTime()) > unfinished {
				_ = os.Remove(filepath.Join(folder, e.Name())) // the next time, then
			}
		}
	}
}

// find returns the place of a tag in an index, -1 for none.
func find(index *ocispec.Index, tag string) int {
	return slices.IndexFunc(index.Manifests, func(d ocispec.Descriptor) bool {
		return d.Annotations[ocispec.AnnotationRefName] == tag
	})
}

// index returns the index of the layout; an empty one if there is none yet.
func (l *layout) index() (*ocispec.Index, error) {
	if l.err != nil {
		return nil, l.err
	}
	index := &ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{}}
	data, _, err := regular.Read(filepath.Join(l.dir, ocispec.ImageIndexFile), maxIndex)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return index, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(data, index); err != nil {
		return nil, fmt.Errorf("%s cannot be parsed: %w", ocispec.ImageIndexFile, err)
	}
	return index, nil
}

// change changes the index. It makes the folder of the layout if there is none.
func (l *layout) change(ctx context.Context, change func(*ocispec.Index)) error {
	if l.err != nil {
		return l.err
	}
	if err := os.MkdirAll(l.dir, 0o777); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(l.dir, "matrixrun.lock"), flock.SetPermissions(0o666))
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return fmt.Errorf("locking the folder: %w", err)
	}
	defer lock.Close() // which unlocks it
	index, err := l.index()
	if err != nil {
		return err
	}
	change(index)
	data, err := json.Marshal(index)
	if err != nil {
		return err
	}
	version := filepath.Join(l.dir, ocispec.ImageLayoutFile)
	if _, err := os.Stat(version); errors.Is(err, fs.ErrNotExist) {
		err = maybe.WriteFile(version, []byte(`{"imageLayoutVersion":"`+ocispec.ImageLayoutVersion+`"}`), 0o644)
		if err != nil {
			return err
		}
	}
	return maybe.WriteFile(filepath.Join(l.dir, ocispec.ImageIndexFile), data, 0o644)
}
