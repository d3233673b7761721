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
	from, to, name := m.function(h)
	at := min(m.nearest(h.before.lines, max(guess, 0), from, to), len(m.lines))
	if to > from && (at < from-slack || at > to) {
		at = from
	}
	start := max(0, from-slack, at-slack)
	end := min(len(m.lines), to+slack, at+len(h.before.lines)+slack, start+longest+2*slack)
	switch {
	case name != "" && to > from:
		fmt.Fprintf(b, "  in %s, what the hunk needs (-) and the file has (+):\n", name)
	case name != "":
		fmt.Fprintf(b, "  the file has no %s; what the hunk needs (-) and the file has (+) at the nearest place:\n", name)
		start, end = max(0, at-slack), min(len(m.lines), at+len(h.before.lines)+slack)
	default:
		b.WriteString("  what the hunk needs (-) and the file has (+):\n")
	}
	lines := aligned(h.before.lines[:min(len(h.before.lines), longest)], m.lines[start:end], start)
	display(b, lines)
	if at+len(h.before.lines) > len(m.lines) {
		fmt.Fprintf(b, "         its end, after line %d\n", len(m.lines))
	}
}

// function returns the lines of the function or type that a hunk changes, and its name. The
// name is empty if the hunk does not say it, and then the lines are those of the file. If
// the file does not have it, from and to are equal.
func (d *document) function(h hunk) (from, to int, name string) {
	heading, _ := h.function()
	if name = declared(heading); name == "" {
		return 0, len(d.lines), ""
	}
	same := func(line string) bool { return isHeading(line) && sameDeclaration(heading, line) }
	if from = slices.IndexFunc(d.lines, same); from < 0 {
		return 0, 0, name
	}
	to = from + 1
	for to < len(d.lines) && !isHeading(d.lines[to]) {
		to++
	}
	return from, to, name
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
