package matrix_test

import (
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestWords checks the forms of phrases of which a suite says only what one scenario does.
func TestWords(t *testing.T) {
	for _, test := range []struct{ one, many, base, not, notMany, after, name, less string }{
		{"", "are bad", "be bad", "is not bad", "are not bad", "bad", "bad", "is bad in fewer probes"},
		{"leaks", "leak", "leak", "does not leak", "do not leak", "leaks", "leaks", "leaks less"},
		{"accepts the token", "accept the token", "accept the token", "does not accept the token", "do not accept the token",
			"accepts the token", "accepts the token", "accepts the token in fewer probes"},
		{"crashes", "crash", "crash", "does not crash", "do not crash", "crashes", "crashes", "crashes less"},
		{"denies all", "deny all", "deny all", "does not deny all", "do not deny all", "denies all", "denies all", "denies all in fewer probes"},
		{"lies", "lie", "lie", "does not lie", "do not lie", "lies", "lies", "lies less"},
		{"has no limit", "have no limit", "have no limit", "does not have no limit", "do not have no limit", "has no limit", "has no limit", "has no limit in fewer probes"},
		{"can hang", "can hang", "can hang", "can not hang", "can not hang", "can hang", "can hang", "can hang in fewer probes"},
	} {
		p := matrix.Words{Leak: matrix.Phrase{One: test.one}}.Complete().Leak
		for what, pair := range map[string][2]string{
			"many": {p.Many, test.many}, "base": {p.Base(), test.base}, "not": {p.Not(1), test.not}, "not, of many": {p.Not(2), test.notMany},
			"after": {p.After(1), test.after}, "name": {p.Name, test.name}, "less": {p.Less(), test.less},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%q: %s: %q, want %q", test.one, what, pair[0], pair[1])
			}
		}
	}
}

// TestWordsAreKept: what a suite names stays, and every form has words.
func TestWordsAreKept(t *testing.T) {
	given := matrix.Words{
		Leak: matrix.Phrase{One: "leaks", Many: "leak", Past: "leaked", Noun: "leak", Name: "leak", Sign: "L"},
		Part: "file", All: "folder",
	}
	w := given.Complete()
	if w.Leak != given.Leak || w.Place(3) != "file 3" || w.Place(-1) != "folder" || w.Name(matrix.VerdictVacuous) != matrix.NotShown {
		t.Errorf("%+v", w)
	}
	if got := w.Leak.A() + ", " + (matrix.Phrase{Noun: "overflow"}).A() + ", " + w.Leak.Nouns(2); got != "a leak, an overflow, leaks" {
		t.Error(got)
	}
	for _, v := range matrix.Verdicts() {
		if w.Name(v) == "" || v.Known() && (w.Of(v).Verb(1) == "" || w.Of(v).Verb(2) == "" || w.Of(v).Sign == "") {
			t.Errorf("%s: %+v", v, w.Of(v))
		}
	}
	if w.Complete() != w {
		t.Error("completing words twice changes them")
	}
}

// TestCheckWord checks how long words may be, and with what they may begin.
func TestCheckWord(t *testing.T) {
	for word, ok := range map[string]bool{
		"leaks": true, "würgt ab": true, strings.Repeat("ü", 60): true, strings.Repeat("ü", 61): false, "": false, " leaks": false, "leaks\n": false, "a<b": false, "a\xff": false,
	} {
		if wrong := matrix.CheckWord("one", word); (wrong == "") != ok {
			t.Errorf("%q: %q", word, wrong)
		}
	}
}
