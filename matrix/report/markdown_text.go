package report

import (
	"strings"
	"unicode"
)

// escape returns a text from outside so that Markdown shows it as it is, also in a
// table's cell. It adds as few backslashes as possible, for those who read the file
// itself.
func escape(text string) string {
	runes := []rune(plain(text))
	var out strings.Builder
	for i, r := range runes {
		switch {
		case strings.ContainsRune("\\`*<[|~", r), r == '&' && i+1 < len(runes) && !unicode.IsSpace(runes[i+1]):
			out.WriteRune('\\')
		case r == '_' && !(i > 0 && letter(runes[i-1]) && i+1 < len(runes) && letter(runes[i+1])):
			out.WriteRune('\\') // inside a word it emphasises nothing
		}
		out.WriteRune(r)
	}
	return out.String()
}

// code is escape for a sentence with commands between backquotes, which stay code.
func code(text string) string {
	parts := strings.Split(plain(text), "`")
	for i := range parts {
		if i%2 == 0 {
			parts[i] = escape(parts[i])
		}
	}
	// escape removes the blanks around code, so they are added again here.
	for i := 1; i < len(parts); i += 2 {
		parts[i] = " `" + parts[i] + "` "
	}
	return strings.NewReplacer("` ;", "`;", "` ,", "`,").Replace(strings.Join(strings.Fields(strings.Join(parts, "")), " "))
}

// grid writes a table of cells that are escaped already, its first row as the
// header. Every column has one width, for those who read the file itself; short
// rows get empty cells.
func grid(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], columns(text), 3)
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
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width)
	}
	line(rows[0])
	line(rule)
	for _, row := range rows[1:] {
		line(row)
	}
	return out.String()
}
