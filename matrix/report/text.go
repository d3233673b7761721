package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// width is how many characters a line of prose has at most.
const width = 100

// plain returns a text from outside as one harmless line: what a compiler or a
// reproduction wrote must not move the cursor, change the reading direction or
// begin a line of its own.
func plain(s string) string { return text.Line(s) }

// inLines returns a text from outside as harmless lines, with their indentation:
// the output of a compiler, for instance.
func inLines(s string) string { return text.Lines(s) }

// emit writes a report that is text. Every such report leaves through here, so that
// none has a line that a terminal or a CI system takes for a command.
func emit(w io.Writer, report string) error {
	_, err := io.WriteString(w, text.Harmless(report))
	return err
}

// show is emit for a screen, which may have colours.
func (s Screen) show(w io.Writer, report string) error {
	if !s.Color {
		return emit(w, report)
	}
	_, err := io.WriteString(w, text.HarmlessColored(report))
	return err
}

// emitMarkup is emit for XML.
func emitMarkup(w io.Writer, report string) error {
	_, err := io.WriteString(w, text.HarmlessMarkup(report))
	return err
}

// verbatim is plain for a line whose blanks matter.
func verbatim(line string) string {
	line = strings.TrimRight(strings.ReplaceAll(line, "\t", "    "), "\r\n")
	fields := strings.Split(line, " ") // plain would fold the blanks between them
	for i, f := range fields {
		fields[i] = plain(f)
	}
	return strings.Join(fields, " ")
}

// wrap breaks a text into lines of at most width characters. The first line begins
// with first and the others with rest; both count.
func wrap(text, first, rest string) string { return fill(words(text), first, rest) }

// fill is wrap for a text that is split into words already.
func fill(words []string, first, rest string) string {
	return text.WrapWords(words, first, rest, width)
}

// words splits a text where a line may be broken: not inside a range or a count in
// brackets, and not before a sign on its own or a number with a dot, which Markdown
// takes for a list or a heading at the beginning of a line.
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

// unbroken is words for a text with commands between backquotes. It does not split
// them, so that they can be copied.
func unbroken(text string) []string {
	var out []string
	open := false
	for _, word := range words(text) {
		if open {
			out[len(out)-1] += " " + word
		} else {
			out = append(out, word)
		}
		open = open != (strings.Count(word, "`")%2 == 1)
	}
	return out
}

// sign reports whether a word has neither a letter nor a digit.
func sign(word string) bool { return !strings.ContainsFunc(word, letter) }

// numeral reports whether a word would number an item of a list.
func numeral(word string) bool {
	bare := strings.TrimRight(word, ".)")
	return bare != word && digits(bare)
}

// digits reports whether a text has no other characters than digits.
func digits(text string) bool { return strings.Trim(text, "0123456789") == "" }

// letter reports whether r is a letter or a digit.
func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// pad adds spaces to a text up to a number of columns.
func pad(s string, to int) string { return text.Pad(s, to) }

// columns returns how many columns of a terminal a text takes.
func columns(s string) int { return text.Width(s) }

// Between writes a range of numbers of things: "9 - 10 trials".
func Between(bounds [2]int, thing string) string {
	if bounds[0] == bounds[1] {
		return text.Count(bounds[0], thing)
	}
	return fmt.Sprintf("%d - %s", bounds[0], text.Count(bounds[1], thing))
}

// are says that there are n of something: "1 row is", "2 rows are".
func are(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return text.Count(n, noun) + " are"
}

// mostAlike is how many rows a sentence names whose findings are the same.
const mostAlike = 4

// texts returns the sentences of findings. Those of rows that differ in the row's name alone
// are one sentence: dozens of them would hide the others. Where it names its row again, as in
// the flags of a command, it has all of their names.
func texts(findings []matrix.Finding) []string {
	const name = "\x00"
	type alike struct {
		what string
		rows []string
	}
	var all []alike
	for _, f := range findings {
		what, ok := strings.CutPrefix(f.Text, f.Row+": ")
		if !ok { // it has the names of several rows already
			all = append(all, alike{what: f.Text})
			continue
		}
		what = strings.ReplaceAll(what, f.Row, name)
		i := slices.IndexFunc(all, func(a alike) bool { return a.rows != nil && a.what == what })
		if i < 0 {
			i, all = len(all), append(all, alike{what: what})
		}
		all[i].rows = append(all[i].rows, f.Row)
	}
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = a.what
		if a.rows != nil {
			out[i] = text.Some(a.rows, mostAlike) + ": " + strings.ReplaceAll(ofThem(a.what, len(a.rows)), name, strings.Join(a.rows, ","))
		}
	}
	return out
}

// ofThem makes a sentence about one row one about n rows.
func ofThem(what string, n int) string {
	for _, verb := range [][2]string{{"it does ", "they do "}, {"it is ", "they are "}, {"it was ", "they were "}} {
		if rest, ok := strings.CutPrefix(what, verb[0]); ok && n > 1 {
			return verb[1] + rest
		}
	}
	return what
}

// Numbers writes the verdict of a cell with its numbers: "leak (stream), 10 of 10
// proven trials leaked". Every report says it in these words.
func Numbers(c *matrix.Cell, w matrix.Words) string {
	out := w.Name(c.Verdict)
	if harm := w.Harm(c.Severity).Name; harm != "" {
		out += fmt.Sprintf(" (%s)", harm)
	}
	if c.Verdict != matrix.VerdictUnsupported {
		out += fmt.Sprintf(", %d of %s %s", c.Leaks, text.Count(c.Trials, "proven trial"), w.Leak.Past)
	}
	if c.Inconclusive > 0 {
		out += fmt.Sprintf(", %d inconclusive", c.Inconclusive)
	}
	if c.Interval != nil {
		out += ", " + Sure(c)
	}
	if c.Differs() {
		out += fmt.Sprintf("; %s is expected", w.Name(c.Expected))
	}
	return out
}

// Sure says how sure the rate of a cell is, which has an interval. For a clean cell that
// is what it excludes: "excludes more than 0.5 %, 95 % interval".
func Sure(c *matrix.Cell) string {
	if c.Verdict == matrix.VerdictClean {
		return fmt.Sprintf("excludes more than %s, 95 %% interval", text.PercentUp(c.Interval[1]))
	}
	return "95 % interval " + Bounds(c)
}

// Bounds returns the interval of a cell that has one: "99.5 - 100.0 %".
func Bounds(c *matrix.Cell) string {
	return fmt.Sprintf("%.1f - %.1f %%", 100*c.Interval[0], 100*c.Interval[1])
}

// Part names what a sighting is about, if it is about a part of something, or all of it.
func Part(s matrix.Sighting, w matrix.Words) string {
	if s.Stream == nil {
		return ""
	}
	return w.Place(*s.Stream)
}

// Code writes the error code of a sighting that has one: "code 7".
func Code(s matrix.Sighting) string {
	if s.Code == nil {
		return ""
	}
	return fmt.Sprintf("code %d", *s.Code)
}

// writeJSON writes a value as one indented document.
func writeJSON(w io.Writer, v any) error { return text.WriteJSON(w, v, true) }
