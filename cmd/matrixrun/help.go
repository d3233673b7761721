package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// groups are the commands as the help lists them: by what one wants, and then by
// what one does first.
var groups = []struct {
	title    string
	commands []string
}{
	{"Find out", []string{"run", "check", "plan", "merge"}},
	{"Patches", []string{"backport", "fork"}},
	{"Read results", []string{"report", "diff", "show"}},
	{"Maintain", []string{"lock", "cache", "schema", "completion", "man", "help"}},
}

// addHelp gives a command and its subcommands their help.
func addHelp(root *cobra.Command) {
	help := newHelp()
	root.SetHelpCommand(help)
	root.AddCommand(help)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		out := c.OutOrStdout()
		_, _ = io.WriteString(out, helpText(c, proseWidth(out)))
	})
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title + ":"})
		for _, c := range root.Commands() {
			if slices.Contains(g.commands, c.Name()) {
				c.GroupID = g.title
			}
		}
	}
}

func newHelp() *cobra.Command {
	var markdown bool
	c := &cobra.Command{
		Use:   "help [COMMAND|TOPIC]",
		Short: "Tell of a command, or of a topic",
		Long: `help tells of a command, as COMMAND --help does, or of a topic; without a word it lists
both. A topic is a section of the manual: "matrixrun help manual" prints all of it.

The topics:
` + topicList(),
		Example: `  matrixrun help
  matrixrun help run
  matrixrun help verdicts
  matrixrun help manual --markdown`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return tell(c, strings.Join(args, ""), markdown) },
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "print a topic as Markdown")
	return c
}

// tell prints the help of a command, or a topic.
func tell(c *cobra.Command, name string, markdown bool) error {
	out := c.OutOrStdout()
	t, isTopic := findTopic(name)
	switch {
	case isTopic && markdown:
		return t.markdown(out)
	case markdown:
		return usage(c, fmt.Errorf("--markdown goes with a TOPIC"))
	case isTopic:
		return t.text(out, proseWidth(out))
	case name == "":
		return c.Root().Help()
	}
	for _, known := range c.Root().Commands() {
		if known.Name() == name {
			return known.Help()
		}
	}
	return usage(c, fmt.Errorf("there is no command or topic %q%s", name, didYouMean("%q", name, append(commandNames(c.Root()), topicNames()...))))
}

// commandNames lists the commands of which the help tells, in its order.
func commandNames(root *cobra.Command) (names []string) {
	for _, g := range groups {
		for _, name := range g.commands {
			if c, _, err := root.Find([]string{name}); err == nil && c != root {
				names = append(names, name)
			}
		}
	}
	return names
}

func topicNames() (names []string) {
	for _, t := range topics {
		names = append(names, t.name)
	}
	return names
}

// topicList lists the topics, for the help.
func topicList() string {
	var out strings.Builder
	for _, t := range topics {
		fmt.Fprintf(&out, "  %-11s  %s\n", t.name, t.about)
	}
	return strings.TrimRight(out.String(), "\n")
}

// helpText is the help of a command in lines of at most so many characters.
func helpText(c *cobra.Command, width int) string {
	c.InitDefaultHelpFlag() // as running it would
	c.InitDefaultVersionFlag()
	var out strings.Builder
	out.WriteString(setProse(parseProse(c.Long), width))
	out.WriteString("\nUsage:\n")
	if c.Runnable() {
		out.WriteString("  " + c.UseLine() + "\n")
	}
	if c.HasAvailableSubCommands() {
		out.WriteString("  " + c.CommandPath() + " [command]\n")
		out.WriteString(groupText(c, width))
		out.WriteString("\nTopics:\n" + topicList() + "\n")
	}
	if c.HasExample() {
		out.WriteString("\nExamples:\n" + c.Example + "\n")
	}
	if flags := flagText(c.LocalFlags(), width); flags != "" {
		out.WriteString("\nFlags:\n" + flags)
	}
	if c.HasAvailableSubCommands() {
		out.WriteString("\n" + text.Wrap("`"+c.CommandPath()+" help COMMAND` and `"+c.CommandPath()+" help TOPIC` tell more.", "", "", width))
	}
	return out.String()
}

// groupText lists commands by group.
func groupText(root *cobra.Command, width int) string {
	var out strings.Builder
	for _, g := range groups {
		out.WriteString("\n" + g.title + ":\n")
		for _, name := range g.commands {
			if c, _, err := root.Find([]string{name}); err == nil && c != root {
				out.WriteString(text.Wrap(c.Short, fmt.Sprintf("  %-11s ", name), strings.Repeat(" ", 14), width))
			}
		}
	}
	return out.String()
}

// flagColumn is where the texts of flags begin.
const flagColumn = 22

// flagText lists flags, each with what it does; a long name has a line of its
// own.
func flagText(flags *pflag.FlagSet, width int) string {
	var out strings.Builder
	rest := strings.Repeat(" ", flagColumn)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name, line := flagName(f), flagUsage(f)
		if len(name)+2 > flagColumn {
			out.WriteString(name + "\n" + text.Wrap(line, rest, rest, width))
			return
		}
		out.WriteString(text.Wrap(line, fmt.Sprintf("%-*s", flagColumn, name), rest, width))
	})
	return out.String()
}

// flagName writes a flag with what it takes.
func flagName(f *pflag.Flag) string {
	name := "      --" + f.Name
	if f.Shorthand != "" {
		name = "  -" + f.Shorthand + ", --" + f.Name
	}
	if takes, _ := pflag.UnquoteUsage(f); takes != "" {
		name += " " + takes
	}
	return name
}

// flagUsage says what a flag does, and what holds without it. Where that depends
// on the machine its words say so, and no value follows them.
func flagUsage(f *pflag.Flag) string {
	_, text := pflag.UnquoteUsage(f)
	if strings.Contains(text, "by default") {
		return text
	}
	switch f.DefValue {
	case "", "[]", "false", "0":
		return text
	}
	return text + " (default " + f.DefValue + ")"
}
