package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpand(t *testing.T) {
	s := &scope{contexts: map[string]any{
		"env": open{"A": "x", "EMPTY": ""},
		"job": map[string]any{"a-b": map[string]any{"n": 2.0}},
	}}
	for _, test := range []struct {
		text string
		want any
		err  string
	}{
		{text: "plain"},
		{text: "${{ env.A }}", want: "x"},
		{text: "a${{ env.A }}b${{job.a-b.n}}", want: "axb2"},
		{text: "${{ job['a-b'].n }}", want: 2.0},
		{text: "${{ env.NONE }}", want: nil},
		{text: "${{ env.NONE.deeper }}", want: nil},
		{text: "${{ env.EMPTY || '4' }}", want: "4"},
		{text: "${{ env.A || '4' }}", want: "x"},
		{text: "${{ env.A && 'then' || 'else' }}", want: "then"},
		{text: "${{ env.A == 'X' }}", want: true},
		{text: "${{ env.A != 'x' }}", want: false},
		{text: "${{ env.NONE == '' }}", want: true},
		{text: "${{ !(true && false) }}", want: true},
		{text: "${{ 'it''s }}' }}", want: "it's }}"},
		{text: "${{ fromJSON('[1, true]') }}", want: []any{1.0, true}},
		{text: "${{ fromJSON('{') }}", err: "fromJSON"},
		{text: "${{ job.other }}", err: "there is no other"},
		{text: "${{ secrets.A }}", err: "secrets is nothing"},
		{text: "${{ contains('a', 'b') }}", err: "no function"},
		{text: "${{ 1 == 'x' }}", err: "not of one kind"},
		{text: "${{ 1 < 2 }}", err: "nothing that this program knows"},
		{text: "${{ (env.A }}", err: "a ) is missing"},
		{text: "${{ env.A env.A }}", err: "nothing is expected"},
		{text: "${{ }}", err: "a value is expected"},
		{text: "${{ true && }}", err: "a value is expected"},
		{text: "${{ hashFiles('x') }}", err: "no function"},
	} {
		if test.want == nil && !strings.Contains(test.text, "${{") {
			test.want = test.text
		}
		got, err := s.expand(test.text)
		switch {
		case (err != nil) != (test.err != ""), err != nil && !strings.Contains(err.Error(), test.err):
			t.Errorf("%s: got the error %v, want %q", test.text, err, test.err)
		case err == nil && !cmp.Equal(got, test.want):
			t.Errorf("%s: got %v, want %v", test.text, got, test.want)
		}
	}
}

func TestHolds(t *testing.T) {
	for _, test := range []struct {
		condition     string
		sound, failed bool // what it comes to
	}{
		{"", true, false},
		{"true", true, false},
		{"${{ 'x' != '' }}", true, false},
		{"false", false, false},
		{"always()", true, true},
		{"${{ !cancelled() }}", true, true},
		{"!cancelled() && false", false, false},
		{"failure()", false, true},
		{"success() || failure()", true, true},
		{"${{ success() }}", true, false},
	} {
		for failed, want := range map[bool]bool{false: test.sound, true: test.failed} {
			got, err := (&scope{failed: failed}).holds(test.condition)
			if err != nil || got != want {
				t.Errorf("%q, failed %v: got %v, %v", test.condition, failed, got, err)
			}
		}
	}
}

func TestAssignments(t *testing.T) {
	got := assignments("a=1\nb=x=y<<z\n\nc<<END\none=1\ntwo\nEND\nd=\ne<<END\ncut off")
	want := map[string]string{"a": "1", "b": "x=y<<z", "c": "one=1\ntwo", "d": "", "e": "cut off"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
