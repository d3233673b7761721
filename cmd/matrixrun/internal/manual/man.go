package manual

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
)

// A Page is a man page.
type Page struct {
	Name    string // such as "matrixrun-run"
	Section int
	Text    []byte // in the macros of man(7)
}

// File returns the page's slash-separated path below a folder such as
// /usr/share/man.
func (p Page) File() string { return fmt.Sprintf("man%d/%s.%[1]d", p.Section, p.Name) }

// Pages returns the man pages of root, its commands and all topics, in the order
// of the help. The date may be empty.
func Pages(root *cobra.Command, date string) []Page {
	intro := read("commands/" + root.Name())
	pages := []Page{page(root, root.Name(), 1, date, root.Short,
		"## Synopsis\n\n`"+root.Name()+" COMMAND [ARGUMENTS] [FLAGS]`\n\n## Description\n\n"+body(intro)+exitStatus())}
	for _, c := range Commands(root) {
		pages = append(pages, page(root, root.Name()+"-"+c.Name(), 1, date, c.Short,
			"## Synopsis\n\n`"+root.Name()+" "+c.Use+" [FLAGS]`\n\n## Description\n\n"+body(read("commands/"+c.Name()))+examples(c)+exitStatus()))
	}
	for _, t := range Topics {
		if t.Name != whole {
			pages = append(pages, page(root, root.Name()+"-"+t.Name, 7, date, t.About, "## Description\n\n"+body(t.Markdown(root))))
		}
	}
	return pages
}

// exitStatus returns the topic of exit codes as a section in Markdown.
func exitStatus() string { return "\n## Exit status\n\n" + body(read("topics/exit-codes")) }

// heading matches a section's heading in Markdown.
var heading = regexp.MustCompile(`(?m)^## .*$`)

// page makes a man page: its name with what it is about, sections in Markdown,
// and the names of the other pages.
func page(root *cobra.Command, name string, section int, date, about, sections string) Page {
	markdown := fmt.Sprintf("# %s %d %q matrixrun\n\n## Name\n\n%s - %s\n\n%s\n## See also\n\n%s\n",
		strings.ToUpper(name), section, date, name, lowerFirst(about), sections, seeAlso(root, name))
	roff := md2man.Render([]byte(heading.ReplaceAllStringFunc(markdown, strings.ToUpper)))
	return Page{name, section, copyable(string(roff))}
}

// seeAlso returns the names of all pages but one, in Markdown.
func seeAlso(root *cobra.Command, but string) string {
	var names []string
	add := func(name string, section int) {
		if name != but {
			names = append(names, fmt.Sprintf("**%s**(%d)", name, section))
		}
	}
	add(root.Name(), 1)
	for _, c := range Commands(root) {
		add(root.Name()+"-"+c.Name(), 1)
	}
	for _, t := range Topics {
		if t.Name != whole {
			add(root.Name()+"-"+t.Name, 7)
		}
	}
	return strings.Join(names, ",\n")
}

// glyphs are the characters that roff would print as typographic ones, which
// nobody can paste into a shell. Escapes of md2man stay.
var glyphs = strings.NewReplacer(
	`\\`, `\e`, `\-`, `\-`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`,
)

// layout replaces lines of md2man. It indents code, and drops a request to break no
// word: .TH would undo it.
var layout = map[string]string{".nh\n": "", ".EX\n": ".PP\n.RS 4\n.EX\n", ".EE\n": ".EE\n.RE\n"}

// copyable returns a page whose text can be copied to a shell, in ASCII, and
// without the blank lines that md2man leaves between paragraphs.
func copyable(roff string) []byte {
	var out strings.Builder
	inCode, afterHeading := false, false
	for line := range strings.Lines(roff) {
		macros, isLayout := layout[line]
		switch {
		case isLayout:
			inCode = line == ".EX\n"
			line = macros
			if afterHeading {
				line = strings.TrimPrefix(line, ".PP\n") // a heading begins a paragraph
			}
		case line == "\n" && !inCode:
			continue
		case strings.HasPrefix(line, ".TH "):
			line += ".nr HY 0\n.nh\n.ad l\n" // break no word, and leave the right margin ragged
		case !strings.HasPrefix(line, "."):
			line = glyphs.Replace(line)
		}
		afterHeading = strings.HasPrefix(line, ".SH ")
		for _, r := range line {
			if r <= unicode.MaxASCII {
				out.WriteRune(r)
			} else {
				fmt.Fprintf(&out, `\[u%04X]`, r)
			}
		}
	}
	return []byte(out.String())
}

// lowerFirst returns the beginning of a sentence as its middle.
func lowerFirst(sentence string) string { return strings.ToLower(sentence[:1]) + sentence[1:] }
