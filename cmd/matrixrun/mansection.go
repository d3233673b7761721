package main

import (
	"go/doc/comment"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
)

// commandSection returns what the manual tells of a command apart from its
// examples, and apart from that what it tells of flags, by their names. The
// section of a command is the one that says how it is used; nil where there is
// none.
func commandSection(c *cobra.Command) (blocks []comment.Block, flags map[string]string) {
	usage := c.Root().Name() + " " + c.Use + "\n"
	for _, s := range readManual() {
		i := slices.IndexFunc(s.blocks, func(b comment.Block) bool { return codeOf(b) == usage })
		if i < 0 {
			continue
		}
		blocks, flags = withoutFlags(s.blocks[i+1:])
		return withSubject(blocks, c.CommandPath()), flags
	}
	return nil, nil
}

// codeOf is the text of lines that stand in, and empty for other blocks.
func codeOf(b comment.Block) string {
	if code, ok := b.(*comment.Code); ok {
		return code.Text
	}
	return ""
}

// flagEntry is a line that tells of a flag, in a list of them.
var flagEntry = regexp.MustCompile(`^(?:-[a-z], )?--([a-z-]+)(?: [^ ]+)?(?: {2,}(.*))?$`)

// withoutFlags takes lists of flags, and examples, out of blocks, with the words
// that lead to them.
func withoutFlags(all []comment.Block) (blocks []comment.Block, flags map[string]string) {
	flags = map[string]string{}
	for _, b := range all {
		code := codeOf(b)
		isList := flagEntry.MatchString(strings.SplitN(code, "\n", 2)[0])
		if !isList && !strings.HasPrefix(code, "matrixrun ") {
			blocks = append(blocks, b)
			continue
		}
		if isList {
			readFlags(code, flags)
		}
		if n := len(blocks); isList && n > 0 {
			if p, ok := blocks[n-1].(*comment.Paragraph); ok && strings.HasSuffix(plainText(p.Text), ":") {
				blocks = blocks[:n-1]
			}
		}
	}
	return blocks, flags
}

// readFlags reads a list of flags.
func readFlags(code string, into map[string]string) {
	name := ""
	for line := range strings.Lines(code) {
		line = strings.TrimRight(line, "\n")
		if found := flagEntry.FindStringSubmatch(line); found != nil {
			name, into[found[1]] = found[1], found[2]
		} else if name != "" {
			into[name] = strings.TrimSpace(into[name] + " " + strings.TrimSpace(line))
		}
	}
}

// withSubject completes a first sentence that goes on from the line which says
// how the command is used.
func withSubject(blocks []comment.Block, command string) []comment.Block {
	if len(blocks) == 0 {
		return blocks
	}
	p, ok := blocks[0].(*comment.Paragraph)
	if text := plainTextOf(p); ok && text != "" && unicode.IsLower([]rune(text)[0]) {
		first := &comment.Paragraph{Text: append([]comment.Text{comment.Plain(command + " ")}, p.Text...)}
		return append([]comment.Block{first}, blocks[1:]...)
	}
	return blocks
}

func plainTextOf(p *comment.Paragraph) string {
	if p == nil {
		return ""
	}
	return plainText(p.Text)
}
