package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
)

// addHelp gives a command and its subcommands their help.
func addHelp(root *cobra.Command) {
	help := newHelp()
	root.SetHelpCommand(help)
	root.AddCommand(help)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		out := c.OutOrStdout()
		_, _ = io.WriteString(out, manual.Help(c, screen.ProseWidth(out)))
	})
}

func newHelp() *cobra.Command {
	var markdown bool
	c := &cobra.Command{
		Use:   "help [COMMAND|TOPIC]",
		Short: "Print the help of a command, or a topic",
		Example: `  matrixrun help
  matrixrun help run
  matrixrun help verdicts
  matrixrun help manual --markdown`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return help(c, strings.Join(args, ""), markdown) },
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "print a topic as Markdown")
	return c
}

// help prints the help of a command, or a topic. The help of no name is that of
// the program.
func help(c *cobra.Command, name string, markdown bool) error {
	root, out := c.Root(), c.OutOrStdout()
	topic, isTopic := manual.FindTopic(name)
	switch {
	case isTopic:
		page := topic.Markdown(root)
		if !markdown {
			page = manual.Text(page, screen.ProseWidth(out))
		}
		_, err := io.WriteString(out, page)
		return err
	case markdown:
		return usage(c, fmt.Errorf("--markdown goes with a TOPIC"))
	case name == "":
		return root.Help()
	}
	names := commandNames(root)
	if i := slices.Index(names, name); i >= 0 {
		return manual.Commands(root)[i].Help()
	}
	for _, t := range manual.Topics {
		names = append(names, t.Name)
	}
	return usage(c, fmt.Errorf("there is no command or topic %q%s", name, didYouMean("%q", name, names)))
}

// commandNames lists the commands in the order of the help.
func commandNames(root *cobra.Command) (names []string) {
	for _, c := range manual.Commands(root) {
		names = append(names, c.Name())
	}
	return names
}
