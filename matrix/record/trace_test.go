package record

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// drawTrial draws a trial out of few kinds, with any times.
func drawTrial(t *rapid.T, number int) matrix.Trial {
	time := func() int64 { return rapid.OneOf(rapid.Int64(), rapid.Int64Range(0, 9000)).Draw(t, "us") }
	trial := matrix.Trial{Scenario: "s", Trial: number, Outcome: matrix.OutcomeClean, ElapsedUS: time()}
	if rapid.Bool().Draw(t, "proof") {
		trial.Proof = map[string]any{"acted": "after-next", "next_used": true, "times": 2.0, "each": []any{[]any{1.0}}}
		for range rapid.IntRange(0, 3).Draw(t, "saw") {
			stream := rapid.Int64Range(-1, 1).Draw(t, "stream")
			trial.Saw = append(trial.Saw, matrix.Sighting{Side: "server", Stream: &stream, Code: new(uint64(math.MaxUint64)), Error: "reset"})
		}
	}
	if rapid.Bool().Draw(t, "wire") {
		trial.Wire = &matrix.Wire{Agrees: true}
		for range rapid.IntRange(0, 3).Draw(t, "frames") {
			trial.Wire.Frames = append(trial.Wire.Frames, matrix.WireFrame{From: "client", Number: rapid.Int64Range(1, 2).Draw(t, "number"), US: time()})
		}
	}
	return trial
}

// TestPack checks that a trace is the same after it was recorded, and that no trial
// shares its times with another.
func TestPack(t *testing.T) {
	parts := new(knownParts)
	rapid.Check(t, func(t *rapid.T) {
		want := &matrix.Trace{Scenario: "s", CPU: 0.5}
		for i := range rapid.IntRange(0, 20).Draw(t, "trials") {
			want.Trials = append(want.Trials, drawTrial(t, i))
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		p, err := pack(want)
		if err != nil {
			t.Fatal(err)
		}
		if after, _ := json.Marshal(want); string(after) != string(text) {
			t.Fatalf("pack changed the trace: %s", after)
		}
		recorded, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, known := range []*knownParts{new(knownParts), parts} { // without and with what others had
			read, err := known.parse(recorded)
			if err != nil {
				t.Fatal(err)
			}
			got, err := read.unpack(known)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v, trace (-put +got):\n%s", err, diff)
			}
		}
	})
}

// agreeing returns a trace of n trials that differ in their times alone.
func agreeing(n int) *matrix.Trace {
	trace := &matrix.Trace{Scenario: "s"}
	for i := range n {
		trace.Trials = append(trace.Trials, matrix.Trial{
			Scenario: "s", Trial: i, Outcome: matrix.OutcomeClean, Why: "the next connection carried every message, and the server saw no reset",
			Proof:     map[string]any{"acted": "after-rejection", "attempted": true, "next_used": true, "queued": false, "rejected": true, "sent": false},
			Wire:      &matrix.Wire{Agrees: true, Frames: []matrix.WireFrame{{From: "client", Packet: "1-RTT", Number: 18 + int64(i%4), US: int64(3600 + i), Type: "CONNECTION_CLOSE", Stream: -1}}},
			ElapsedUS: int64(3700 + 2*i),
		})
	}
	return trace
}

// TestTraceIsSmall checks that 736 trials that agree take no more room than 60 of
// them took when each was recorded by itself.
func TestTraceIsSmall(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key := TraceKey{Scenario: "s"}
	if err := s.PutTrace(key, agreeing(736)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(s.place("trace", key.String()))
	if err != nil {
		t.Fatal(err)
	}
	each, err := json.Marshal(agreeing(60))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > int64(len(each)) {
		t.Errorf("736 trials take %d bytes, 60 took %d", info.Size(), len(each))
	}
}

// TestOrderIsSmall checks that trials that differ only in the order of what they saw and sent
// take only a few numbers each.
func TestOrderIsSmall(t *testing.T) {
	trace := &matrix.Trace{Scenario: "s"}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 700 {
		trial := matrix.Trial{Scenario: "s", Trial: i, Outcome: matrix.OutcomeLeak, Wire: &matrix.Wire{Agrees: true}}
		for _, stream := range random.Perm(20) {
			trial.Saw = append(trial.Saw, matrix.Sighting{Side: "server", Stream: new(int64(stream)), Code: new(uint64(4919)), Error: fmt.Sprintf("read: stream %d canceled by remote with error code 4919", stream)})
			trial.Wire.Frames = append(trial.Wire.Frames, matrix.WireFrame{From: "client", Packet: "1-RTT", Number: random.Int64N(100), US: random.Int64N(10_000), Type: "RESET_STREAM", Stream: int64(stream), Code: 4919, FinalSize: 300})
		}
		trace.Trials = append(trace.Trials, trial)
	}
	p, err := pack(trace)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	// For each of 20 streams: the indexes of a sighting and a frame, a packet number and a time,
	// each with a comma.
	if most := 700*20*(3+3+3+6) + 10_000; len(text) > most {
		t.Errorf("700 trials take %d bytes, want at most %d", len(text), most)
	}
}

// TestTraceOfEarlier reads a trace as earlier versions recorded it, and refuses what
// is none.
func TestTraceOfEarlier(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	key := TraceKey{Scenario: "s"}
	want := agreeing(3)
	if err := s.put("trace", key.String(), want); err != nil {
		t.Fatal(err)
	}
	if got, miss := s.Trace(key); miss != "" || !cmp.Equal(want, got) {
		t.Errorf("miss %q, trace (-put +got):\n%s", miss, cmp.Diff(want, got))
	}
	kinds := json.RawMessage(`{"scenario": "s", "kinds": [{"outcome": "leak", "saw": [{"side": "server"}], "wire": {"frames": [{"number": 7}, {"number": 9}]}}, {}], "each": [[0, 50, 5, 2], [1, 3]]}`)
	if err := s.put("trace", key.String(), kinds); err != nil {
		t.Fatal(err)
	}
	want = &matrix.Trace{Scenario: "s", Trials: []matrix.Trial{
		{Outcome: matrix.OutcomeLeak, Saw: []matrix.Sighting{{Side: "server"}}, Wire: &matrix.Wire{Frames: []matrix.WireFrame{{Number: 7, US: 50}, {Number: 9, US: 55}}}, ElapsedUS: 57},
		{Trial: 1, ElapsedUS: 3},
	}}
	if got, miss := s.Trace(key); miss != "" || !cmp.Equal(want, got) {
		t.Errorf("miss %q, trace (-put +got):\n%s", miss, cmp.Diff(want, got))
	}
	for _, test := range []struct{ payload, miss string }{
		{`{"scenario": "s", "kinds": [{}], "each": [[0, 1], [1, 1]]}`, "damaged: trial 1: form out of range"},
		{`{"scenario": "s", "kinds": [{}], "each": [[-1, 1]]}`, "damaged: trial 0: form out of range"},
		{`{"scenario": "s", "kinds": [{}], "each": [[]]}`, "damaged: trial 0: form out of range"},
		{`{"scenario": "s", "kinds": [{}], "each": [[0]]}`, "damaged: trial 0: wrong number of packets and times: 0"},
		{`{"scenario": "s", "kinds": [{"wire": {"frames": [{}, {}]}}], "each": [[0, 1, 2, 3, 4]]}`, "damaged: trial 0: wrong number of packets and times: 4"},
		{`{"scenario": "s", "kinds": [{"trial": "x"}], "each": []}`, "damaged: json: cannot unmarshal string into Go struct field Trial.kinds.trial of type int"},
		{`{"scenario": "s", "bases": [{"trial": "x"}]}`, "damaged: json: cannot unmarshal string into Go struct field Trial.trial of type int"},
		{`{"scenario": "s", "bases": [{}], "each": [[0, 1]]}`, "damaged: trial 0: form out of range"},
		{`{"scenario": "s", "bases": [{}], "forms": [[0]]}`, "damaged: form 0: wrong number of sightings"},
		{`{"scenario": "s", "bases": [{}], "forms": [[0, -1]]}`, "damaged: form 0: wrong number of sightings"},
		{`{"scenario": "s", "bases": [{}], "forms": [[0, 0], [0, 1]]}`, "damaged: form 1: wrong number of sightings"},
		{`{"scenario": "s", "bases": [{}], "forms": [[1, 0]]}`, "damaged: form 0: index out of range"},
		{`{"scenario": "s", "bases": [{}], "saw": [{}], "forms": [[0, 1, 1]]}`, "damaged: form 0: index out of range"},
		{`{"scenario": "s", "bases": [{}], "frames": [{}], "forms": [[0, 0, 0]]}`, "damaged: form 0: index out of range"},
		{`{"scenario": "s", "bases": [{"wire": {}}], "frames": [{}], "forms": [[0, 0, 0]], "each": [[0, 1, 2]]}`, "damaged: trial 0: wrong number of packets and times: 2"},
	} {
		if err := s.put("trace", key.String(), json.RawMessage(test.payload)); err != nil {
			t.Fatal(err)
		}
		if got, miss := s.Trace(key); miss != test.miss || got != nil {
			t.Errorf("%s: miss %q, want %q; trace %v", test.payload, miss, test.miss, got)
		}
	}
}
