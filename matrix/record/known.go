package record

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
)

// knownParts holds the parts of traces that were decoded so far. Callers must not modify them.
type knownParts struct {
	heads  known[packed] // without numbers; see parseNumbers
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
	size   int // of the texts, in bytes
}

// mostKnown bounds the texts to keep, in bytes. The 20,000 traces of the published results and
// backports have 2,100 distinct heads of 6 MB, and 1,300 distinct parts.
const mostKnown = 32 << 20

// value returns the value of a text. It calls decode for a text that is not known yet.
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
	if k.size+len(text) <= mostKnown {
		k.byText[string(text)] = value
		k.size += len(text)
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

// parse decodes a recorded trace, in the form of this version or of an earlier one.
func (k *knownParts) parse(text []byte) (*packed, error) {
	if p, ok := k.parseNumbers(text); ok {
		return p, nil
	}
	p := new(packed)
	return p, json.Unmarshal(text, p)
}

// parseNumbers is parse for the form that pack returns, and reports whether the text has it.
// The numbers of the trials are most of the text, and need no JSON parser. What precedes them
// is often the same for neighbouring releases, and is decoded once.
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

// parseHead decodes what precedes the numbers, with the distinct trials.
func (k *knownParts) parseHead(text []byte, p *packed) error {
	err := json.Unmarshal(text, p)
	if err == nil && len(p.Forms) > 0 { // earlier versions wrote no forms
		p.decoded, err = p.forms(k)
	}
	return err
}
