package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

var update = flag.Bool("update", false, "write the golden file")

// TestReadRefuses checks the error for each kind of broken file. None may panic or
// be accepted.
func TestReadRefuses(t *testing.T) {
	row := func(cell string) string {
		return `{"schema": 1, "scenarios": [{"name": "a"}], "rows": [{"id": "v1.0.0", "source": {"version": "v1.0.0"}, "state": "ok", "cells": [` + cell + `]}]}`
	}
	for name, test := range map[string]struct{ data, want string }{
		"empty":           {"", "this is not a complete results.json"},
		"blank":           {" \n", "this is not a complete results.json"},
		"null":            {"null", "it has no schema"},
		"a list":          {"[]", "this is not a results.json"},
		"BOM":             {"\ufeff" + `{"schema": 1}`, "invalid character"},
		"UTF-16":          {"\xff\xfe{\x00}\x00", "invalid character"},
		"zip":             {"PK\x03\x04", "invalid character"},
		"HTML":            {"<!DOCTYPE html>", "invalid character"},
		"two documents":   {`{"schema": 1}{"schema": 1}`, "after top-level value"},
		"torn":            {`{"schema": 1, "rows": [`, "this is not a complete results.json"},
		"schema 0":        {`{"schema": 0}`, "which never existed"},
		"schema -1":       {`{"schema": -1}`, "which never existed"},
		"schema 2":        {`{"schema": 2, "rows": {"new": "form"}}`, "a newer matrixrun wrote it"},
		"schema 1.5":      {`{"schema": 1.5}`, "this is not a results.json"},
		"schema 1e9":      {`{"schema": 1e9}`, "this is not a results.json"},
		"huge schema":     {`{"schema": 99999999999999999999999}`, "this is not a results.json"},
		"a later schema":  {`{"schema": 1, "schema": 7}`, "it has schema 7"}, // the last of two keys counts
		"NaN":             {row(`{"scenario": "a", "verdict": "clean", "interval": [NaN, 1]}`), "invalid character 'N'"},
		"infinity":        {row(`{"scenario": "a", "verdict": "clean", "interval": [0, 1e999]}`), "rows[0].cells[0].interval[1]: number 1e999: want a number"},
		"three bounds":    {row(`{"scenario": "a", "verdict": "clean", "interval": [0, 2]}`), "is not an interval"},
		"huge count":      {row(`{"scenario": "a", "verdict": "clean", "trials": 99999999999999999999}`), "rows[0].cells[0].trials: number 99999999999999999999: want a whole number"},
		"negative code":   {row(`{"scenario": "a", "verdict": "leak", "saw": [{"code": -1}]}`), "rows[0].cells[0].saw[0].code: number -1: want a whole number from 0 on"},
		"negative trials": {row(`{"scenario": "a", "verdict": "clean", "trials": -1}`), "impossible counts"},
		"impossible rate": {`{"schema": 1, "sure": {"clean": {"rate": 0.05, "trials": 72}, "edge": {"rate": 1.5, "trials": 736}}}`, "want a rate between 0 and 1"},
		"exempt, twice":   {`{"schema": 1, "unaffected": [{"version": "v1.0.0", "module": "m", "why": "w"}, {"version": "v1.0.0", "module": "m", "why": "w"}]}`, "the file has a row or another entry for it"},
		"exempt, a row":   {`{"schema": 1, "rows": [{"id": "v1.0.0", "source": {"version": "v1.0.0"}, "state": "ok"}], "unaffected": [{"version": "v1.0.0", "module": "m", "why": "w"}]}`, "the file has a row or another entry for it"},
		"untried, a row":  {`{"schema": 1, "rows": [{"id": "v1.0.0", "source": {"version": "v1.0.0"}, "state": "ok"}], "untried": ["v1.0.0"]}`, "no row or other entry for"},
		"untried, twice":  {`{"schema": 1, "untried": ["v1.0.0", "v1.0.0"]}`, "no row or other entry for"},
		"untried, order":  {`{"schema": 1, "untried": ["v1.10.0", "v1.2.0"]}`, "in the order of their versions"},
		"exempt, no why":  {`{"schema": 1, "unaffected": [{"version": "v1.0.0", "module": "m"}]}`, "want a version, a module and a reason"},
		"advisory":        {`{"schema": 1, "advisories": [{"id": "", "affected": [{"module": "m"}]}]}`, `advisory "": want an ID, and affected modules`},
		"advisory, range": {`{"schema": 1, "advisories": [{"id": "G", "releases": "x", "affected": [{"module": "m"}]}]}`, `advisory G: "x" is not a constraint`},
		"advisory of no":  {`{"schema": 1, "advisories": [{"id": "G", "scenarios": ["b"], "affected": [{"module": "m"}]}]}`, `advisory G: the file has no scenario "b"`},
		"no verdict":      {row(`{"scenario": "a"}`), `"" is not a verdict`},
		"a time":          {`{"schema": 1, "generated": "yesterday"}`, `generated: "yesterday": want a time such as`},
		"deep":            {`{"schema": 1, "x": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", "this is not a complete results.json"},
		"many mistakes":   {row(strings.TrimSuffix(strings.Repeat(`{"scenario": "b", "verdict": "x"},`, 1000), ",")), "more mistakes"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Read("results.json", []byte(test.data))
			var problems matrix.Problems
			if r != nil || problems.Join(err) != nil || len(problems) == 0 {
				t.Fatalf("read as %v, error %v", r, err)
			}
			if !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "results.json") {
				t.Errorf("got the error %.200q, want %q", err.Error(), test.want)
			}
			if len(problems) > maxMistakes+1 {
				t.Errorf("%d mistakes are reported", len(problems))
			}
		})
	}
}

// TestReadLines checks that each mistake of a file is reported, with the line of the value
// that it is about: values of another type, and what contradicts itself.
func TestReadLines(t *testing.T) {
	for name, test := range map[string]struct{ data, want string }{
		"types": {`{"schema": 1, "Suite": 7,
"rows": [
 {"id": "v1", "source": "v1",
  "cells": [
   {"scenario": "a", "trials": "many", "later": {"x": 1}},
   {"scenario": [], "leaks": -1.5, "interval": {},
    "saw": [{"side": "server",
      "code": -1}]}]},
 7],
"costs": {"v1": {"build_s": true}},
"unaffected": null, "scenarios": {}}`,
			`r:1: suite: number: want a string
r:3: rows[0].source: string: want an object
r:5: rows[0].cells[0].trials: string: want a whole number of at most 64 bits
r:6: rows[0].cells[1].scenario: array: want a string
r:6: rows[0].cells[1].leaks: number -1.5: want a whole number of at most 64 bits
r:6: rows[0].cells[1].interval: object: want a list
r:7: rows[0].cells[1].saw[0].code: number -1: want a whole number from 0 on, of at most 64 bits
r:9: rows[1]: number: want an object
r:10: costs.v1.build_s: bool: want a number of at most 64 bits
r:11: scenarios: object: want a list`},
		"contradictions": {`{"schema": 1,
"scenarios": [{"name": "a"},
 {"name": "a"}],
"rows": [
 {"id": "v1", "source": {"version": "v1"},
  "state": "x", "cells": [
   {"scenario": "b",
    "verdict": "clean"}]},
 {"id": "v2", "state": "ok", "source": {"version": "v2", "kind": "toolchain"}},
 {"id": "v3", "state": "ok", "source": {"version": "v3", "toolchain": "go1.21.13"}}],
"unaffected": [
 {}]}`,
			`r:3: scenario "a": want a unique name
r:6: row v1: "x" is not a state of a row
r:7: cell v1/b: the file has no such scenario
r:9: row v2 has the kind "toolchain" and the toolchain "": want a toolchain in the kind toolchain, and in no other
r:10: row v3 has the kind "" and the toolchain "go1.21.13": want a toolchain in the kind toolchain, and in no other
r:12: unaffected release "" of "": want a version, a module and a reason`},
	} {
		_, err := Read("r", []byte(test.data))
		if diff := cmp.Diff(test.want, fmt.Sprint(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestReadAccepts checks that a file may have fields that this version does not
// know, and need not have all that it writes.
func TestReadAccepts(t *testing.T) {
	for name, data := range map[string]string{
		"little":       `{"schema": 1}`,
		"later fields": `{"schema": 1, "later": {"x": [1, null]}, "rows": null}`,
		"null lists":   `{"schema": 1, "scenarios": [{"name": "a"}], "rows": [{"id": "v1", "source": {"version": "v1"}, "state": "ok", "patches": null, "cells": [{"scenario": "a", "verdict": "clean", "saw": null}]}]}`,
		"lone halves":  `{"schema": 1, "suite": "\ud800\u0000"}`,
	} {
		if _, err := Read("results.json", []byte(data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWrite compares the file with a golden one, and checks that writing changes
// neither the results nor, after reading them back, the file.
func TestWrite(t *testing.T) {
	r := &matrix.Results{
		Schema: matrix.SchemaVersion, Suite: "demo", Target: "example.com/lib",
		Generated: time.Date(2026, 1, 31, 23, 0, 0, 0, time.UTC),
		Scenarios: []matrix.Scenario{{Name: "drop-a", Kind: matrix.KindProbe, Title: "a <b> & c", Proof: map[string]any{"x": 1}}},
		Rows: []matrix.RowResult{
			{ID: "v0.1.0", Source: matrix.SourceResult{Kind: "release", Version: "v0.1.0"}, State: matrix.StateUnavailable},
			{ID: "v0.2.0", Source: matrix.SourceResult{Kind: "release", Version: "v0.2.0"}, State: matrix.StateOK, Cells: []matrix.Cell{
				{Scenario: "drop-a", Verdict: matrix.VerdictClean, Trials: 10, Interval: &[2]float64{0, 0.308497}},
				{Scenario: "drop-b", Verdict: matrix.VerdictVacuous},
			}},
		},
		Intervals: []matrix.Interval{{Scenario: "drop-a"}},
	}
	var out bytes.Buffer
	if err := Write(&out, r); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "results.json")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if r.Rows[0].Patches != nil || r.Rows[0].Cells != nil || r.Intervals[0].Ranges != nil {
		t.Error("the results were changed by printing them")
	}
	var back matrix.Results
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := Write(&again, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(out.String(), again.String()); diff != "" {
		t.Errorf("read and written again: -want +got:\n%s", diff)
	}
}

// TestReadWritten reads what was published and writes it again, which must give
// the same bytes, and checks that a file cut short anywhere is refused.
func TestReadWritten(t *testing.T) {
	found, err := filepath.Glob(filepath.Join("..", "..", "results", "*", "results.json"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no published results: %v", err)
	}
	published, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read("results.json", published)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := Write(&again, r); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), published) {
		t.Error("the published results change when they are read and written again")
	}
	whole := bytes.TrimSpace(published)[:100000]
	rapid.Check(t, func(t *rapid.T) {
		if _, err := Read("results.json", whole[:rapid.IntRange(0, len(whole)).Draw(t, "bytes")]); err == nil {
			t.Fatal("a torn file is accepted")
		}
	})
}

// TestWriteError checks that an error of the writer is returned.
func TestWriteError(t *testing.T) {
	closed, err := os.Create(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	if err := Write(closed, &matrix.Results{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("error %v, want %v", err, os.ErrClosed)
	}
}
