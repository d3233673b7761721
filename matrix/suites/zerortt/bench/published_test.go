package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update writes figures and table again from the same measurements, after a change
// in how they are computed or formatted.
var update = flag.Bool("update", false, "write results/bench.json and the table in the README.md of this folder again")

// TestPublished checks that the figures in bench.json follow from its measurements,
// and the table in the README.md of this folder from bench.json.
func TestPublished(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "..", ".."))
	data, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	var r Report
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&r); err != nil {
		t.Fatalf("%s: %v", results, err)
	}
	for _, part := range parts {
		if !r.Settings.has(part) {
			t.Errorf("%s does not have the part %s", results, part)
		}
	}
	if r.Schema != schema {
		t.Errorf("%s has schema %d: want %d", results, r.Schema, schema)
	}
	if *update {
		r.Figures = figures(&r)
		if err := publish(&r); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(figures(&r), r.Figures); diff != "" {
		t.Errorf("the figures of %s do not follow from its measurements (-want +got):\n%s", results, diff)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	want, err := replaceTable(text, table(&r))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Errorf("the table in %s does not follow from %s (-want +got); go test -update writes it:\n%s", readme, results, diff)
	}
}

func TestReplaceTable(t *testing.T) {
	tests := []struct{ text, want string }{
		{"a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n", "a\n<!-- bench -->\nnew\n<!-- /bench -->\nb\n"},
		{"<!-- bench -->\n<!-- /bench -->\n", "<!-- bench -->\nnew\n<!-- /bench -->\n"},
		{"<!-- bench -->\nold\n", ""},
		{"<!-- /bench -->\nold\n<!-- bench -->\n", ""},
	}
	for _, test := range tests {
		got, err := replaceTable([]byte(test.text), "new\n")
		if string(got) != test.want || (err != nil) != (test.want == "") {
			t.Errorf("%q: got %q, %v: want %q", test.text, got, err, test.want)
		}
	}
}
