package text

import (
	"strings"
	"testing"
)

func TestCount(t *testing.T) {
	tests := []struct {
		n           int
		thing, want string
	}{
		{0, "row", "0 rows"}, {1, "row", "1 row"}, {2, "row", "2 rows"},
		{1, "entry", "1 entry"}, {2, "entry", "2 entries"}, {2, "day", "2 days"},
		{2, "patch", "2 patches"}, {2, "suffix", "2 suffixes"},
	}
	for _, test := range tests {
		if got := Count(test.n, test.thing); got != test.want {
			t.Errorf("Count(%d, %q) = %q, want %q", test.n, test.thing, got, test.want)
		}
	}
}

func TestList(t *testing.T) {
	for want, items := range map[string][]string{
		"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"},
	} {
		if got := List(items); got != want {
			t.Errorf("List(%q) = %q, want %q", items, got, want)
		}
	}
}

func TestSome(t *testing.T) {
	items := []string{"a", "b", "c", "d"}
	for most, want := range map[int]string{2: "a, b and 2 more", 3: "a, b, c and 1 more", 4: "a, b, c and d"} {
		if got := Some(items, most); got != want {
			t.Errorf("Some(%d) = %q, want %q", most, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
	}{
		{"", 1, ""}, {"four", 4, "four"}, {"fives", 4, "fiv…"}, {"äöüßé", 4, "äöü…"}, {"one two", 5, "one…"}, {"two", 1, "…"},
	} {
		if got := Cut(test.text, test.most); got != test.want {
			t.Errorf("%q cut to %d: %q, want %q", test.text, test.most, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct{ text, first, rest, want string }{
		{"", "", "", "\n"},
		{"one two  three", "", "", "one two\nthree\n"},
		{"one two three", "- ", "  ", "- one two\n  three\n"},
		{"é é é é é", "", "", "é é é é é\n"},
		{"in-one-word b", "", "> ", "in-one-word\n> b\n"},
	}
	for _, test := range tests {
		if got := Wrap(test.text, test.first, test.rest, 9); got != test.want {
			t.Errorf("Wrap(%q, %q, %q) = %q, want %q", test.text, test.first, test.rest, got, test.want)
		}
	}
	if got := WrapWords([]string{"a", "b - c", "d"}, "", "", 4); got != "a\nb - c\nd\n" {
		t.Errorf("WrapWords broke a line within a word: %q", got)
	}
}

func TestQuote(t *testing.T) {
	words := []string{"show", "v0.43.0+incompatible", "a b", "", "it's", "$HOME", "é", "a\nb", "it's\t\\$x\u202e\xff"}
	want := `show v0.43.0+incompatible 'a b' '' 'it'\''s' '$HOME' 'é' $'a\012b' $'it\'s\011\\$x\342\200\256\377'`
	if got := QuoteAll(words); got != want {
		t.Errorf("QuoteAll(%q) = %s, want %s", strings.Join(words, "|"), got, want)
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "│┌·…": 4, "世界": 4, "é": 1, "e\u0301": 1, "✅": 2, "\uFFFD": 1} {
		if got := Width(s); got != want {
			t.Errorf("%q: %d columns, want %d", s, got, want)
		}
	}
	for line := range strings.Lines(Wrap(strings.Repeat("世界 ", 40), "- ", "  ", 40)) {
		if got := Width(strings.TrimSuffix(line, "\n")); got > 40 {
			t.Errorf("%q has %d columns", line, got)
		}
	}
}

func TestPercentUp(t *testing.T) {
	for fraction, want := range map[float64]string{
		0: "0 %", 1: "100 %", 0.05: "5 %", 0.005: "0.5 %", 0.049949: "5 %", 0.0500001: "5.1 %", 0.308497: "30.9 %",
		0.0003: "0.03 %", 0.000301: "0.04 %", 0.0001: "0.01 %", 0.000037: "0.004 %", 0.999999: "100 %",
	} {
		if got := PercentUp(fraction); got != want {
			t.Errorf("%g is %s, want %s", fraction, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	const want = "| a    | b   |\n| ---- | --- |\n| 日本 | x   |\n| c    |     |\n"
	if got := Table([][]string{{"a", "b"}, {"日本", "x"}, {"c"}}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
