package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// A qlogEvent has the fields of a qlog record that the tests read.
type qlogEvent struct {
	Name string `json:"name"`
	Data struct {
		Header struct {
			Type string `json:"packet_type"`
		} `json:"header"`
		Frames []struct {
			Type   string  `json:"frame_type"`
			Stream *int64  `json:"stream_id"`
			Code   *uint64 `json:"error_code"`
		} `json:"frames"`
	} `json:"data"`
}

// TestQlogOfTrial checks that the qlog of a trial that leaks has the stray
// frame and the end of the connection, as the library in go.mod writes it.
func TestQlogOfTrial(t *testing.T) {
	s, _ := findScenario("closed-write")
	s.traced = true
	r, recorder := runTrial(s, 0, startPair)
	if r.Outcome != report.Leak {
		t.Fatalf("the trial is %s: %s", r.Outcome, r.Why)
	}
	dir := t.TempDir()
	if err := recorder.Save(filepath.Join(dir, "closed-write-7.json"), s.name, 7); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "closed-write-7.client.sqlog"))
	if err != nil {
		t.Fatal(err)
	}
	var strays, ends int
	for i, e := range sequence(t, text) {
		if (i == 0) != (e.Name == "") {
			t.Errorf("record %d is an event called %q: want a header, then events", i, e.Name)
		}
		for _, f := range e.Data.Frames {
			sent := e.Name == "transport:packet_sent" && e.Data.Header.Type == "1RTT"
			if sent && f.Type == "reset_stream" && *f.Stream == 0 && *f.Code == report.Canary {
				strays++
			}
			if sent && f.Type == "connection_close" {
				ends++
			}
		}
	}
	if strays == 0 || ends == 0 {
		t.Errorf("the qlog has the stray frame %d times, and the connection's end %d times:\n%s", strays, ends, text)
	}
	if home, err := os.Getwd(); err != nil || bytes.Contains(text, []byte(home)) {
		t.Errorf("the qlog has a path of this machine (%v)", err)
	}
}

// sequence parses the records of a JSON text sequence.
func sequence(t *testing.T, text []byte) (events []qlogEvent) {
	t.Helper()
	records := bytes.Split(text, []byte{0x1e})
	if len(records) < 2 || len(records[0]) > 0 {
		t.Fatalf("this is not a JSON text sequence: %.100q", text)
	}
	for _, record := range records[1:] {
		var e qlogEvent
		if err := json.Unmarshal(record, &e); err != nil {
			t.Fatalf("%v: %s", err, record)
		}
		events = append(events, e)
	}
	return events
}

// TestNoQlogWithoutEvidence checks that without evidence the library has no tracer,
// and that only the datagrams are saved.
func TestNoQlogWithoutEvidence(t *testing.T) {
	if config(options{}).Tracer != nil {
		t.Error("every connection is traced")
	}
	s, _ := findScenario("control")
	_, recorder := runTrial(s, 0, startPair)
	if recorder.Qlog != nil {
		t.Error("a trial without evidence has a qlog")
	}
	dir := t.TempDir()
	if err := recorder.Save(filepath.Join(dir, "control-0.json"), s.name, 0); err != nil {
		t.Fatal(err)
	}
	if names, err := filepath.Glob(filepath.Join(dir, "*qlog*")); err != nil || len(names) > 0 {
		t.Errorf("there are %q (%v)", names, err)
	}
}
