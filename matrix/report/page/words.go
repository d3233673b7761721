package page

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A piece is a part of a sentence.
type piece struct {
	Code bool // something to type, or a word of the table
	Text string
}

// prose takes a sentence apart. What stands between backticks is code, as in
// every text of the project.
func prose(sentence string) []piece {
	var out []piece
	for i, text := range strings.Split(sentence, "`") {
		if text != "" {
			out = append(out, piece{Code: i%2 == 1, Text: text})
		}
	}
	return out
}

// measured says what the table holds, and where and when it was found out.
func measured(g *matrix.Grid) string {
	releases := 0
	for _, row := range g.Rows {
		if len(row.Patches) == 0 {
			releases++
		}
	}
	line := fmt.Sprintf("%s of %s", text.Count(releases, "release"), g.Target)
	if more := len(g.Rows) - releases; more > 0 {
		line += ", " + text.Count(more, "patched build")
	}
	line += ", " + text.Count(len(g.Columns), "scenario") + ": each build was compiled from source and run"
	if g.Trials[1] > 0 {
		line += fmt.Sprintf(", with %s behind each verdict", between(g.Trials))
	}
	if g.Server != "" {
		line += ", against servers that are built from " + g.Server
	}
	if !g.Generated.IsZero() {
		line += ", on " + g.Generated.UTC().Format(time.DateOnly)
	}
	return line + "."
}

func between(n [2]int) string {
	if n[0] == n[1] {
		return text.Count(n[0], "proven trial")
	}
	return fmt.Sprintf("%d to %s", n[0], text.Count(n[1], "proven trial"))
}

// howTo says what the words and signs of the table are worth, of those alone
// that it uses.
func howTo(g *matrix.Grid) []string {
	all := []string{
		"A trial counts when it proves that it did what its scenario says. Others are repeated once, and never count as clean.",
		invariants(g),
		"`leak`: every trial that counts leaked, as the peer saw it.",
	}
	for _, w := range []struct {
		used bool
		text string
	}{
		{uses(g, func(c matrix.GridCell) bool { return c.Kills() }), "`C`: the leak can kill the connection, where otherwise it harms one stream of it."},
		{uses(g, is(matrix.VerdictFlaky)), "`flaky`: some of the trials that count leaked, and others did not."},
		{g.Weakest != nil, clean(g.Weakest)},
		{uses(g, is(matrix.VerdictVacuous)), "`vacuous`: too few trials counted to say anything. The footnote says why."},
		{uses(g, is(matrix.VerdictError)), "`error`: the reproduction crashed or hung, or its control failed."},
		{uses(g, is(matrix.VerdictUnsupported)), "`unsupported`: the suite has no adapter for the API of that release, or the two sides of its trials cannot talk."},
		{uses(g, func(c matrix.GridCell) bool { return c.Differs() }), "`!`: not what the suite expects."},
	} {
		if w.used {
			all = append(all, w.text)
		}
	}
	all = append(all, "A workaround is clean where it works. Between two releases of the table nothing was measured.")
	out := all[:0]
	for _, text := range all {
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

// invariants explains why a clean cell can be believed.
func invariants(g *matrix.Grid) string {
	names := make(map[matrix.Kind][]string)
	for _, s := range g.Columns {
		names[s.Kind] = append(names[s.Kind], "`"+s.Name+"`")
	}
	var out []string
	if all := names[matrix.KindControl]; len(all) > 0 {
		out = append(out, "In every build "+strings.Join(all, ", ")+" must be clean, else nothing of it is believed.")
	}
	if all := names[matrix.KindPlanted]; len(all) > 0 {
		out = append(out, "In every build "+strings.Join(all, ", ")+" must leak, on purpose: it shows that a leak would be seen. Else no cell of it counts as clean.")
	}
	return strings.Join(out, " ")
}

// clean says what a clean cell does not exclude, by the weakest there is.
func clean(c *matrix.Cell) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("`clean`: no trial leaked. That is no proof that none would: %d of %d trials still allow a rate of up to %.0f %% "+
		"(95 %% Clopper-Pearson interval).", c.Leaks, c.Trials, math.Ceil(100*c.Interval[1]))
}

func uses(g *matrix.Grid, about func(matrix.GridCell) bool) bool {
	for _, row := range g.Rows {
		for _, c := range row.Cells {
			if about(c) {
				return true
			}
		}
	}
	return false
}

func is(v matrix.Verdict) func(matrix.GridCell) bool {
	return func(c matrix.GridCell) bool { return c.Verdict == v }
}
