package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
)

// A packed is a trace as it is recorded. Most trials of a scenario differ only in their times
// and packet numbers, and most of the rest in the order of what they saw. So each distinct part
// is stored once, and a trial is a list of numbers.
type packed struct {
	Scenario string            `json:"scenario"`
	Bases    []json.RawMessage `json:"bases,omitempty"`  // values of matrix.Trial without sightings, frames, number and time
	Saw      []json.RawMessage `json:"saw,omitempty"`    // values of matrix.Sighting
	Frames   []json.RawMessage `json:"frames,omitempty"` // values of matrix.WireFrame without packet number and time
	Forms    table             `json:"forms,omitempty"`  // see formOf
	Each     table             `json:"each,omitempty"`   // for each trial, the index of its form, then what apart returns
	Failures []matrix.Failure  `json:"failures,omitempty"`
	CPU      float64           `json:"cpu_s,omitempty"`

	// Earlier versions wrote one of these instead of Forms.
	Kinds  []matrix.Trial `json:"kinds,omitempty"`  // distinct trials without number and times
	Trials []matrix.Trial `json:"trials,omitempty"` // all trials; there is no Each, either

	decoded []matrix.Trial // the result of forms; nil until it is known
}

// texts is a list of distinct JSON texts.
type texts struct {
	all []json.RawMessage
	at  map[string]int64
}

// index returns the index of the JSON text of a value, which it appends if it is new.
func (t *texts) index(part any) (int64, error) {
	text, err := json.Marshal(part)
	if err != nil {
		return 0, err
	}
	at, ok := t.at[string(text)]
	if !ok {
		if t.at == nil {
			t.at = make(map[string]int64)
		}
		at = int64(len(t.all))
		t.at[string(text)] = at
		t.all = append(t.all, text)
	}
	return at, nil
}

// pack returns a trace as it is recorded. The numbers of the trials are those of their
// places.
func pack(t *matrix.Trace) (*packed, error) {
	p := &packed{Scenario: t.Scenario, Failures: t.Failures, CPU: t.CPU}
	var bases, saw, frames, forms texts
	for i := range t.Trials {
		base, numbers := apart(t.Trials[i])
		form, err := formOf(base, &bases, &saw, &frames)
		if err != nil {
			return nil, err
		}
		at, err := forms.index(form)
		if err != nil {
			return nil, err
		}
		if at == int64(len(p.Forms)) {
			p.Forms = append(p.Forms, form)
		}
		p.Each = append(p.Each, append([]int64{at}, numbers...))
	}
	p.Bases, p.Saw, p.Frames = bases.all, saw.all, frames.all
	return p, nil
}

// formOf returns the form of a trial that apart has returned: the index of its base, the number
// of its sightings, the index of each sighting, and the index of each frame.
func formOf(t matrix.Trial, bases, saw, frames *texts) (form []int64, err error) {
	form = []int64{0, int64(len(t.Saw))}
	add := func(to *texts, part any) {
		at, why := to.index(part)
		form, err = append(form, at), errors.Join(err, why)
	}
	for _, s := range t.Saw {
		add(saw, s)
	}
	t.Saw = nil
	if t.Wire != nil {
		wire := *t.Wire
		for _, f := range wire.Frames {
			add(frames, f)
		}
		wire.Frames = nil
		t.Wire = &wire
	}
	base, why := bases.index(t)
	form[0] = base
	return form, errors.Join(err, why)
}

// apart returns a trial without its number, packet numbers and times, and the last two as a
// list: the packet number and time of each frame, then the time that the trial took. Each time
// is the difference from the one before, since small numbers are short.
func apart(t matrix.Trial) (base matrix.Trial, numbers []int64) {
	last := int64(0)
	if t.Wire != nil {
		wire := *t.Wire
		wire.Frames = slices.Clone(wire.Frames)
		for i := range wire.Frames {
			f := &wire.Frames[i]
			numbers = append(numbers, f.Number, f.US-last)
			last = f.US
			f.Number, f.US = 0, 0
		}
		t.Wire = &wire
	}
	numbers = append(numbers, t.ElapsedUS-last)
	t.Trial, t.ElapsedUS = 0, 0
	return t, numbers
}

// unpack returns the trace. Its trials share what they proved and saw, which the caller must
// not modify. An error means that the entry is damaged.
func (p *packed) unpack(known *knownParts) (*matrix.Trace, error) {
	t := &matrix.Trace{Scenario: p.Scenario, Trials: p.Trials, Failures: p.Failures, CPU: p.CPU}
	forms, err := p.forms(known)
	if err != nil {
		return nil, err
	}
	t.Trials = slices.Grow(t.Trials, len(p.Each))
	for i, numbers := range p.Each {
		if len(numbers) == 0 || numbers[0] < 0 || numbers[0] >= int64(len(forms)) {
			return nil, fmt.Errorf("trial %d: form out of range", i)
		}
		trial, ok := together(forms[numbers[0]], numbers[1:], len(p.Kinds) > 0)
		if !ok {
			return nil, fmt.Errorf("trial %d: wrong number of packets and times: %d", i, len(numbers)-1)
		}
		t.Trials = append(t.Trials, trial)
	}
	for i := range t.Trials {
		t.Trials[i].Trial = i
	}
	return t, nil
}

// forms returns the distinct trials, without what apart takes away.
func (p *packed) forms(known *knownParts) ([]matrix.Trial, error) {
	switch {
	case p.decoded != nil:
		return p.decoded, nil
	case len(p.Kinds) > 0:
		return p.Kinds, nil
	}
	bases, err := known.trials.decode(p.Bases)
	saw, err2 := known.saw.decode(p.Saw)
	frames, err3 := known.frames.decode(p.Frames)
	if err := errors.Join(err, err2, err3); err != nil {
		return nil, err
	}
	forms := make([]matrix.Trial, len(p.Forms))
	for i, form := range p.Forms {
		if len(form) < 2 || form[1] < 0 || form[1] > int64(len(form)-2) {
			return nil, fmt.Errorf("form %d: wrong number of sightings", i)
		}
		base, ok := pick(bases, form[:1])
		seen, ok2 := pick(saw, form[2:2+form[1]])
		sent, ok3 := pick(frames, form[2+form[1]:])
		if !ok || !ok2 || !ok3 || base[0].Wire == nil && len(sent) > 0 {
			return nil, fmt.Errorf("form %d: index out of range", i)
		}
		forms[i] = base[0]
		forms[i].Saw = seen
		if base[0].Wire != nil {
			wire := *base[0].Wire
			wire.Frames = sent
			forms[i].Wire = &wire
		}
	}
	return forms, nil
}

// pick returns the parts with the given indexes, or nil if there are none. It reports false if
// an index is out of range.
func pick[T any](parts []T, indexes []int64) (picked []T, ok bool) {
	for _, i := range indexes {
		if i < 0 || i >= int64(len(parts)) {
			return nil, false
		}
		picked = append(picked, parts[i])
	}
	return picked, true
}

// together is the inverse of apart. It reports false if the list has the wrong length. Earlier
// versions kept the packet numbers in the trial, and the list has only times.
func together(t matrix.Trial, numbers []int64, earlier bool) (trial matrix.Trial, ok bool) {
	var frames []matrix.WireFrame
	if t.Wire != nil {
		wire := *t.Wire
		wire.Frames = slices.Clone(wire.Frames)
		frames, t.Wire = wire.Frames, &wire
	}
	each := 2
	if earlier {
		each = 1
	}
	if len(numbers) != each*len(frames)+1 {
		return t, false
	}
	last := int64(0)
	for i := range frames {
		of := numbers[each*i : each*(i+1)]
		if !earlier {
			frames[i].Number = of[0]
		}
		last += of[each-1]
		frames[i].US = last
	}
	t.ElapsedUS = last + numbers[len(numbers)-1]
	return t, true
}
