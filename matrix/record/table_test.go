package record

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestTable checks that a table is parsed as encoding/json would parse lists of integers.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.SliceOf(rapid.Int64())).Draw(t, "lists")
		indent := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent")
		text, err := json.MarshalIndent(struct{ Each [][]int64 }{want}, indent, indent)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Each table }
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, [][]int64(got.Each)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		for i := range got.Each { // no list reaches into the next one
			_ = append(got.Each[i], -1)
		}
		if diff := cmp.Diff(want, [][]int64(got.Each)); diff != "" {
			t.Fatalf("after additions (-want +got):\n%s", diff)
		}
	})
}

// TestTableOfOther checks what is no table.
func TestTableOfOther(t *testing.T) {
	for _, text := range []string{
		`7`, `"7"`, `{}`, `[7]`, `[["7"]]`, `[[{}]]`, `[[[7]]]`, `[[7.5]]`, `[[1e3]]`, `[[9223372036854775808]]`, `[[true]]`, `[null]`, `[[null]]`,
	} {
		var got struct{ Each table }
		if err := json.Unmarshal([]byte(`{"Each": `+text+`}`), &got); err == nil {
			t.Errorf("%s: got %v, want an error", text, got.Each)
		}
	}
	var none struct{ Each table }
	if err := json.Unmarshal([]byte(`{"Each": null}`), &none); err != nil || none.Each != nil {
		t.Errorf("null: got %v, %v", none.Each, err)
	}
}
