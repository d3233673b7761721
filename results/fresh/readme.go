package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// sections are the parts of README.md that are generated from results. Each is
// between two comments with its name. now is the current text of the section.
var sections = []struct {
	name string
	make func(k known, now string) (string, error)
}{
	{"verdicts", verdicts},
	{"forks", forkTable},
	{"patches", patchRanges},
	{"costs", costs},
}

// makeReadme returns README.md with the sections generated.
func (t tree) makeReadme(k known) ([]byte, error) {
	data, err := os.ReadFile(t.path(readme))
	if err != nil {
		return nil, err
	}
	text := string(data)
	for _, s := range sections {
		begin, end := "<!-- "+s.name+" -->\n", "<!-- /"+s.name+" -->\n"
		before, rest, begins := strings.Cut(text, begin)
		now, after, ends := strings.Cut(rest, end)
		if !begins || !ends {
			return nil, fmt.Errorf("%s has no line %q, or no %q after it", readme, strings.TrimSpace(begin), strings.TrimSpace(end))
		}
		made, err := s.make(k, now)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", readme, s.name, err)
		}
		text = before + begin + made + end + after
	}
	return []byte(text), nil
}

// column is the line width of README.md.
const column = 140

// wrap breaks a paragraph into lines, but not inside a range such as "v0.1.0 -
// v0.2.0".
func wrap(paragraph string) string {
	words := strings.Split(strings.ReplaceAll(paragraph, " - ", "\x00"), " ")
	for i, word := range words {
		words[i] = strings.ReplaceAll(word, "\x00", " - ")
	}
	return text.WrapWords(words, "", "", column)
}

// table returns a Markdown table with aligned columns.
func table(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var out strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			out.WriteString("| " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " ")
		}
		out.WriteString("|\n")
		if n == 0 {
			for _, width := range widths {
				out.WriteString("| " + strings.Repeat("-", width) + " ")
			}
			out.WriteString("|\n")
		}
	}
	return out.String()
}

// thousands returns a number with thousands separators.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
