package main

import (
	"bytes"
	"go/doc/comment"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// TestHelpFits holds what is printed for people to the width of their screens,
// and that no command is without an example.
func TestHelpFits(t *testing.T) {
	for _, width := range []int{usualLine, longLine} {
		texts := map[string]string{}
		for _, c := range append(subcommands(), newRoot()) {
			texts[c.Name()+" --help"] = helpText(c, width)
			if c.HasParent() && !c.HasExample() {
				t.Errorf("%s --help has no example", c.Name())
			}
		}
		for _, topic := range topics {
			var out bytes.Buffer
			if err := topic.text(&out, width); err != nil {
				t.Fatal(err)
			}
			texts["help "+topic.name] = out.String()
		}
		for place, text := range texts {
			for line := range strings.Lines(text) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width {
					t.Errorf("matrixrun %s: a line has %d characters, the screen %d:\n%s", place, n, width, line)
				}
			}
		}
	}
}

// TestHelpListsAll holds that each command is in one group, and no other word.
func TestHelpListsAll(t *testing.T) {
	listed := map[string]int{}
	for _, g := range groups {
		for _, name := range g.commands {
			listed[name]++
		}
	}
	for _, c := range subcommands() {
		if listed[c.Name()] != 1 || c.GroupID == "" {
			t.Errorf("%s is in %d groups of the help, want 1: see groups", c.Name(), listed[c.Name()])
		}
		if _, ok := findTopic(c.Name()); ok {
			t.Errorf("%s is a command and a topic", c.Name())
		}
	}
}

// TestManualIsReachable holds that no part of the manual is told by the whole of
// it alone: each section is a topic, or says how a command is used.
func TestManualIsReachable(t *testing.T) {
	for _, topic := range topics {
		for _, s := range topic.sections() {
			if len(s.blocks) == 0 {
				t.Errorf("topic %s: the manual has no section %q", topic.name, topic.heading)
			}
		}
	}
	for _, s := range readManual()[1:] {
		isTopic := slices.ContainsFunc(topics, func(t topic) bool { return t.heading == s.title })
		isCommand := slices.ContainsFunc(subcommands(), func(c *cobra.Command) bool {
			return slices.ContainsFunc(s.blocks, func(b comment.Block) bool { return codeOf(b) == "matrixrun "+c.Use+"\n" })
		})
		if !isTopic && !isCommand {
			t.Errorf("the section %q of the manual is no topic, and of no command", s.title)
		}
	}
}
