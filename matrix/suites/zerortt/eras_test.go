//go:build proofs || soak

package zerortt

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/sweep"
)

// TestCapturesOfEveryEra runs the oldest release of each API era, and reads its
// captures with tshark. In a leak, the client sent a reset with the canary code in a
// 1-RTT packet, on the stream that the scenario hits. In a clean cell, it sent none.
// The library's own qlog must agree. It needs the module proxy and tshark.
func TestCapturesOfEveryEra(t *testing.T) {
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	only := eras(suite)
	todo, err := plan.New(suite, plan.Selection{Only: only, Scenarios: []string{"after-both"}})
	if err != nil {
		t.Fatal(err)
	}
	store, err := record.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := sweep.New(suite, todo, store, sweep.Options{Trials: 5, Jobs: 2, Evidence: matrix.EvidenceAll}, func(matrix.Event) {})
	results, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(results.Rows) != len(only) {
		t.Fatalf("%d rows, want %v", len(results.Rows), only)
	}
	for _, row := range results.Rows {
		if row.State != matrix.StateOK || len(row.Cells) != 3 {
			t.Errorf("%s is %s, with %d cells: %s", row.ID, row.State, len(row.Cells), row.Reason)
		}
		for _, c := range row.Cells {
			t.Run(row.ID+"/"+c.Scenario, func(t *testing.T) {
				files, err := s.Evidence(row.ID, c.Scenario)
				if err != nil {
					t.Fatal(err)
				}
				checkQlog(t, files, c)
				checkCapture(t, files, c)
			})
		}
	}
}

// eras returns the oldest release of each API era.
func eras(suite *matrix.Spec) (oldest []string) {
	for _, rule := range suite.Adapters {
		i := slices.IndexFunc(suite.Lock, func(r matrix.Release) bool {
			return suite.Releases.Admits(r.Version) && rule.Releases.Admits(r.Version)
		})
		oldest = append(oldest, suite.Lock[i].Version)
	}
	return oldest
}

// hit is the stream that the resets of a scenario hit if they leak. It is unknown for
// the planted scenario, which resets a stream of its own choice.
var hit = map[string]int{"after-both": 0}

// checkQlog compares the qlog of a cell with its verdict.
func checkQlog(t *testing.T, files []matrix.EvidenceFile, c matrix.Cell) {
	i := slices.IndexFunc(files, func(f matrix.EvidenceFile) bool {
		return f.Suffix == ".client.qlog" || f.Suffix == ".client.sqlog"
	})
	if i < 0 {
		t.Fatalf("a cell that is %s has no qlog: %s", c.Verdict, c.NoEvidence)
	}
	sequence := files[i].Suffix == ".client.sqlog"
	strays := 0
	for n, line := range bytes.Split(bytes.TrimSuffix(files[i].Data, []byte("\n")), []byte("\n")) {
		record, separated := bytes.CutPrefix(line, []byte{0x1e})
		var e qlogEvent
		if err := json.Unmarshal(record, &e); err != nil || separated != sequence {
			t.Fatalf("line %d of a %s is not a record (%v): %q", n, files[i].Suffix, err, line)
		}
		for _, f := range e.Data.Frames {
			if e.Name == "transport:packet_sent" && e.Data.Header.Type == "1RTT" && f.resets() {
				strays++
			}
		}
	}
	if leaks := c.Verdict == matrix.VerdictLeak; leaks != (strays > 0) {
		t.Errorf("the cell is %s, and the qlog has %d resets with the canary code in 1-RTT packets", c.Verdict, strays)
	}
}

// A qlogEvent has the fields of a qlog record that the test reads.
type qlogEvent struct {
	Name string `json:"name"`
	Data struct {
		Header struct {
			Type string `json:"packet_type"`
		} `json:"header"`
		Frames []qlogFrame `json:"frames"`
	} `json:"data"`
}

type qlogFrame struct {
	Type string `json:"frame_type"`
	Code any    `json:"error_code"` // a string in some frames
}

// resets reports whether the frame resets or stops a stream with the canary code.
func (f qlogFrame) resets() bool {
	return (f.Type == "reset_stream" || f.Type == "stop_sending") && f.Code == float64(canary)
}

// checkCapture compares the capture of a cell with its verdict.
func checkCapture(t *testing.T, files []matrix.EvidenceFile, c matrix.Cell) {
	i := slices.IndexFunc(files, func(f matrix.EvidenceFile) bool { return f.Suffix == ".pcapng" })
	if i < 0 {
		t.Fatalf("a cell that is %s has no capture: %s", c.Verdict, c.NoEvidence)
	}
	found, frames := runTshark(t, files[i].Data)
	found = slices.DeleteFunc(found, func(d dissected) bool { return d.Code != canary })
	if frames == 0 {
		t.Error("tshark decrypts no 1-RTT packet")
	}
	if leaks := c.Verdict == matrix.VerdictLeak; leaks != (len(found) > 0) {
		t.Errorf("the cell is %s, and tshark finds the resets %+v among %d frames", c.Verdict, found, frames)
	}
	stream, known := hit[c.Scenario]
	for _, d := range found {
		if known && d.Stream != stream {
			t.Errorf("tshark finds a reset of stream %d, want %d", d.Stream, stream)
		}
	}
}
