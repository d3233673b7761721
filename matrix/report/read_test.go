package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestReadRefuses checks what each kind of broken file is told. Nothing of it may be
// a panic, or be read as if it were results.
func TestReadRefuses(t *testing.T) {
	row := func(cell string) string {
		return `{"schema": 1, "scenarios": [{"name": "a"}], "rows": [{"id": "v1.0.0", "source": {"version": "v1.0.0"}, "state": "ok", "cells": [` + cell + `]}]}`
	}
	for name, test := range map[string]struct{ data, want string }{
		"empty":           {"", "this is no whole results.json"},
		"blank":           {" \n", "this is no whole results.json"},
		"null":            {"null", "it has no schema"},
		"a list":          {"[]", "this is no results.json"},
		"BOM":             {"\ufeff" + `{"schema": 1}`, "invalid character"},
		"UTF-16":          {"\xff\xfe{\x00}\x00", "invalid character"},
		"zip":             {"PK\x03\x04", "invalid character"},
		"HTML":            {"<!DOCTYPE html>", "invalid character"},
		"two documents":   {`{"schema": 1}{"schema": 1}`, "after top-level value"},
		"torn":            {`{"schema": 1, "rows": [`, "this is no whole results.json"},
		"schema 0":        {`{"schema": 0}`, "which never was one"},
		"schema -1":       {`{"schema": -1}`, "which never was one"},
		"schema 2":        {`{"schema": 2, "rows": {"new": "form"}}`, "a newer matrixrun has written it"},
		"schema 1.5":      {`{"schema": 1.5}`, "this is no results.json"},
		"schema 1e9":      {`{"schema": 1e9}`, "this is no results.json"},
		"huge schema":     {`{"schema": 99999999999999999999999}`, "this is no results.json"},
		"a later schema":  {`{"schema": 1, "schema": 7}`, "it has schema 7"}, // the last of two keys counts
		"NaN":             {row(`{"scenario": "a", "verdict": "clean", "interval": [NaN, 1]}`), "invalid character 'N'"},
		"infinity":        {row(`{"scenario": "a", "verdict": "clean", "interval": [0, 1e999]}`), "this is no results.json"},
		"three bounds":    {row(`{"scenario": "a", "verdict": "clean", "interval": [0, 2]}`), "is no interval"},
		"huge count":      {row(`{"scenario": "a", "verdict": "clean", "trials": 99999999999999999999}`), "this is no results.json"},
		"negative code":   {row(`{"scenario": "a", "verdict": "leak", "saw": [{"code": -1}]}`), "this is no results.json"},
		"negative trials": {row(`{"scenario": "a", "verdict": "clean", "trials": -1}`), "this cannot be"},
		"no verdict":      {row(`{"scenario": "a"}`), `"" is no verdict`},
		"a time":          {`{"schema": 1, "generated": "yesterday"}`, "this is no results.json"},
		"deep":            {`{"schema": 1, "x": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", "this is no whole results.json"},
		"many mistakes":   {row(strings.TrimSuffix(strings.Repeat(`{"scenario": "b", "verdict": "x"},`, 1000), ",")), "more mistakes"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Read("results.json", []byte(test.data))
			var problems matrix.Problems
			if r != nil || problems.Join(err) != nil || len(problems) == 0 {
				t.Fatalf("read as %v, error %v", r, err)
			}
			if !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "results.json") {
				t.Errorf("it says %.200q, want %q", err.Error(), test.want)
			}
			if len(problems) > mostMistakes+1 {
				t.Errorf("it tells of %d mistakes", len(problems))
			}
		})
	}
}

// TestReadTakes checks what a file may have that this version does not write: later
// fields, and fewer of its own.
func TestReadTakes(t *testing.T) {
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

// TestReadIsWritten checks that what is written is read as the same, and that a file
// which is cut anywhere is refused.
func TestReadIsWritten(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, variety()); err != nil {
		t.Fatal(err)
	}
	r, err := Read("results.json", out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := JSON(&again, r); err != nil {
		t.Fatal(err)
	}
	same, err := Read("results.json", again.Bytes())
	if diff := cmp.Diff(r, same); diff != "" || err != nil {
		t.Errorf("%v: -read +read, written and read again:\n%s", err, diff)
	}
	whole := bytes.TrimSpace(out.Bytes())
	rapid.Check(t, func(t *rapid.T) {
		if _, err := Read("results.json", whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "bytes")]); err == nil {
			t.Fatal("a torn file is read")
		}
	})
}

// TestReadAnything checks that no bytes make Read, or a format of what it returns,
// panic.
func TestReadAnything(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, variety()); err != nil {
		t.Fatal(err)
	}
	whole := out.Bytes()
	rapid.Check(t, func(rt *rapid.T) {
		data := bytes.Clone(whole)
		for range rapid.IntRange(1, 3).Draw(rt, "edits") {
			at := rapid.IntRange(0, len(data)-1).Draw(rt, "at")
			data[at] = rapid.SampledFrom([]byte(`0-"}{[],:xn`+"\x00\xff")).Draw(rt, "byte")
		}
		if r, err := Read("results.json", data); err == nil {
			for name := range formats {
				made(t, name, r)
			}
		}
	})
}

// TestThousandRows checks that a large table is read and shown without anything that
// grows by the square of it.
func TestThousandRows(t *testing.T) {
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
	if r, err = Read("results.json", data); err != nil {
		t.Fatal(err)
	}
	for name := range formats {
		if len(made(t, name, r)) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
	// It takes a second on a machine that does nothing else.
	if took := time.Since(start); took > 60*time.Second {
		t.Errorf("34,000 cells took %v", took)
	}
}
