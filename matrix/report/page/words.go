package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A piece is a part of a sentence.
type piece struct {
	Code bool // it is something to type, or a word of the table
	Text string
}

// prose splits a sentence into pieces. Code is between backquotes, as in every text
// of the project.
func prose(sentence string) []piece {
	var out []piece
	for i, text := range strings.Split(sentence, "`") {
		if text != "" {
			out = append(out, piece{Code: i%2 == 1, Text: text})
		}
	}
	return out
}

// measured says what was measured, how often, against which servers and when. It is
// the line below the title.
func measured(g *matrix.Grid) string {
	builds := report.Builds(g)
	builds[0] += " of " + g.Target
	line := strings.Join(builds, ", ") + ", " + text.Count(len(g.Columns), "scenario") + ": each build was compiled from source and run"
	if g.Trials[1] > 0 {
		line += fmt.Sprintf(", with %s behind each verdict", report.Between(g.Trials, "proven trial"))
	}
	if g.Server != "" {
		line += ", against servers that are built from " + g.Server
	}
	if !g.Generated.IsZero() {
		line += ", on " + g.Generated.UTC().Format(time.DateOnly)
	}
	return line + "."
}

// here says what sets a page apart from others about the same question. It is empty for the
// page of releases.
func here(g *matrix.Grid) string {
	var is []string
	other := func(kind matrix.SourceKind) bool {
		return slices.ContainsFunc(g.Rows, func(r matrix.GridRow) bool { return r.Source.Kind == kind })
	}
	if other(matrix.SourceModule) {
		is = append(is, "This page is about forks, and the releases that they are nearest to.")
	}
	if other(matrix.SourceDir) || other(matrix.SourceRef) {
		is = append(is, "This page is about code that is no release, and the releases that it is nearest to.")
	}
	if g.Server != "" {
		is = append(is, "On this page all servers are those of "+g.Server+".")
	}
	return strings.Join(is, " ")
}
