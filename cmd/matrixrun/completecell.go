package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
)

// completeCell completes ROW/SCENARIO in two steps, since there are thousands of
// cells: first the row, up to its slash, and then the scenario. With --from, the
// rows are those of that run.
func completeCell(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	rows, scenarios := cellsOf(c, append([]string{begun}, args...))
	cut := strings.LastIndexByte(begun, '/')
	var all []string
	if cut < 0 {
		for _, row := range rows {
			all = append(all, row+"/")
		}
		return begins(all, begun), unended
	}
	for _, s := range scenarios {
		all = append(all, about(begun[:cut+1]+s.Name, s.Title))
	}
	return begins(all, begun), inOrder
}

// cellsOf lists the rows and the scenarios that a cell can be of. Of patched
// rows there are those whose patch names the release.
func cellsOf(c *cobra.Command, args []string) (rows []string, scenarios []matrix.Scenario) {
	if from, _ := c.Flags().GetString("from"); from != "" {
		results, err := find.Results(from)
		if err != nil {
			return nil, nil
		}
		for _, row := range results.Rows {
			rows = append(rows, row.ID)
		}
		return rows, results.Scenarios
	}
	suite := askedSuite(c, args)
	versions := versionsOf(suite)
	if !strings.Contains(args[0], "+") {
		return versions, suite.Scenarios
	}
	for _, name := range find.Patches() {
		p, err := find.Patch(name)
		if err != nil || p == nil {
			continue
		}
		for _, v := range versions {
			if _, ok := p.For(v); ok {
				rows = append(rows, matrix.RowID{Version: v, Patches: []string{name}}.String())
			}
		}
	}
	return rows, suite.Scenarios
}
