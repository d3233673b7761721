package text

import "strings"

// Table writes a Markdown table of cells that are escaped already, its first row as the
// header. Every column has one width, for those who read the file itself; short rows get
// empty cells.
func Table(rows [][]string) string {
	rule := make([]string, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			rule[i] = strings.Repeat("-", max(len(rule[i]), Width(cell), 3))
		}
	}
	var out strings.Builder
	line := func(row []string) {
		for i := range rule {
			cell := ""
			if i < len(row) {
				cell = row[i]
			}
			out.WriteString("| " + Pad(cell, len(rule[i])) + " ")
		}
		out.WriteString("|\n")
	}
	line(rows[0])
	line(rule)
	for _, row := range rows[1:] {
		line(row)
	}
	return out.String()
}
