package record

import (
	"encoding/json"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
)

// knownParts holds the parts of trials that were decoded so far. Callers must not modify them.
type knownParts struct {
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

// decode returns the value of each text.
func (k *known[T]) decode(all []json.RawMessage) (values []T, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byText == nil {
		k.byText = make(map[string]T)
	}
	values = make([]T, len(all))
	for i, text := range all {
		value, ok := k.byText[string(text)]
		if !ok {
			if err := json.Unmarshal(text, &value); err != nil {
				return nil, err
			}
			if len(k.byText) < mostKnown {
				k.byText[string(text)] = value
			}
		}
		values[i] = value
	}
	return values, nil
}
