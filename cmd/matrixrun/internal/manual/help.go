package manual

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// Groups are the commands as the help lists them: by what the user wants, and
// within a group by what comes first.
var Groups = []struct {
	Title    string
	Commands []string
}{
	{"Find out", []string{"run", "try", "check", "bisect", "plan", "merge"}},
	{"Patches", []string{"backport", "fork"}},
	{"Read results", []string{"report", "index", "diff", "show", "verify"}},
	{"Maintain", []string{"init", "lock", "cache", "schema", "completion", "man", "help"}},
}

// Commands returns the commands below root in the order of the help.
func Commands(root *cobra.Command) (commands []*cobra.Command) {
	for _, g := range Groups {
		commands = append(commands, inGroup(root, g.Commands)...)
	}
	return commands
}

// inGroup returns the commands with the given names, in that order.
func inGroup(root *cobra.Command, names []string) (commands []*cobra.Command) {
	for _, name := range names {
		i := slices.IndexFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == name })
		if i >= 0 {
			commands = append(commands, root.Commands()[i])
		}
	}
	return commands
}

// Help returns the help of a command, in lines of at most width characters: its
// page of the manual up to the first heading, its usage, its examples and its
// flags. The help of the root also lists all commands and topics.
func Help(c *cobra.Command, width int) string {
	c.InitDefaultHelpFlag() // as cobra does before it runs a command
	c.InitDefaultVersionFlag()
	var out strings.Builder
	intro, _, _ := strings.Cut(body(read("commands/"+c.Name())), "\n## ")
	out.WriteString(Text(intro, width))
	out.WriteString("\nUsage:\n  " + c.UseLine() + "\n")
	if !c.HasParent() {
		out.WriteString("  " + c.CommandPath() + " [command]\n" + list(c, width))
	}
	if c.HasExample() {
		out.WriteString("\nExamples:\n" + c.Example + "\n")
	}
	out.WriteString("\nFlags:\n" + c.LocalFlags().FlagUsagesWrapped(width))
	more := fmt.Sprintf("`%s help %s` describes the flags in full.", c.Root().Name(), whole)
	if !c.HasParent() {
		more = fmt.Sprintf("`%s help COMMAND` and `%[1]s help TOPIC` say more.", c.Name())
	}
	out.WriteString("\n" + text.Wrap(more, "", "", width))
	return out.String()
}

// list returns all commands by group, and all topics.
func list(root *cobra.Command, width int) string {
	var out strings.Builder
	entry := func(name, about string) {
		out.WriteString(text.Wrap(about, fmt.Sprintf("  %-13s", name), strings.Repeat(" ", 15), width))
	}
	for _, g := range Groups {
		out.WriteString("\n" + g.Title + ":\n")
		for _, c := range inGroup(root, g.Commands) {
			entry(c.Name(), c.Short)
		}
	}
	out.WriteString("\nTopics:\n")
	for _, t := range Topics {
		entry(t.Name, t.About)
	}
	return out.String()
}
