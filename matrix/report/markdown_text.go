package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape makes a text that came from outside show as itself in Markdown, a
// table's cell included, with as few backslashes as that takes: the file is
// also read as it is.
func escape(text string) string {
	runes := []rune(plain(text))
	var out strings.Builder
	for i, r := range runes {
		switch {
		case strings.ContainsRune("\\`*<[|~", r), r == '&' && i+1 < len(runes) && !unicode.IsSpace(runes[i+1]):
			out.WriteRune('\\')
		case r == '_' && !(i > 0 && letter(runes[i-1]) && i+1 < len(runes) && letter(runes[i+1])):
			out.WriteRune('\\') // within a word it emphasises nothing
		}
		out.WriteRune(r)
	}
	return out.String()
}

// grid writes a table of cells that are escaped already, the first row its
// header, in columns of one width each. Short rows are filled up.
func grid(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(text), 3)
		}
	}
	var out strings.Builder
	line := func(row []string) {
		for i, width := range widths {
			text := ""
			if i < len(row) {
				text = row[i]
			}
			out.WriteString("| " + pad(text, width) + " ")
		}
		out.WriteString("|\n")
	}
	// Columns stay as wide in the rule, which Markdown needs not but eyes do.
	line(rows[0])
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width)
	}
	line(rule)
	for _, row := range rows[1:] {
		line(row)
	}
	return out.String()
}
