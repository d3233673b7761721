package record

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// A packed is a trace as it is recorded. Most trials of a scenario differ in nothing
// but their times, so each different one is there once, without its times, and every
// trial is a few numbers.
type packed struct {
	Scenario string           `json:"scenario"`
	Kinds    []matrix.Trial   `json:"kinds,omitempty"` // without number and times
	Each     table            `json:"each,omitempty"`  // of each trial: the index of its kind, then its times; see times
	Failures []matrix.Failure `json:"failures,omitempty"`
	CPU      float64          `json:"cpu_s,omitempty"`

	Trials []matrix.Trial `json:"trials,omitempty"` // how earlier versions recorded all of them
}

// pack returns a trace as it is recorded. The numbers of the trials are those of their
// places.
func pack(t *matrix.Trace) (*packed, error) {
	p := &packed{Scenario: t.Scenario, Failures: t.Failures, CPU: t.CPU}
	known := make(map[string]int64)
	for i := range t.Trials {
		kind, times := apart(t.Trials[i])
		text, err := json.Marshal(kind)
		if err != nil {
			return nil, err
		}
		at, ok := known[string(text)]
		if !ok {
			at = int64(len(p.Kinds))
			known[string(text)] = at
			p.Kinds = append(p.Kinds, kind)
		}
		p.Each = append(p.Each, append([]int64{at}, times...))
	}
	return p, nil
}

// apart returns a trial without its number and times, and the times: those of the
// frames, then how long the trial took. Each is a difference from the one before,
// since small numbers are short.
func apart(t matrix.Trial) (kind matrix.Trial, times []int64) {
	last := int64(0)
	if t.Wire != nil {
		wire := *t.Wire
		wire.Frames = slices.Clone(wire.Frames)
		for i := range wire.Frames {
			at := &wire.Frames[i].US
			times = append(times, *at-last)
			last, *at = *at, 0
		}
		t.Wire = &wire
	}
	times = append(times, t.ElapsedUS-last)
	t.Trial, t.ElapsedUS = 0, 0
	return t, times
}

// unpack returns the trace. Trials of one kind share what they proved and saw, so
// nobody may change that. An error means that the entry is damaged.
func (p *packed) unpack() (*matrix.Trace, error) {
	t := &matrix.Trace{Scenario: p.Scenario, Trials: p.Trials, Failures: p.Failures, CPU: p.CPU}
	for i, numbers := range p.Each {
		if len(numbers) == 0 || numbers[0] < 0 || numbers[0] >= int64(len(p.Kinds)) {
			return nil, fmt.Errorf("trial %d is of no kind", i)
		}
		trial, ok := together(p.Kinds[numbers[0]], numbers[1:])
		if !ok {
			return nil, fmt.Errorf("trial %d has %d times", i, len(numbers)-1)
		}
		t.Trials = append(t.Trials, trial)
	}
	for i := range t.Trials {
		t.Trials[i].Trial = i
	}
	return t, nil
}

// together is the inverse of apart. It is not ok if the number of times is wrong.
func together(t matrix.Trial, times []int64) (trial matrix.Trial, ok bool) {
	var frames []matrix.WireFrame
	if t.Wire != nil {
		frames = slices.Clone(t.Wire.Frames)
	}
	if len(times) != len(frames)+1 {
		return t, false
	}
	last := int64(0)
	for i := range frames {
		last += times[i]
		frames[i].US = last
	}
	if t.Wire != nil {
		wire := *t.Wire
		wire.Frames = frames
		t.Wire = &wire
	}
	t.ElapsedUS = last + times[len(frames)]
	return t, true
}
