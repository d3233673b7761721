package compare

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

var (
	answers = []string{"clean", "clean 0/50", "leak", "leak!", "flaky 5/10", "flaky! 5/10", "flaky 1/100", "flaky 99/100"}
	words   = append([]string{"vacuous", "error", "unsupported", "-"}, answers...)
)

// drawn draws results of the same rows, whose cells are any of the words.
func drawn(t *rapid.T, ids []string, words []string) *matrix.Results {
	r := results()
	for _, id := range ids {
		one := rapid.SampledFrom(words)
		r.Rows = append(r.Rows, row(id, one.Draw(t, "a"), one.Draw(t, "b"), one.Draw(t, "help")))
	}
	return r
}

func ids(t *rapid.T) []string {
	var out []string
	for n := range rapid.IntRange(1, 12).Draw(t, "rows") {
		out = append(out, fmt.Sprintf("v1.%d.0", n), fmt.Sprintf("v1.%d.0+p", n))
	}
	return rapid.SampledFrom([][]string{out, out[:1], out[1:]}).Draw(t, "which")
}

// TestSame compares results with themselves: nothing changed, and comparing changes
// nothing in them.
func TestSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawn(t, ids(t), words)
		before, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(r, r, Options{})
		if err != nil || len(c.Changes)+len(c.Tallies)+len(c.Across) > 0 || c.Exit() != matrix.ExitOK {
			t.Fatalf("%v: %+v", err, c)
		}
		after, _ := json.Marshal(r)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("the results changed: %s", diff)
		}
	})
}

// opposite has the kind of the change back, for each kind.
var opposite = map[matrix.ChangeKind]matrix.ChangeKind{
	matrix.ChangeWorse: matrix.ChangeBetter, matrix.ChangeBetter: matrix.ChangeWorse,
	matrix.ChangeLessCertain: matrix.ChangeMoreCertain, matrix.ChangeMoreCertain: matrix.ChangeLessCertain,
	matrix.ChangeNew: matrix.ChangeGone, matrix.ChangeGone: matrix.ChangeNew,
}

// kinds returns the kind of change of each cell, by its name. It fails if a cell is in
// two changes.
func kinds(t *rapid.T, was, is *matrix.Results) map[string]matrix.ChangeKind {
	c, err := New(was, is, Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]matrix.ChangeKind)
	for _, change := range c.Changes {
		if change.Counts && len(change.Proofs) != len(change.Scenarios) && change.To != "not run" {
			t.Fatalf("%s: %d proofs", change.Text, len(change.Proofs))
		}
		rows := 0
		for _, r := range change.Ranges {
			rows += r.Rows
		}
		if rows != len(change.Rows) {
			t.Fatalf("%s: ranges of %d rows, and %d rows", change.Text, rows, len(change.Rows))
		}
		for _, row := range change.Rows {
			for _, s := range change.Scenarios {
				name := row + "/" + s
				if _, twice := out[name]; twice {
					t.Fatalf("%s is in two changes", name)
				}
				out[name] = change.Kind
			}
		}
	}
	if got := len(out) + c.Unchanged; got != present(was, is) {
		t.Fatalf("%d cells changed and %d did not: want %d in all", len(out), c.Unchanged, present(was, is))
	}
	return out
}

// present counts the cells that either of two results has. Both have the same rows.
func present(was, is *matrix.Results) int {
	n := 0
	for i := range was.Rows {
		for _, s := range suite {
			_, a := was.Rows[i].Cell(s.Name)
			_, b := is.Rows[i].Cell(s.Name)
			if a || b {
				n++
			}
		}
	}
	return n
}

// TestMirror compares results in both directions: each cell that is better in one is
// worse in the other. Every cell is in one change or unchanged.
func TestMirror(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		which := ids(t)
		was, is := drawn(t, which, answers), drawn(t, which, answers)
		there, back := kinds(t, was, is), kinds(t, is, was)
		for name, kind := range there {
			there[name] = opposite[kind]
		}
		if diff := cmp.Diff(there, back); diff != "" {
			t.Fatalf("(-there, turned +back):\n%s", diff)
		}
	})
}

// TestCertainty checks that a cell counts that was known and no longer is.
func TestCertainty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		which := ids(t)
		was, is := drawn(t, which, words), drawn(t, which, words)
		lost := false
		kinds(t, was, is) // which counts the cells
		for i := range was.Rows {
			for _, s := range suite {
				a, hadA := was.Rows[i].Cell(s.Name)
				b, hadB := is.Rows[i].Cell(s.Name)
				lost = lost || hadA && answered(&a) && (!hadB || !answered(&b))
			}
		}
		if c, err := New(was, is, Options{}); err != nil || lost && !c.Worse() {
			t.Fatalf("an answer was lost, and nothing counts: %v", err)
		}
	})
}

// TestScale compares tables of 1,000 rows within a time limit.
func TestScale(t *testing.T) {
	was, is := results(), results()
	for i := range 30 {
		name := fmt.Sprintf("s%d", i)
		was.Scenarios = append(was.Scenarios[:len(was.Scenarios):len(was.Scenarios)], matrix.Scenario{Name: name, Kind: matrix.KindProbe})
	}
	is.Scenarios = was.Scenarios
	for n := range 1000 {
		a, b := row(fmt.Sprintf("v1.%d.0", n)), row(fmt.Sprintf("v1.%d.0", n))
		for i := range 30 {
			a.Cells = append(a.Cells, cell(fmt.Sprintf("s%d", i), answers[(n*7+i)%len(answers)]))
			b.Cells = append(b.Cells, cell(fmt.Sprintf("s%d", i), answers[(n*3+i*5)%len(answers)]))
		}
		was.Rows, is.Rows = append(was.Rows, a), append(is.Rows, b)
	}
	start := time.Now()
	c, err := New(was, is, Options{})
	if err != nil || len(c.Changes) == 0 {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Minute { // an idle machine takes 0.1 s
		t.Errorf("35,000 cells took %v", took)
	} else {
		t.Logf("35,000 cells took %v: %d changes", took, len(c.Changes))
	}
}
