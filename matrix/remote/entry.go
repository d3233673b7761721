package remote

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// schema is the number of the form of entries. Entries of another one are not read.
const schema = 1

// The media types of entries. A base is of the type of a file that is kept whole.
const (
	entryType = "application/vnd.matrixrun.entry.v1+json"
	wholeType = "application/vnd.matrixrun.file.v1+zstd"
	deltaType = "application/vnd.matrixrun.delta.v1+zstd"
)

// Limits of what is read into memory, in bytes.
const (
	maxManifest = 4 << 20   // as the distribution specification has it
	maxInline   = 64 << 10  // of a config that the manifest repeats, so that it takes no request of its own
	maxConfig   = 64 << 20  // of one with what a compiler said
	maxFile     = 512 << 20 // of a file, as it was before it was compressed
)

// A File is a file of an entry.
type File struct {
	SHA256 string // of its contents, in hex
	Size   int64
	stored ocispec.Descriptor
	base   *File // nil if it is kept whole
}

// Whole reports whether a file is kept as it is, so that it can be the base of others.
func (f *File) Whole() bool { return f.base == nil }

// A document is the config of a manifest.
type document struct {
	Schema int             `json:"schema"`
	Kind   string          `json:"kind"`
	Key    string          `json:"key"`
	Data   json.RawMessage `json:"data,omitempty"`
	Files  []place         `json:"files,omitempty"`
}

// A place says where a manifest has a file.
type place struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Layer  int    `json:"layer"`
	Base   *place `json:"base,omitempty"` // the file that the layer has the difference from
}

// errForeign says that something is no entry, or one of another version of matrixrun.
var errForeign = errors.New("this version of matrixrun does not read its type")

// A manifest is that of an entry.
type manifest struct{ ocispec.Manifest }

// parseManifest parses a manifest of this version of matrixrun.
func parseManifest(data []byte) (*manifest, error) {
	m := new(manifest)
	if err := json.Unmarshal(data, &m.Manifest); err != nil {
		return nil, fmt.Errorf("its manifest cannot be parsed: %w", err)
	}
	if m.Config.MediaType != entryType {
		return nil, errForeign
	}
	for _, d := range append(m.Layers, m.Config) {
		if err := d.Digest.Validate(); err != nil || d.Digest.Algorithm() != digest.SHA256 || d.Size < 0 || d.Size > maxFile {
			return nil, errors.New("its manifest names a part without a usable digest and size")
		}
	}
	if m.Config.Size > maxConfig {
		return nil, errors.New("its config is too large")
	}
	if inline := m.Config.Data; inline != nil && (digest.FromBytes(inline) != m.Config.Digest || int64(len(inline)) != m.Config.Size) {
		return nil, errors.New("its config has not the contents that its digest names")
	}
	return m, nil
}

// entry returns the entry of a manifest whose config was read, if it has the kind and key.
func (m *manifest) entry(kind, key string) (*Entry, error) {
	var d document
	if err := json.Unmarshal(m.Config.Data, &d); err != nil {
		return nil, fmt.Errorf("its config cannot be parsed: %w", err)
	}
	if d.Schema != schema {
		return nil, fmt.Errorf("it is of schema %d, and this version of matrixrun reads %d", d.Schema, schema)
	}
	if d.Kind != kind || d.Key != key {
		return nil, errors.New("it is the entry of another key")
	}
	e := &Entry{Kind: kind, Key: key, Data: d.Data, Created: m.created()}
	for _, p := range d.Files {
		f, err := m.file(&p, 0)
		if err != nil {
			return nil, err
		}
		e.Files = append(e.Files, *f)
	}
	return e, nil
}

var sumPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// file returns the file at a place. A base has no base of its own.
func (m *manifest) file(p *place, depth int) (*File, error) {
	if !sumPattern.MatchString(p.SHA256) || p.Size < 0 || p.Size > maxFile || p.Layer < 0 || p.Layer >= len(m.Layers) || depth > 1 {
		return nil, errors.New("its config names a file that it cannot have")
	}
	f := &File{SHA256: p.SHA256, Size: p.Size, stored: m.Layers[p.Layer]}
	if p.Base == nil {
		return f, nil
	}
	var err error
	f.base, err = m.file(p.Base, depth+1)
	return f, err
}

// created returns when the entry was written; zero if it does not say so.
func (m *manifest) created() time.Time {
	t, _ := time.Parse(time.RFC3339, m.Annotations[ocispec.AnnotationCreated]) // zero then
	return t
}

// parts returns what a manifest names.
func (m *manifest) parts() []ocispec.Descriptor {
	return append(slices.Clone(m.Layers), m.Config)
}

// A blob is a part of an entry to write.
type blob struct {
	ocispec.Descriptor
	content []byte
}

func newBlob(mediaType string, content []byte) blob {
	return blob{ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(content), Size: int64(len(content))}, content}
}

// manifest returns the manifest of an entry, encoded, and the blobs that it needs apart
// from those of files.
func (e *Entry) manifest() (encoded []byte, blobs []blob, err error) {
	m := ocispec.Manifest{
		Versioned:    specs.Versioned{SchemaVersion: 2},
		MediaType:    ocispec.MediaTypeImageManifest,
		ArtifactType: entryType,
		Layers:       []ocispec.Descriptor{},
		Annotations: map[string]string{
			ocispec.AnnotationCreated: e.Created.Format(time.RFC3339),
			ocispec.AnnotationTitle:   e.Kind + " " + e.Key,
		},
	}
	layer := func(d ocispec.Descriptor) int {
		i := slices.IndexFunc(m.Layers, func(l ocispec.Descriptor) bool { return l.Digest == d.Digest })
		if i < 0 {
			i, m.Layers = len(m.Layers), append(m.Layers, d)
		}
		return i
	}
	d := document{Schema: schema, Kind: e.Kind, Key: e.Key, Data: e.Data}
	for _, f := range e.Files {
		p := place{SHA256: f.SHA256, Size: f.Size, Layer: layer(f.stored)}
		if f.base != nil {
			p.Base = &place{SHA256: f.base.SHA256, Size: f.base.Size, Layer: layer(f.base.stored)}
		}
		d.Files = append(d.Files, p)
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding an entry: %w", err)
	}
	if len(text) > maxConfig {
		return nil, nil, fmt.Errorf("the entry takes %d bytes, and only %d are read", len(text), maxConfig)
	}
	config := newBlob(entryType, text)
	blobs = append(blobs, config)
	m.Config = config.Descriptor
	if len(text) <= maxInline {
		m.Config.Data = text
	}
	if len(m.Layers) == 0 { // a manifest has at least one layer
		empty := blob{ocispec.DescriptorEmptyJSON, ocispec.DescriptorEmptyJSON.Data}
		empty.Data = nil
		m.Layers, blobs = append(m.Layers, empty.Descriptor), append(blobs, empty)
	}
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(m); err != nil {
		return nil, nil, fmt.Errorf("encoding an entry: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), blobs, nil
}

// Tag returns the tag of an entry.
func Tag(kind, key string) string { return kind + "-" + key }

// brief returns a tag with as much of its key as people compare.
func brief(tag string) string {
	if tagPattern.MatchString(tag) {
		return tag[:strings.Index(tag, "-")+13]
	}
	return tag
}

// tagPattern matches the tags of entries: a repository may have others, which are not
// touched.
var tagPattern = regexp.MustCompile(`^[a-z]+-[0-9a-f]{64}$`)

func sumOf(content []byte) string { return checksum.Bytes(content) }
