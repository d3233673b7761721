package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Foreign text is what a release, a patch, a compiler, a reproduction or a results
// file says. A terminal may take parts of it for control sequences, and a CI system
// may take a line of its log for a command:
//
//   - GitHub: a line that begins with "::", also after blanks, and "##[" anywhere
//   - Azure Pipelines and TeamCity: "##vso[" and "##teamcity["
//   - GitLab: "section_start:" after an escape character
//
// Characters that control something become U+FFFD, which shows that there was one.
// A command gets a backslash: ":\:error", "##\[group]". It stays readable, a reader
// who copies it sees what was added, and Markdown shows the text without it.

// Line returns foreign text as one line without control characters. It folds white
// space, also at line ends.
func Line(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	return strings.Map(visible, s)
}

// Lines returns foreign text as lines without control characters. Their indentation
// stays, and blanks at their ends do not.
func Lines(s string) string {
	lines := strings.Split(strings.ToValidUTF8(strings.TrimRight(s, "\r\n"), "\uFFFD"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return visible(r)
		}, strings.TrimRight(line, "\r")), " \t")
	}
	return strings.Join(lines, "\n")
}

// visible returns a character that shows as itself, and U+FFFD for the others: control
// and format characters, which include those for the reading direction, line and
// paragraph separators, and noncharacters such as U+FFFE.
func visible(r rune) rune {
	if ' ' <= r && r <= '~' { // most are
		return r
	}
	if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r&0xFFFE == 0xFFFE {
		return unicode.ReplacementChar
	}
	return r
}

// Harmless returns a document in which nothing controls a terminal or commands a CI
// system. Newlines and tabs stay. It is the same for a document that it returned.
func Harmless(doc string) string { return filter{}.all(doc, plainSyntax) }

// HarmlessColored is Harmless for a document with colours, which stay: escape
// sequences that end in "m".
func HarmlessColored(doc string) string { return filter{colors: true}.all(doc, plainSyntax) }

// HarmlessMarkup is Harmless for XML and HTML, in which a reference to the character
// is used where Harmless adds a backslash.
func HarmlessMarkup(doc string) string { return filter{}.all(doc, markupSyntax) }

// HarmlessJSON is Harmless for JSON. Characters are escaped, so the document means the
// same.
func HarmlessJSON(doc string) string { return filter{}.all(doc, jsonSyntax) }

// WriteJSON writes a value as one harmless JSON document. It has many lines if indent
// is set, and one otherwise.
func WriteJSON(w io.Writer, v any, indent bool) error {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if indent {
		e.SetIndent("", "  ")
	}
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, HarmlessJSON(out.String()))
	return err
}

// A syntax says how a kind of document writes what Harmless replaces.
type syntax struct {
	hidden func(rune) string // for a character that does not show
	broken func(rune) string // for the character that would make a command
}

var (
	plainSyntax = syntax{
		func(rune) string { return "\uFFFD" },
		func(r rune) string { return `\` + string(r) },
	}
	markupSyntax = syntax{
		plainSyntax.hidden,
		func(r rune) string { return fmt.Sprintf("&#%d;", r) },
	}
	jsonSyntax = syntax{jsonEscape, jsonEscape}
)

// jsonEscape writes a character as JSON escapes it.
func jsonEscape(r rune) string {
	if r > 0xFFFF {
		r -= 0x10000
		return fmt.Sprintf(`\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// A filter makes a document harmless piece by piece. It remembers how the line so far
// ends.
type filter struct {
	colors bool // escape sequences for colours pass
	text   bool // the line has more than blanks
	colon  bool // the line is a colon after blanks
	hashes int  // the line ends in so many "#", at most 2; letters may follow two
}

// all makes a whole document harmless.
func (f filter) all(doc string, as syntax) string {
	out, rest := f.piece(doc, as)
	if rest != "" { // a torn character, or a carriage return
		out += "\uFFFD"
	}
	return out
}

// piece makes the next piece of a document harmless. It returns the end of the piece
// that can only be judged with the next one.
func (f *filter) piece(doc string, as syntax) (out, rest string) {
	var b strings.Builder
	for doc != "" {
		r, size := utf8.DecodeRuneInString(doc)
		switch {
		case r == utf8.RuneError && size == 1 && !utf8.FullRuneInString(doc), doc == "\r":
			return b.String(), doc
		case f.colors && r == '\x1b':
			if n := colorLength(doc); n > 0 {
				b.WriteString(doc[:n])
				doc = doc[n:]
				continue
			}
		case r == '\r' && doc[1] == '\n': // a line may end so
			b.WriteByte('\r')
			doc = doc[1:]
			continue
		}
		doc = doc[size:]
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
			f.see(r)
		case visible(r) != r || r == utf8.RuneError && size == 1:
			b.WriteString(as.hidden(r))
			f.see(utf8.RuneError)
		case f.see(r):
			b.WriteString(as.broken(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), ""
}

// see notes the next character, and reports whether it would make a command.
func (f *filter) see(r rune) bool {
	if r == '\n' {
		*f = filter{colors: f.colors}
		return false
	}
	command := f.colon && r == ':' || f.hashes == 2 && r == '['
	f.colon = !f.text && r == ':'
	f.text = f.text || !unicode.IsSpace(r)
	switch {
	case r == '#':
		f.hashes = min(f.hashes+1, 2)
	case f.hashes < 2 || !unicode.IsLetter(r):
		f.hashes = 0
	}
	return command
}

// colorLength returns the length of the escape sequence for a colour that s begins
// with, or 0.
func colorLength(s string) int {
	rest, ok := strings.CutPrefix(s, "\x1b[")
	if !ok {
		return 0
	}
	end := strings.TrimLeft(rest, "0123456789;")
	if !strings.HasPrefix(end, "m") {
		return 0
	}
	return len(s) - len(end) + 1
}
