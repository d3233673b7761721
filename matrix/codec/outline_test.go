package codec_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
)

// published returns the files of results that the project publishes, by name.
func published(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../results/*/results.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("looking for published results: %v, %v", names, err)
	}
	files := make(map[string][]byte)
	for _, name := range names {
		if files[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestOutline checks that an outline has everything but what was seen, and that the rest
// can be read row by row: in what was published, and where a text looks like a key.
func TestOutline(t *testing.T) {
	tricky := &matrix.Results{
		Schema: matrix.SchemaVersion, Scenarios: []matrix.Scenario{{Name: "a"}},
		Rows: []matrix.RowResult{{ID: `v1<&>"`, Source: matrix.SourceResult{Version: "v1"}, State: matrix.StateOK, Cells: []matrix.Cell{{
			Scenario: "a", Verdict: matrix.VerdictLeak, Reason: `, "saw": [], "evidence": [`, Unread: `, "evidence": [`,
			Saw:    []matrix.Sighting{{Error: `], "evidence": [`}},
			Frames: []matrix.WireFrame{{Type: `, "saw": [`}},
		}}}},
	}
	var written bytes.Buffer
	if err := codec.Write(&written, tricky); err != nil {
		t.Fatal(err)
	}
	files := published(t)
	files["tricky"] = written.Bytes()
	for name, data := range files {
		full, err := codec.Read(name, data)
		if err != nil {
			t.Fatal(err)
		}
		outline, err := codec.Outline(name, data)
		if err != nil {
			t.Fatal(err)
		}
		for i := range full.Rows {
			row := &full.Rows[i]
			cells, err := codec.CellsOf(name, data, row.ID)
			if diff := cmp.Diff(row.Cells, cells); diff != "" || err != nil {
				t.Fatalf("%s, %s (-want +got):\n%s%v", name, row.ID, diff, err)
			}
			for k := range row.Cells {
				row.Cells[k].Saw, row.Cells[k].Frames = []matrix.Sighting{}, nil
			}
		}
		if diff := cmp.Diff(full, outline); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if _, err := codec.CellsOf("tricky", written.Bytes(), "v1"); err == nil || codec.Has(written.Bytes(), "v1") || !codec.Has(written.Bytes(), tricky.Rows[0].ID) {
		t.Error("a row that is not there is read, or one that is there is not found")
	}
}

// TestOutlineOfMistakes checks that an outline has the same mistakes as the full results,
// in the same lines.
func TestOutlineOfMistakes(t *testing.T) {
	r := &matrix.Results{Schema: matrix.SchemaVersion, Scenarios: []matrix.Scenario{{Name: "a"}}}
	for _, v := range []string{"v1", "v2", "v3", "v4"} {
		r.Rows = append(r.Rows, matrix.RowResult{
			ID: v, Source: matrix.SourceResult{Version: v}, State: matrix.StateOK, Cells: []matrix.Cell{{Scenario: "a", Verdict: matrix.VerdictClean}},
		})
	}
	var written bytes.Buffer
	if err := codec.Write(&written, r); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range [][2]string{{`"ok"`, `1`}, {`"clean"`, `"good"`}, {`"patches": [`, `"patches": `}, {`"v4"`, `"v1"`}, {`"schema": 1`, `"schema": 9`}, {"}\n", ""}, {"  ],\n", ""}} {
		data := bytes.ReplaceAll(written.Bytes(), []byte(wrong[0]), []byte(wrong[1]))
		_, want := codec.Read("file", data)
		if _, err := codec.Outline("file", data); err == nil || want == nil || err.Error() != want.Error() {
			t.Errorf("%q in place of %q: got %v: want %v", wrong[1], wrong[0], err, want)
		}
	}
}

// TestOutlineOfNoJSON checks that text that is not JSON is not read as an outline, wherever its
// commas are. JSON with two lists of cells in a row has the same cells as for Read.
func TestOutlineOfNoJSON(t *testing.T) {
	r := &matrix.Results{Schema: matrix.SchemaVersion, Scenarios: []matrix.Scenario{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	for _, v := range []string{"v1", "v2"} {
		row := matrix.RowResult{ID: v, Source: matrix.SourceResult{Version: v}, State: matrix.StateOK}
		for _, s := range r.Scenarios {
			row.Cells = append(row.Cells, matrix.Cell{Scenario: s.Name, Verdict: matrix.VerdictClean})
		}
		r.Rows = append(r.Rows, row)
	}
	var written bytes.Buffer
	if err := codec.Write(&written, r); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"\"evidence\": []},\n", "\"evidence\": []}\n"}, {"\"evidence\": []},\n", "\"evidence\": []},,\n"}, {"\"evidence\": []}\n", "\"evidence\": []},\n"},
		{"\"evidence\": []},\n", "\"evidence\": []},\n\n,\n"}, {"\"evidence\": []}\n      ]", "\"evidence\": []}\n      ]]"}, {"      \"cells\": [\n", "      \"cells\": [\n,\n"},
		{"\n      ]", "\n"},
	} {
		data := bytes.ReplaceAll(written.Bytes(), []byte(change[0]), []byte(change[1]))
		if bytes.Equal(data, written.Bytes()) || json.Valid(data) {
			t.Fatalf("%q in place of %q is no damage", change[1], change[0])
		}
		if _, err := codec.Outline("file", data); err == nil {
			t.Errorf("%q in place of %q: it was read", change[1], change[0])
		}
	}
	cell := bytes.Index(written.Bytes(), []byte("      \"cells\": ["))
	end := cell + bytes.Index(written.Bytes()[cell:], []byte("      ]")) + len("      ]")
	twice := slices.Concat(written.Bytes()[:cell], bytes.ReplaceAll(written.Bytes()[cell:end], []byte("clean"), []byte("leak")), []byte(",\n"), written.Bytes()[cell:])
	want, err := codec.Read("file", twice)
	if err != nil {
		t.Fatal(err)
	}
	got, err := codec.Outline("file", twice)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("two lists of cells: %v (-want +got):\n%s", err, diff)
	}
}

// TestOutlineIsQuick checks that an outline takes at most half of the allocations of the
// full results, which is worth it for large ones. Unlike time, they are the same on every
// machine.
func TestOutlineIsQuick(t *testing.T) {
	large := 0
	for name, data := range published(t) {
		if len(data) < 1<<20 {
			continue
		}
		large++
		full := testing.AllocsPerRun(1, func() { _, _ = codec.Read(name, data) })
		outline := testing.AllocsPerRun(1, func() { _, _ = codec.Outline(name, data) })
		if outline > full/2 {
			t.Errorf("%s: an outline takes %.0f allocations, and everything %.0f: want at most half", name, outline, full)
		}
	}
	if large == 0 {
		t.Error("none of the published results is large")
	}
}

// TestOutlineOfOtherLayout checks that results are read that Write did not lay out: the lines
// of cells are only a shortcut.
func TestOutlineOfOtherLayout(t *testing.T) {
	for name, data := range published(t) {
		want, err := codec.Read(name, data)
		if err != nil {
			t.Fatal(err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, data); err != nil {
			t.Fatal(err)
		}
		deeper := bytes.ReplaceAll(data, []byte("\n      ]"), []byte("\n        ]"))
		for layout, data := range map[string][]byte{"compact": compact.Bytes(), "deeper": deeper} {
			got, err := codec.Outline(name, data)
			if err != nil {
				t.Errorf("%s, %s: %v", name, layout, err)
				continue
			}
			for i := range want.Rows {
				if g, w := got.Rows[i], want.Rows[i]; g.ID != w.ID || len(g.Cells) != len(w.Cells) {
					t.Errorf("%s, %s: row %s has %d cells, want %s with %d", name, layout, g.ID, len(g.Cells), w.ID, len(w.Cells))
					break
				}
			}
		}
	}
}
