// Package text writes the small pieces of English that messages and reports
// are made of: plurals, lists, lines of a given width, words quoted for a
// shell, and the "did you mean" after a misspelt word. It also makes text from
// outside harmless, before it reaches a terminal, a log or a report.
//
// Its functions are pure. The command and every stage may import it.
package text

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Plural returns thing, or its regular plural if n is not 1.
func Plural(n int, thing string) string {
	if n == 1 {
		return thing
	}
	for _, ending := range []string{"s", "x", "ch", "sh"} {
		if strings.HasSuffix(thing, ending) {
			return thing + "es"
		}
	}
	if stem, ok := strings.CutSuffix(thing, "y"); ok && !strings.HasSuffix(stem, "a") && !strings.HasSuffix(stem, "e") {
		return stem + "ies"
	}
	return thing + "s"
}

// Count returns n and the thing counted: "1 row", "2 rows".
func Count(n int, thing string) string { return fmt.Sprintf("%d %s", n, Plural(n, thing)) }

// List joins items as a sentence does: "a, b and c".
func List(items []string) string { return join(items, " and ") }

// Or joins items of which any one will do: "a, b or c".
func Or(items []string) string { return join(items, " or ") }

// join joins items with commas, and the last one with a word.
func join(items []string, last string) string {
	if n := len(items); n > 1 {
		return strings.Join(items[:n-1], ", ") + last + items[n-1]
	}
	return strings.Join(items, "")
}

// Some joins the first few items and counts the others: "a, b and 3 more".
func Some(items []string, most int) string {
	if more := len(items) - most; more > 0 {
		items = append(slices.Clone(items[:most]), fmt.Sprintf("%d more", more))
	}
	return List(items)
}

// PercentUp writes a fraction of 1 as a percentage, rounded up to one decimal, or to
// the first one that is not 0: "5 %", "30.9 %", "0.03 %". What is said to be above the
// result is above the fraction.
func PercentUp(fraction float64) string {
	percent, scale := 100*fraction, 10.0
	for percent > 0 && percent*scale < 1 && scale < 1e6 {
		scale *= 10
	}
	const noise = 1e-6 // of the fractions that floating-point numbers cannot have
	return strconv.FormatFloat(max(0, math.Ceil(percent*scale-noise))/scale, 'f', -1, 64) + " %"
}

// Cut shortens a text to at most a number of characters. The last one then shows
// that something is missing: "…".
func Cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return strings.TrimRight(string(runes[:most-1]), " ") + "…"
	}
	return text
}

// cells measures text as most terminals show it, whatever the locale is.
var cells = &runewidth.Condition{StrictEmojiNeutral: true}

// Width returns how many columns of a terminal s takes: two for most characters of
// East Asia and for emoji, none for marks on the character before.
func Width(s string) int { return cells.StringWidth(s) }

// Pad adds spaces to s up to a number of columns.
func Pad(s string, to int) string { return s + strings.Repeat(" ", max(0, to-Width(s))) }

// Wrap breaks text at white space into lines of at most width columns. The
// first line begins with first and the others with rest, which count towards
// the width. A word that is longer than a line is not broken.
func Wrap(text, first, rest string, width int) string {
	return WrapWords(strings.Fields(text), first, rest, width)
}

// WrapWords is like Wrap for text that is already split into words. A word may
// contain spaces; no line is broken there.
func WrapWords(words []string, first, rest string, width int) string {
	var out strings.Builder
	line, empty := first, true
	for _, word := range words {
		if !empty && Width(line)+1+Width(word) > width {
			out.WriteString(line + "\n")
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	out.WriteString(strings.TrimRight(line, " ") + "\n")
	return out.String()
}

// Quote returns word as a POSIX shell must read it. Characters that do not print, which
// would be lost on the way to the shell, are escaped in $'...' of POSIX.1-2024.
func Quote(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+"
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	if !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsPrint(r) }) && utf8.ValidString(word) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	quoted := ""
	for at := 0; at < len(word); {
		r, size := utf8.DecodeRuneInString(word[at:])
		switch {
		case r == '\'' || r == '\\':
			quoted += `\` + string(r)
		case unicode.IsPrint(r) && (r != utf8.RuneError || size > 1):
			quoted += string(r)
		default:
			for _, b := range []byte(word[at : at+size]) {
				quoted += fmt.Sprintf(`\%03o`, b)
			}
		}
		at += size
	}
	return "$'" + quoted + "'"
}

// QuoteAll returns words as one command line for a POSIX shell.
func QuoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = Quote(w)
	}
	return strings.Join(quoted, " ")
}
