package report

import "github.com/matrixrun/matrixrun/matrix"

// Numbers says what a cell is, of how many trials, and what else they allow: in
// the words of every report, for those that are packages of their own.
func Numbers(c *matrix.Cell) string { return numbers(c) }
