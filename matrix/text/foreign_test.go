package text

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		"":                             "",
		"plain text\n\tindented\n":     "plain text\n\tindented\n",
		"::error::x":                   `:\:error::x`,
		"a ::error::x\n \t::b":         "a ::error::x\n \t:\\:b",
		"\u00a0\u2003::error::":        "\u00a0\u2003:\\:error::",
		"\u2028::error::":              "\uFFFD::error::",
		":::":                          `:\::`,
		": :":                          ": :",
		"a ##[group]b ###[c]":          `a ##\[group]b ###\[c]`,
		"##vso[a] ##teamcity[b]":       `##vso\[a] ##teamcity\[b]`,
		"## [link](x) #[x]":            "## [link](x) #[x]",
		"\x1b[0Ksection_start:1:a\r":   "\uFFFD[0Ksection_start:1:a\uFFFD",
		"a\r::b":                       "a\uFFFD::b",
		"a\r\n::b\r\n":                 "a\r\n:\\:b\r\n",
		"\u202eevil\u2066\u200b\ufeff": "\uFFFDevil\uFFFD\uFFFD\uFFFD",
		"\x00\x07\x7f\u0085\u009b":     "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD",
		"\xffa\xe2\x80":                "\uFFFDa\uFFFD",
		"\x1b[31mred\x1b[0m":           "\uFFFD[31mred\uFFFD[0m",
	} {
		if got := Harmless(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		} else if again := Harmless(got); again != got {
			t.Errorf("%q: %q the second time", in, again)
		}
	}
	if got := HarmlessColored("\x1b[1;31m::red\x1b[0m \x1b[2J\x1b[31"); got != "\x1b[1;31m:\\:red\x1b[0m \uFFFD[2J\uFFFD[31" {
		t.Errorf("with colours: %q", got)
	}
}

// TestGuard checks that it makes no difference how a document is divided into writes.
func TestGuard(t *testing.T) {
	doc := "é ::a\n :: b ##[c]##d[e] \r\n::f\x1b[2J\u202e\xff\n\r\n"
	want := Harmless(doc)
	for size := 1; size < len(doc); size++ {
		var out strings.Builder
		g := NewGuard(&out, false)
		for rest := doc; rest != ""; {
			n := min(size, len(rest))
			if wrote, err := g.Write([]byte(rest[:n])); wrote != n || err != nil {
				t.Fatal(wrote, err)
			}
			rest = rest[n:]
		}
		if out.String() != want {
			t.Errorf("%d bytes at a time: %q, want %q", size, out.String(), want)
		}
	}
}

// FuzzHarmless checks with any text that a document loses what is a command in it, and
// that JSON and markup still mean the same.
func FuzzHarmless(f *testing.F) {
	for _, seed := range []string{"::error::x", " \u00a0::a\n##[b]", "##vso[c]\x1b[31m\u202e", "a\r\n\r::b", "\xf0\x9f", "\U000e0001##\u202c["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, doc := range []string{Harmless(s), Lines(s), Line(s)} {
			if !utf8.ValidString(doc) || strings.ContainsAny(doc, "\x00\x1b\u202e\u2028") {
				t.Fatalf("%q: %q", s, doc)
			}
		}
		if doc := Harmless(s); doc != Harmless(doc) || strings.Contains(doc, "##[") || strings.HasPrefix(strings.TrimSpace(doc), "::") {
			t.Fatalf("%q: %q", s, doc)
		}
		var out strings.Builder
		if err := WriteJSON(&out, s, true); err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back != strings.ToValidUTF8(s, "\uFFFD") && utf8.ValidString(s) {
			t.Fatalf("%q: %q, %v", s, out.String(), err)
		}
		if json := out.String(); json != Harmless(json) {
			t.Fatalf("%q: %q", s, json)
		}
		var markup strings.Builder
		_ = xml.EscapeText(&markup, []byte(Harmless(s)))
		if doc := HarmlessMarkup(markup.String()); doc != Harmless(doc) {
			t.Fatalf("%q: %q", s, doc)
		}
	})
}
