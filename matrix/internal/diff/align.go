package diff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Bounds of an excerpt, in lines.
const (
	window  = 20  // shown around the first difference
	slack   = 10  // of the file, before and after the place that is nearest
	longest = 200 // of a hunk, that are compared
)

// excerpt shows what a hunk needs and what the file has, side by side in one list, where
// most lines of the hunk match in the function that it belongs to.
func (m message) excerpt(b *strings.Builder, h hunk, guess int) {
	f := m.function(h)
	at := min(m.nearest(h.before.lines, max(guess, 0), f.from, f.to), len(m.lines))
	if f.to > f.from && (at < f.from-slack || at > f.to) {
		at = f.from
	}
	start := max(0, f.from-slack, at-slack)
	end := min(len(m.lines), f.to+slack, at+len(h.before.lines)+slack, start+longest+2*slack)
	if f.wanted != "" && f.found == "" {
		start, end = max(0, at-slack), min(len(m.lines), at+len(h.before.lines)+slack)
	}
	fmt.Fprintf(b, "  %s:\n", f.caption())
	lines := aligned(h.before.lines[:min(len(h.before.lines), longest)], m.lines[start:end], start)
	display(b, lines)
	if at+len(h.before.lines) > len(m.lines) {
		fmt.Fprintf(b, "         its end, after line %d\n", len(m.lines))
	}
}

// A function is the lines of a file in which a hunk should apply.
type function struct {
	from, to int    // equal if the file does not have it
	wanted   string // its name by the hunk, empty if that does not say it; then the lines are those of the file
	found    string // its name in the file
}

// caption says what an excerpt shows.
func (f function) caption() string {
	const shown = "what the hunk needs (-) and the file has (+)"
	switch {
	case f.wanted == "":
		return shown
	case f.found == "":
		return "the file has no " + f.wanted + "; " + shown + " at the nearest place"
	case f.found != f.wanted:
		return "the file has no " + f.wanted + ", but " + f.found + "; " + shown
	default:
		return "in " + f.found + ", " + shown
	}
}

// function finds the function or type that a hunk changes; see named.
func (d *document) function(h hunk) function {
	heading, _ := h.function()
	f := function{wanted: declared(heading)}
	if f.wanted == "" {
		f.to = len(d.lines)
		return f
	}
	at := d.named(f.wanted)
	if at < 0 {
		return f
	}
	f.from, f.found = at, declared(d.lines[at])
	for f.to = f.from + 1; f.to < len(d.lines) && !isHeading(d.lines[f.to]); f.to++ {
	}
	return f
}

// An excerptLine is a line of an excerpt.
type excerptLine struct {
	mark   byte // ' ' for one that the hunk needs and the file has, '-' and '+' for one of them alone
	number int  // in the file; 0 for a line that it does not have
	text   string
}

// aligned lists the lines of a hunk and of a file in one order, the longest common
// subsequence once. Lines without letters count little: they are everywhere. Lines of the
// file before the first and after the last common line are left out. The first line of the
// file has the number first+1.
func aligned(want, have []string, first int) (list []excerptLine) {
	best := make([][]int, len(want)+1) // by what is left of both
	for i := range best {
		best[i] = make([]int, len(have)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(have) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if want[i] == have[j] {
				best[i][j] = max(best[i][j], best[i+1][j+1]+weight(want[i]))
			}
		}
	}
	i, j := 0, 0
	for i < len(want) || j < len(have) {
		switch {
		case i < len(want) && j < len(have) && want[i] == have[j] && best[i][j] == best[i+1][j+1]+weight(want[i]):
			list = append(list, excerptLine{' ', first + j + 1, have[j]})
			i, j = i+1, j+1
		case i < len(want) && (j == len(have) || best[i+1][j] >= best[i][j+1]):
			list = append(list, excerptLine{'-', 0, want[i]})
			i++
		default:
			list = append(list, excerptLine{'+', first + j + 1, have[j]})
			j++
		}
	}
	slide(list)
	return trimmed(list)
}

// slide moves common lines down to where the lines after them are common, too: of equal
// lines before the first with letters, the nearest to that belong to the hunk.
func slide(list []excerptLine) {
	first := slices.IndexFunc(list, func(l excerptLine) bool { return l.mark == ' ' && distinctive(l.text) })
	for at := first - 1; at >= 0; at-- {
		if list[at].mark != ' ' {
			continue
		}
		end := at + 1
		for end < len(list) && list[end].mark == '+' {
			end++
		}
		if last := end - 1; last > at && list[last].text == list[at].text {
			list[at].mark, list[last].mark = '+', ' '
		}
	}
}

// weight says how much it counts that a line is common.
func weight(line string) int { return 1 + 9*one(distinctive(line)) }

// trimmed leaves out the lines that only the file has before the first and after the last
// common line, apart from as many as the hunk has there in their place.
func trimmed(list []excerptLine) []excerptLine {
	common := func(s excerptLine) bool { return s.mark == ' ' }
	first := slices.IndexFunc(list, common)
	if first < 0 {
		minus, plus := sides(list)
		return append(minus, plus[:min(len(plus), max(len(minus), 1))]...)
	}
	last := len(list) - 1
	for !common(list[last]) {
		last--
	}
	minus, plus := sides(list[:first])
	out := slices.Concat(minus, plus[max(0, len(plus)-len(minus)):], list[first:last+1])
	minus, plus = sides(list[last+1:])
	return slices.Concat(out, minus, plus[:min(len(plus), len(minus))])
}

// sides returns the lines that only the hunk has, and those that only the file has.
func sides(list []excerptLine) (minus, plus []excerptLine) {
	for _, s := range list {
		if s.mark == '-' {
			minus = append(minus, s)
		} else {
			plus = append(plus, s)
		}
	}
	return minus, plus
}

// display writes the lines around the first difference.
func display(b *strings.Builder, list []excerptLine) {
	differs := slices.IndexFunc(list, func(s excerptLine) bool { return s.mark != ' ' })
	from := 0
	if len(list) > window {
		from = min(max(differs-window/2, 0), len(list)-window)
	}
	to := min(from+window, len(list))
	if from > 0 {
		fmt.Fprintf(b, "         %d more lines\n", from)
	}
	for _, s := range list[from:to] {
		number := ""
		if s.number > 0 {
			number = strconv.Itoa(s.number)
		}
		fmt.Fprintf(b, "  %c %5s|%s\n", s.mark, number, visible(strings.TrimSuffix(s.text, "\n")))
	}
	if rest := len(list) - to; rest > 0 {
		fmt.Fprintf(b, "         %d more lines\n", rest)
	}
}
