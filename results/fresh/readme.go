package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// sections are the parts of documents that are generated from results. Each is
// between two comments with its name. now is the current text of the section.
var sections = []struct {
	file, name string
	make       func(k known, now string) (string, error)
}{
	{readme, "verdicts", verdicts},
	{readme, "patches", patchRanges},
	{published + "/" + readme, "forks", forkTable},
	{benchReadme, "costs", costs},
}

// readmes returns the documents with sections, with the sections generated.
func (t tree) readmes(k known) (made []document, err error) {
	for _, s := range sections {
		at := slices.IndexFunc(made, func(d document) bool { return d.file == s.file })
		if at < 0 {
			data, err := os.ReadFile(t.path(s.file))
			if err != nil {
				return nil, err
			}
			at = len(made)
			made = append(made, document{file: s.file, of: published + "/" + resultsFile, data: data})
		}
		begin, end := "<!-- "+s.name+" -->\n", "<!-- /"+s.name+" -->\n"
		before, rest, begins := strings.Cut(string(made[at].data), begin)
		now, after, ends := strings.Cut(rest, end)
		if !begins || !ends {
			return nil, fmt.Errorf("%s has no line %q, or no %q after it", s.file, strings.TrimSpace(begin), strings.TrimSpace(end))
		}
		text, err := s.make(k, now)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", s.file, s.name, err)
		}
		made[at].data = []byte(before + begin + text + end + after)
	}
	return made, nil
}

// column is the line width of the documents.
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

// cellsOf returns the cells of a Markdown table in a text, header first, and the
// number of the column with a name.
func cellsOf(now, column string) (rows [][]string, at int, err error) {
	for line := range strings.Lines(now) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "|")
		cells := strings.Split(strings.TrimSuffix(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !ok || strings.Trim(strings.Join(cells, ""), "-") == "" {
			continue
		}
		if rows = append(rows, cells); len(cells) != len(rows[0]) {
			return nil, 0, fmt.Errorf("its table has %d columns, but %d in the line of %s", len(rows[0]), len(cells), cells[0])
		}
	}
	if len(rows) > 0 {
		at = slices.Index(rows[0], column)
	}
	if len(rows) == 0 || at < 0 {
		return nil, 0, fmt.Errorf("want a table with a column %q", column)
	}
	return rows, at, nil
}

// thousands returns a number with thousands separators.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
