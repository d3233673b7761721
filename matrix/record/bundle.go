package record

import (
	"encoding/json"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Bundle is the traces of one binary, as records exchange them.
type Bundle struct {
	Traces map[string]*packed `json:"traces"` // by the text of their keys

	known knownParts
}

// A BundleKey names the bundle of a binary.
type BundleKey struct {
	Binary string // its SHA-256, in hex
	Server string `json:",omitempty"` // as in TraceKey
}

// String returns the SHA-256 of the key.
func (k BundleKey) String() string { return hash(k) }

// DecodeBundle decodes what Encode returns.
func DecodeBundle(text []byte) (*Bundle, error) {
	b := new(Bundle)
	if err := json.Unmarshal(text, b); err != nil {
		return nil, fmt.Errorf("decoding traces: %w", err)
	}
	for key, p := range b.Traces {
		if !isDigest(key) || p == nil {
			return nil, fmt.Errorf("decoding traces: %q is not the key of a trace", key)
		}
	}
	return b, nil
}

// Encode returns a bundle as text.
func (b *Bundle) Encode() ([]byte, error) {
	text, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encoding traces: %w", err)
	}
	return text, nil
}

// Trace returns a trace of the bundle; nil if it has none that can be used.
func (b *Bundle) Trace(key TraceKey) *matrix.Trace {
	p := b.Traces[key.String()]
	if p == nil {
		return nil
	}
	t, err := p.trace(&b.known)
	if err != nil || t.Scenario != key.Scenario {
		return nil
	}
	return t
}

// Add adds a trace, unless the bundle has one that is as long. It reports whether it did.
func (b *Bundle) Add(key TraceKey, t *matrix.Trace) (bool, error) {
	if had := b.Trace(key); had != nil && len(had.Trials) >= len(t.Trials) {
		return false, nil
	}
	p, err := pack(t)
	if err != nil {
		return false, fmt.Errorf("encoding traces: %w", err)
	}
	if b.Traces == nil {
		b.Traces = make(map[string]*packed)
	}
	b.Traces[key.String()] = p
	return true, nil
}
