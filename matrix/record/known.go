package record

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
)

// knownParts holds the parts of traces that were decoded so far. Callers must not modify them.
type knownParts struct {
	heads  known[packed] // see parse
	trials known[matrix.Trial]
	saw    known[matrix.Sighting]
	frames known[matrix.WireFrame]
}

// known is a cache of decoded JSON texts. Neighbouring releases have mostly the same ones, and
// decoding them took half the time of a run that recalls everything. It is safe for concurrent
// use.
type known[T any] struct {
	mu     sync.Mutex
	byText map[string]T
}

// mostKnown is the maximum number of values to keep. The 20,000 traces of the published results
// and backports have 1,300 distinct parts.
const mostKnown = 20_000

// value returns the value of a text, which decode finds out if it is new.
func (k *known[T]) value(text []byte, decode func([]byte, *T) error) (value T, err error) {
	k.mu.Lock()
	value, ok := k.byText[string(text)]
	k.mu.Unlock()
	if ok {
		return value, nil
	}
	if err := decode(text, &value); err != nil {
		return value, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byText == nil {
		k.byText = make(map[string]T)
	}
	if len(k.byText) < mostKnown {
		k.byText[string(text)] = value
	}
	return value, nil
}

// decode returns the value of each text.
func (k *known[T]) decode(all []json.RawMessage) (values []T, err error) {
	values = make([]T, len(all))
	for i, text := range all {
		if values[i], err = k.value(text, func(text []byte, v *T) error { return json.Unmarshal(text, v) }); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// parse decodes a recorded trace.
func (k *knownParts) parse(text []byte) (*packed, error) {
	if p, ok := k.parseNumbers(text); ok {
		return p, nil
	}
	p := new(packed)
	return p, json.Unmarshal(text, p)
}

// parseNumbers decodes a trace of the form that pack gives it, and reports whether it is one.
// Most of it are the numbers of its trials, which take no parser. What comes before them is
// mostly the same in neighbouring releases.
func (k *knownParts) parseNumbers(text []byte) (*packed, bool) {
	const key, end = `,"each":`, "]]"
	at := bytes.LastIndex(text, []byte(key+"[["))
	if at < 0 {
		return nil, false
	}
	numbers, rest, ok := bytes.Cut(text[at+len(key):], []byte(end))
	if !ok {
		return nil, false
	}
	head, err := k.heads.value(append(bytes.Clone(text[:at]), '}'), k.parseHead)
	if err != nil || head.decoded == nil {
		return nil, false
	}
	p := new(packed)
	if json.Unmarshal(append([]byte("{"), bytes.TrimPrefix(rest, []byte(","))...), p) != nil {
		return nil, false
	}
	p.Scenario, p.Forms, p.decoded = head.Scenario, head.Forms, head.decoded
	return p, p.Each.UnmarshalJSON(append(bytes.Clone(numbers), end...)) == nil
}

// parseHead decodes what comes before the numbers, and the distinct trials there.
func (k *knownParts) parseHead(text []byte, p *packed) error {
	err := json.Unmarshal(text, p)
	if err == nil && len(p.Forms) > 0 { // else it is of an earlier version
		p.decoded, err = p.forms(k)
	}
	return err
}
