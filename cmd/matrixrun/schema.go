package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/matrix"
	schemas "github.com/matrixrun/matrixrun/matrix/schema"
)

// schemaFiles are those that matrixrun schema prints, by the file that they are of.
var schemaFiles = []struct{ name, text string }{
	{"matrix.yaml", schemas.Matrix},
	{"results.json", schemas.Results},
}

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema FILE",
		Short: "Print the JSON Schema of matrix.yaml or results.json",
		Example: `  matrixrun schema matrix.yaml
  matrixrun schema results.json`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: []string{"matrix.yaml", "results.json"},
		RunE: func(c *cobra.Command, args []string) error {
			var names []string
			for _, s := range schemaFiles {
				if s.name == args[0] {
					_, err := io.WriteString(c.OutOrStdout(), s.text)
					return err
				}
				names = append(names, s.name)
			}
			return matrix.Mistake("there is no schema of %q: want %s", args[0], strings.Join(names, " or "))
		},
	}
}
