package main

import (
	"bytes"
	"fmt"
	"go/doc/comment"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A roff is a man page that is being written, in the macros of man(7), which
// every system's man reads.
type roff struct{ out bytes.Buffer }

// newRoff opens a page. The date may be empty.
func newRoff(name string, section int, date string) *roff {
	r := &roff{}
	fmt.Fprintf(&r.out, ".TH %s %d %q matrixrun\n", strings.ToUpper(escapeRoff(name)), section, date)
	r.line(".nh\n.ad l") // commands and versions are not to be hyphenated or spread
	return r
}

func (r *roff) bytes() []byte { return r.out.Bytes() }

// line writes what is roff already.
func (r *roff) line(text string) { r.out.WriteString(text + "\n") }

func (r *roff) section(title string) { r.line(".SH " + strings.ToUpper(escapeRoff(title))) }

// paragraph begins a paragraph. The first one below a heading begins by itself.
func (r *roff) paragraph() {
	lines := bytes.Split(bytes.TrimRight(r.out.Bytes(), "\n"), []byte("\n"))
	if !bytes.HasPrefix(lines[len(lines)-1], []byte(".SH ")) {
		r.line(".PP")
	}
}

// item writes an entry of a list, whose name is roff already.
func (r *roff) item(name, text string) {
	r.line(".TP\n" + name)
	r.line(textLine(text))
}

// code writes lines as they are.
func (r *roff) code(text string) {
	r.paragraph()
	r.line(".RS 4\n.nf")
	for line := range strings.Lines(text) {
		r.line(textLine(strings.TrimRight(line, "\n")))
	}
	r.line(".fi\n.RE")
}

// blocks writes prose. The first paragraph of a list's item is that item.
func (r *roff) blocks(blocks []comment.Block, inItem bool) {
	for i, b := range blocks {
		switch b := b.(type) {
		case *comment.Paragraph:
			if i > 0 || !inItem {
				r.paragraph()
			}
			for line := range strings.Lines(plainText(b.Text)) {
				r.line(textLine(strings.TrimRight(line, "\n")))
			}
		case *comment.Code:
			r.code(b.Text)
		case *comment.List:
			r.list(b)
		}
	}
}

// list writes a list, whose items have a paragraph each.
func (r *roff) list(l *comment.List) {
	for _, item := range l.Items {
		mark := `\(bu`
		if item.Number != "" {
			mark = item.Number + "."
		}
		r.line(".IP " + mark + " 4")
		r.blocks(item.Content, true)
	}
}

// flags writes an entry for each flag, with what is told of it elsewhere, or else
// its own words.
func (r *roff) flags(flags *pflag.FlagSet, told map[string]string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		text := flagUsage(f)
		if fuller := told[f.Name]; len(fuller) > len(text) {
			text = fuller
		}
		name, takes, _ := strings.Cut(strings.TrimSpace(flagName(f)), "--"+f.Name)
		line := bold(name + "--" + f.Name)
		if takes = strings.TrimSpace(takes); takes != "" {
			line += ` \fI` + escapeRoff(takes) + `\fR`
		}
		r.item(line, text)
	})
}

// exitStatus writes the table of exit codes.
func (r *roff) exitStatus() {
	if s, ok := findSection("Exit codes"); ok {
		r.section("Exit status")
		r.blocks(s.blocks, false)
	}
}

// seeAlso names all other pages.
func (r *roff) seeAlso(root *cobra.Command, but string) {
	all := []string{bold(root.Name()) + "(1)"}
	for _, name := range commandNames(root) {
		if name != but {
			all = append(all, bold(root.Name()+"-"+name)+"(1)")
		}
	}
	for _, t := range topics {
		if t.name != but && t.heading != "" {
			all = append(all, bold(root.Name()+"-"+t.name)+"(7)")
		}
	}
	r.section("See also")
	r.line(strings.Join(all, ",\n"))
}

func bold(text string) string { return `\fB` + escapeRoff(text) + `\fR` }

// textLine makes a line of text of which no part is a request: those begin with
// a dot or an apostrophe.
func textLine(text string) string {
	text = escapeRoff(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

// escapes are the characters that mean something to roff, or that it would turn
// into nicer ones, which nobody could copy to a shell.
var escapes = strings.NewReplacer(
	`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`, `"`, `\(dq`,
)

// escapeRoff writes a text so that it is printed as it stands.
func escapeRoff(text string) string {
	var out strings.Builder
	for _, c := range escapes.Replace(text) {
		if c < utf8.RuneSelf {
			out.WriteRune(c)
		} else {
			fmt.Fprintf(&out, `\[u%04X]`, c)
		}
	}
	return out.String()
}

// lowerFirst writes the beginning of a sentence as its middle.
func lowerFirst(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}

// dedent takes the blanks away that all examples begin with.
func dedent(text string) string {
	return strings.ReplaceAll(strings.TrimPrefix(text, "  "), "\n  ", "\n")
}
