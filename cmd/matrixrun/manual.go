package main

import (
	_ "embed" // for the manual
	"go/doc/comment"
	"strings"
	"sync"
)

// The manual is the comment of this package. It is written once: what the
// topics of matrixrun help and the man pages tell comes from there too.
//
//go:embed doc.go
var manualSource string

// A section is a part of the manual below a heading of its own; the first one,
// the introduction, has none.
type section struct {
	title  string
	blocks []comment.Block
}

// readManual returns the manual in sections.
var readManual = sync.OnceValue(func() []section {
	var text strings.Builder
	for line := range strings.Lines(manualSource) {
		rest, ok := strings.CutPrefix(line, "//")
		if !ok {
			break
		}
		text.WriteString(strings.TrimPrefix(rest, " "))
	}
	sections := []section{{}}
	for _, block := range parseProse(text.String()) {
		if h, ok := block.(*comment.Heading); ok {
			sections = append(sections, section{title: plainText(h.Text)})
			continue
		}
		last := &sections[len(sections)-1]
		last.blocks = append(last.blocks, block)
	}
	return sections
})

// parseProse reads a text that is laid out as Go's doc comments are: paragraphs,
// lists, and lines that stand in, which stay as they are.
func parseProse(text string) []comment.Block {
	// Words in brackets are what commands take here, and no links.
	noPackage := func(string) (string, bool) { return "", false }
	return (&comment.Parser{LookupPackage: noPackage}).Parse(text).Content
}

// plainText is a text without its markup.
func plainText(text []comment.Text) string {
	var out strings.Builder
	for _, t := range text {
		switch t := t.(type) {
		case comment.Plain:
			out.WriteString(string(t))
		case comment.Italic:
			out.WriteString(string(t))
		case *comment.Link:
			out.WriteString(plainText(t.Text))
		case *comment.DocLink:
			out.WriteString(plainText(t.Text))
		}
	}
	return out.String()
}

// findSection returns the section with a title.
func findSection(title string) (section, bool) {
	for _, s := range readManual() {
		if s.title == title {
			return s, true
		}
	}
	return section{}, false
}

// setProse sets blocks in lines of at most so many characters. Lines that stand
// in are not broken: most of them are commands to copy.
func setProse(blocks []comment.Block, width int) string {
	p := comment.Printer{TextWidth: width, TextCodePrefix: "  "}
	return string(p.Text(&comment.Doc{Content: blocks}))
}
