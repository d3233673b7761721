package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// List asks a reproduction that reports its trials which scenarios it has, and returns
// their names. The error says what is wrong with the answer, if it is no list.
func List(ctx context.Context, p Program, limits Limits) ([]string, error) {
	var out listing
	failure, err := p.run(ctx, []string{"list"}, limits, &out)
	if err != nil {
		return nil, err
	}
	if failure != nil {
		return nil, errors.New(failure.Reason)
	}
	var entries []struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal(out.text.Bytes(), &entries); err != nil {
		return nil, fmt.Errorf("it printed no list of objects with a name each: %w: %s", err, excerpt(out.text.Bytes()))
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name
	}
	return names, nil
}

// A listing is what a reproduction prints about itself. It has no trials.
type listing struct {
	reported
	text bytes.Buffer
}

func (l *listing) Write(p []byte) (int, error) { return l.text.Write(p) }

func (l *listing) onProgress(func()) {}

func (l *listing) finish(end ending) error { return end.err }
