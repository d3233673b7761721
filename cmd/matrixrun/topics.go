package main

import (
	"fmt"
	"go/doc/comment"
	"io"
	"strings"
)

// A topic is a part of the manual that is about no single command.
type topic struct {
	name    string
	heading string // of its section; empty for the whole manual
	about   string
}

// topics are what matrixrun help tells of beside the commands, in the order in
// which a newcomer would read them.
var topics = []topic{
	{"suites", "Suites", "how a question is asked: matrix.yaml, the reproduction, the lock"},
	{"proof", "Proof", "what a trial must prove to count, and a binary to be believed"},
	{"verdicts", "Verdicts", "what the cells and rows of a table say, and how sure that is"},
	{"patches", "Patches", "how a patch is written, found and applied, and what it is worth"},
	{"results", "Results", "results.json, and what else a run writes"},
	{"evidence", "Evidence", "the captures of what leaked, and how to look at them"},
	{"shards", "Shards", "one run on several machines, such as the jobs of a workflow"},
	{"exit-codes", "Exit codes", "what 0, 1, 2 and 3 mean"},
	{"environment", "Files and environment", "what is read and written; colours; the width of lines"},
	{"manual", "", "all of it, with each command"},
}

// findTopic returns the topic of a name.
func findTopic(name string) (topic, bool) {
	for _, t := range topics {
		if t.name == name {
			return t, true
		}
	}
	return topic{}, false
}

// sections are what a topic is made of. That its heading is there is held by a
// test.
func (t topic) sections() []section {
	if t.heading == "" {
		return readManual()
	}
	s, _ := findSection(t.heading)
	return []section{s}
}

// text prints a topic for a screen.
func (t topic) text(w io.Writer, width int) error {
	var out strings.Builder
	for i, s := range t.sections() {
		if i > 0 {
			out.WriteString("\n")
		}
		if s.title != "" {
			out.WriteString(strings.ToUpper(s.title) + "\n\n")
		}
		out.WriteString(setProse(s.blocks, width))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// markdown prints a topic for the web.
func (t topic) markdown(w io.Writer) error {
	p := comment.Printer{HeadingLevel: 1, HeadingID: func(*comment.Heading) string { return "" }}
	for i, s := range t.sections() {
		title := s.title
		if title == "" {
			title = "matrixrun"
		}
		blocks := append([]comment.Block{&comment.Heading{Text: []comment.Text{comment.Plain(title)}}}, s.blocks...)
		if i > 0 {
			fmt.Fprintln(w)
		}
		if _, err := w.Write(p.Markdown(&comment.Doc{Content: blocks})); err != nil {
			return err
		}
	}
	return nil
}
