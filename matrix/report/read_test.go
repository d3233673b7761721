package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
)

// TestReadAnything checks that no bytes make codec.Read, or a format of what it
// returns, panic.
func TestReadAnything(t *testing.T) {
	var out bytes.Buffer
	if err := codec.Write(&out, variety()); err != nil {
		t.Fatal(err)
	}
	whole := out.Bytes()
	rapid.Check(t, func(rt *rapid.T) {
		data := bytes.Clone(whole)
		for range rapid.IntRange(1, 3).Draw(rt, "edits") {
			at := rapid.IntRange(0, len(data)-1).Draw(rt, "at")
			data[at] = rapid.SampledFrom([]byte(`0-"}{[],:xn`+"\x00\xff")).Draw(rt, "byte")
		}
		if r, err := codec.Read("results.json", data); err == nil {
			for name := range formats {
				made(t, name, r)
			}
		}
	})
}

// TestThousandRows checks that the time to read and write a large table does not grow
// with the square of its size.
func TestThousandRows(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it makes large tables")
	}
	r := many(1000)
	for i := range 29 {
		name := fmt.Sprintf("more-%d", i)
		r.Scenarios = append(r.Scenarios, matrix.Scenario{Name: name, Kind: matrix.KindProbe, Title: name})
		for j := range r.Rows {
			r.Rows[j].Cells = append(r.Rows[j].Cells, matrix.Cell{Scenario: name, Verdict: matrix.VerdictClean, Trials: 10, Interval: &[2]float64{0, 0.3}})
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if r, err = codec.Read("results.json", data); err != nil {
		t.Fatal(err)
	}
	for name := range formats {
		if len(made(t, name, r)) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	// On an idle machine it takes a second.
	if took := time.Since(start); took > 60*time.Second {
		t.Errorf("34,000 cells took %v", took)
	}
}
