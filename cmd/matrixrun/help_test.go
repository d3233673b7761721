package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
)

// TestHelpFits checks that help is no wider than the screen, and that each
// command has an example.
func TestHelpFits(t *testing.T) {
	for _, width := range []int{screen.UsualWidth, screen.MaxProse} {
		texts := map[string]string{}
		for _, c := range append(subcommands(), newRoot()) {
			texts[c.Name()+" --help"] = manual.Help(c, width)
			if c.HasParent() && !c.HasExample() {
				t.Errorf("%s --help has no example", c.Name())
			}
		}
		for _, topic := range manual.Topics {
			texts["help "+topic.Name] = manual.Text(topic.Markdown(newRoot()), width)
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

// TestHelpListsAll checks that the help lists each command once, and that no
// topic has the name of a command.
func TestHelpListsAll(t *testing.T) {
	listed := map[string]int{}
	for _, name := range commandNames(newRoot()) {
		listed[name]++
	}
	for _, c := range subcommands() {
		if listed[c.Name()] != 1 {
			t.Errorf("%s is in %d groups of the help, want 1: see manual.Groups", c.Name(), listed[c.Name()])
		}
		if _, ok := manual.FindTopic(c.Name()); ok {
			t.Errorf("%s is a command and a topic", c.Name())
		}
	}
}
