package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// width is how many characters a line of prose may take, on a screen that has
// as many.
const width = 100

// plain makes one harmless line of a text that came from outside: what a
// compiler or a reproduction wrote must not move the cursor, turn the reading
// direction or start a line of its own.
func plain(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
	return strings.Map(harmless, text)
}

// harmless returns a character that is shown as itself, or one that stands for those
// that are not: control characters, and what is no character at all.
func harmless(r rune) rune {
	if unicode.In(r, unicode.Cc, unicode.Cf) || r&0xFFFE == 0xFFFE {
		return '\uFFFD'
	}
	return r
}

// wrap breaks a text into lines of at most width characters where words allow
// it. The first begins with first, which counts, the others with rest.
func wrap(text, first, rest string) string { return fill(words(text), first, rest) }

// fill is wrap for a text whose words were told apart already.
func fill(words []string, first, rest string) string {
	return text.WrapWords(words, first, rest, width)
}

// words splits a text where a line may be broken: within no range and no
// count in brackets, and not before a sign alone or a number with a dot, which
// at the beginning of a line Markdown takes for a list or a heading.
func words(text string) []string {
	var out []string
	joins := false // the next word belongs to the last
	for _, word := range strings.Fields(text) {
		if len(out) > 0 && (joins || sign(word) || numeral(word)) {
			out[len(out)-1] += " " + word
		} else {
			out = append(out, word)
		}
		joins = word == "-" || strings.HasPrefix(word, "(") && digits(word[1:])
	}
	return out
}

// sign reports whether a word has neither letter nor digit.
func sign(word string) bool { return !strings.ContainsFunc(word, letter) }

// numeral reports whether a word would number an item of a list.
func numeral(word string) bool {
	bare := strings.TrimRight(word, ".)")
	return bare != word && digits(bare)
}

func digits(text string) bool { return strings.Trim(text, "0123456789") == "" }

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// pad fills a text with spaces to a number of characters.
func pad(text string, to int) string {
	return text + strings.Repeat(" ", max(0, to-utf8.RuneCountInString(text)))
}

// between writes a range of numbers of things.
func between(bounds [2]int, thing string) string {
	if bounds[0] == bounds[1] {
		return text.Count(bounds[0], thing)
	}
	return fmt.Sprintf("%d - %s", bounds[0], text.Count(bounds[1], thing))
}
