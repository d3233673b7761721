package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/matrix"
	schemas "github.com/matrixrun/matrixrun/matrix/schema"
)

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema FILE",
		Short: "Print the JSON Schema of matrix.yaml, results.json, or the JSON of check or bisect",
		Example: `  matrixrun schema matrix.yaml
  matrixrun schema results.json
  matrixrun schema check.json
  matrixrun schema bisect.json`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: []string{"matrix.yaml", "results.json", "check.json", "bisect.json"},
		RunE: func(c *cobra.Command, args []string) error {
			schema, ok := map[string]string{
				"matrix.yaml": schemas.Matrix, "results.json": schemas.Results, "check.json": schemas.Check(), "bisect.json": schemas.Bisect(),
			}[args[0]]
			if !ok {
				return matrix.Mistake("there is no schema of %q: want matrix.yaml, results.json, check.json or bisect.json", args[0])
			}
			_, err := io.WriteString(c.OutOrStdout(), schema)
			return err
		},
	}
}
