package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/complete"
)

// shells are the shells that can complete the command line, each with what
// writes its script.
var shells = []struct {
	name  string
	write func(root *cobra.Command, w io.Writer) error
}{
	{"bash", func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) }},
	{"zsh", func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) }},
	{"fish", func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }},
	{"powershell", func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) }},
}

func newCompletion() *cobra.Command {
	var names []cobra.Completion
	for _, s := range shells {
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that lets a shell complete the command line",
		Example: `  matrixrun completion bash > /etc/bash_completion.d/matrixrun
  matrixrun completion zsh > "${fpath[1]}/_matrixrun"
  matrixrun completion fish > ~/.config/fish/completions/matrixrun.fish
  matrixrun completion powershell >> $PROFILE`,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: names,
		RunE: func(c *cobra.Command, args []string) error {
			for _, s := range shells {
				if s.name != args[0] {
					continue
				}
				if err := s.write(c.Root(), c.OutOrStdout()); err != nil {
					return fmt.Errorf("printing the script for %s: %w", s.name, err)
				}
			}
			return nil
		},
	}
}

// addCompletions lets shells complete the commands below root.
func addCompletions(root *cobra.Command) {
	words := map[string][]cobra.Completion{"report": reportFormats.words(), "check": checkFormats.words(), "diff": diffFormats.words(), "bisect": bisectFormats.words(), "plan": shardFormats.words()}
	complete.Add(root, words)
}
