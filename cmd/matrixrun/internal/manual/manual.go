// Package manual holds the manual of matrixrun, a Markdown file for each
// command and each topic, and lays it out for a screen or as man pages.
//
// The files use the part of Markdown that Go doc comments share: paragraphs,
// lists indented by two spaces, code indented by a tab, headings, and code
// spans.
package manual

import (
	"embed"
	"fmt"
	"go/doc/comment"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed commands/*.md topics/*.md
var files embed.FS

// A Topic is a part of the manual that is about no single command.
type Topic struct{ Name, About string }

// whole is the name of the topic that is the whole manual.
const whole = "manual"

// Topics are all topics, in the order in which a newcomer would read them.
var Topics = []Topic{
	{"words", "what every word means that has a special sense here"},
	{"suites", "how a question is asked: matrix.yaml, the reproduction, the lock"},
	{"example", "a whole suite: three paths of golang-jwt and a published range"},
	{"proof", "what a trial must prove to count, and a binary to be believed"},
	{"verdicts", "what the cells and rows of a table say, and how sure that is"},
	{"patches", "how a patch is written, found and applied, and what it is worth"},
	{"results", "results.json, and what else a run writes"},
	{"evidence", "the captures of what leaked, and how to look at them"},
	{"sources", "rows that are built from forks, folders and commits"},
	{"toolchains", "rows for further versions of Go, and the go line"},
	{"foreign-code", "what releases, forks and patches can do to this machine"},
	{"shards", "one run on several machines, such as the jobs of a workflow"},
	{"remote", "a record that several machines share"},
	{"workflows", "an action that checks a program or a patch; a run as several jobs"},
	{"exit-codes", "what 0, 1, 2 and 3 mean"},
	{"environment", "what is read and written; colours; the width of lines"},
	{whole, "all of it, with each command"},
}

// FindTopic returns the topic with a name.
func FindTopic(name string) (Topic, bool) {
	i := slices.IndexFunc(Topics, func(t Topic) bool { return t.Name == name })
	if i < 0 {
		return Topic{}, false
	}
	return Topics[i], true
}

// Markdown returns a topic as Markdown. The whole manual has the pages of all
// commands of root, and of all topics.
func (t Topic) Markdown(root *cobra.Command) string {
	if t.Name != whole {
		return read("topics/" + t.Name)
	}
	pages := []string{read("commands/" + root.Name())}
	for _, c := range Commands(root) {
		pages = append(pages, read("commands/"+c.Name())+examples(c))
	}
	for _, t := range Topics {
		if t.Name != whole {
			pages = append(pages, t.Markdown(root))
		}
	}
	return strings.Join(pages, "\n")
}

// examples returns the examples of a command as a section in Markdown, or ""
// if the command has none.
func examples(c *cobra.Command) string {
	if !c.HasExample() {
		return ""
	}
	return "\n## Examples\n\n" + strings.ReplaceAll("\n"+c.Example, "\n  ", "\n\t")[1:] + "\n"
}

// read returns a file of the manual. There is one for each command and topic.
func read(name string) string {
	data, err := files.ReadFile(name + ".md")
	if err != nil {
		panic(err)
	}
	return string(data)
}

// body returns a page without its title.
func body(page string) string {
	_, rest, _ := strings.Cut(page, "\n\n")
	return rest
}

// Text lays out Markdown for a screen, in lines of at most width characters.
// Code keeps its lines, because most of it is commands to copy.
func Text(markdown string, width int) string {
	// Words in brackets are arguments of commands here, not links.
	parser := comment.Parser{LookupPackage: func(string) (string, bool) { return "", false }}
	printer := comment.Printer{TextWidth: width, TextCodePrefix: "  "}
	var out strings.Builder
	var section comment.Doc
	flush := func() {
		out.Write(printer.Text(&section))
		section.Content = nil
	}
	for _, block := range parser.Parse(docComment(markdown)).Content {
		h, ok := block.(*comment.Heading)
		if !ok {
			section.Content = append(section.Content, block)
			continue
		}
		flush()
		if out.Len() > 0 {
			out.WriteString("\n")
		}
		out.WriteString(string(h.Text[0].(comment.Plain)) + "\n\n")
	}
	flush()
	return out.String()
}

// docComment returns Markdown as the text of a Go doc comment, which has no
// code spans and one level of headings. The titles of pages become upper case.
// The title of a command's page is its usage, which follows the command's name.
func docComment(markdown string) string {
	var out strings.Builder
	for line := range strings.Lines(markdown) {
		switch {
		case strings.HasPrefix(line, "# matrixrun "):
			line = fmt.Sprintf("# %s\n\n\t%s", strings.ToUpper(strings.Fields(line)[2]), line[2:])
		case strings.HasPrefix(line, "# "):
			line = strings.ToUpper(line)
		case strings.HasPrefix(line, "## "):
			line = line[1:]
		case !strings.HasPrefix(line, "\t"):
			line = strings.ReplaceAll(line, "`", "")
		}
		out.WriteString(line)
	}
	return out.String()
}
