package diff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
)

// An edit replaces the lines [from, to).
type edit struct {
	from, to int
	lines    []string
}

// drawEdits returns edits with at least gap unchanged lines between them.
func drawEdits(t *rapid.T, n, gap int) []edit {
	var edits []edit
	for at := rapid.IntRange(0, n).Draw(t, "first"); at <= n; {
		to := min(n, at+rapid.IntRange(0, 3).Draw(t, "removed"))
		e := edit{from: at, to: to}
		least := 0
		if to == at {
			least = 1
		}
		for i := range rapid.IntRange(least, 3).Draw(t, "added") {
			e.lines = append(e.lines, fmt.Sprintf("new %d.%d\n", at, i))
		}
		edits = append(edits, e)
		at = to + gap + rapid.IntRange(0, 10).Draw(t, "step")
	}
	return edits
}

// edited returns the lines with the edits applied.
func edited(lines []string, edits []edit) []string {
	out := slices.Clone(lines)
	for _, e := range slices.Backward(edits) {
		out = slices.Replace(out, e.from, e.to, e.lines...)
	}
	return out
}

// written returns the edits as a unified diff, with one hunk per edit and context
// lines of context.
func written(lines []string, edits []edit, context int) string {
	var b strings.Builder
	b.WriteString("diff --git a/x b/x\n--- a/x\n+++ b/x\n")
	grown := 0
	for _, e := range edits {
		from, to := max(0, e.from-context), min(len(lines), e.to+context)
		oldLen, newLen := to-from, to-from-(e.to-e.from)+len(e.lines)
		fmt.Fprintf(&b, "@@ -%s +%s @@\n", position(from, oldLen), position(from+grown, newLen))
		put := func(op string, lines []string) {
			for _, l := range lines {
				b.WriteString(op + l)
				if !strings.HasSuffix(l, "\n") {
					b.WriteString("\n\\ No newline at end of file\n")
				}
			}
		}
		put(" ", lines[from:e.from])
		put("-", lines[e.from:e.to])
		put("+", e.lines)
		put(" ", lines[e.to:to])
		grown += len(e.lines) - (e.to - e.from)
	}
	return b.String()
}

func position(from, length int) string {
	if length == 0 {
		return fmt.Sprintf("%d,0", from)
	}
	return fmt.Sprintf("%d,%d", from+1, length)
}

// applied applies a diff to a tree with one file, in memory.
func applied(t *rapid.T, text, diff string) (string, Result) {
	d, err := Parse("p", 1, []byte(diff))
	if err != nil {
		t.Fatalf("%v\n%s", err, diff)
	}
	result, edits, err := d.Check(context.Background(), fstest.MapFS{"x": {Data: []byte(text), Mode: 0o644}})
	if err != nil {
		t.Fatal(err)
	}
	if len(edits) == 0 {
		return text, result
	}
	return string(edits[0].Data), result
}

// TestEdits checks that a diff made from edits makes these edits, that it is then
// reported as applied already, and that it finds its place after lines were
// inserted above. All lines are different, so each hunk matches at one place only.
func TestEdits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const context = 3
		var lines []string
		ends := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "ends")
		for i := range rapid.IntRange(8, 60).Draw(t, "lines") {
			lines = append(lines, fmt.Sprintf("old %d%s", i, ends))
		}
		if rapid.Bool().Draw(t, "open") {
			lines[len(lines)-1] = strings.TrimSuffix(lines[len(lines)-1], ends)
		}
		edits := drawEdits(t, len(lines)-context-1, 2*context)
		diff := written(lines, edits, context)
		before, after := strings.Join(lines, ""), strings.Join(edited(lines, edits), "")

		got, result := applied(t, before, diff)
		if d := cmp.Diff(after, got); d != "" || !cmp.Equal(result, exact) {
			t.Fatalf("%+v, (-want +got):\n%s", result, d)
		}
		if _, result := applied(t, after, diff); !cmp.Equal(result, already) {
			t.Fatalf("applied to its own outcome: %+v", result)
		}
		moved := rapid.IntRange(1, 9).Draw(t, "moved")
		front := strings.Repeat("in front\n", moved)
		got, result = applied(t, front+before, diff)
		if edits[0].from < context {
			if result.Apply != matrix.ApplyConflict {
				t.Fatalf("%+v, want a conflict: the first hunk is bound to the beginning", result)
			}
			return
		}
		want := Result{Apply: matrix.ApplyOffset, Offset: moved}
		if d := cmp.Diff(front+after, got); d != "" || !cmp.Equal(result, want) {
			t.Fatalf("%+v, (-want +got):\n%s", result, d)
		}
	})
}

// TestRepeats checks that a hunk that matches at many places is applied at its own
// line.
func TestRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a\n", "b\n", "\n"}), 1, 40).Draw(t, "lines")
		context := rapid.IntRange(1, 3).Draw(t, "context")
		edits := drawEdits(t, len(lines), 2*context)
		got, result := applied(t, strings.Join(lines, ""), written(lines, edits, context))
		if d := cmp.Diff(strings.Join(edited(lines, edits), ""), got); d != "" || !cmp.Equal(result, exact) {
			t.Fatalf("%+v, (-want +got):\n%s", result, d)
		}
	})
}

// TestNeverElsewhere applies diffs to unrelated texts and checks that each hunk
// applies completely or not at all, and only where it matches.
func TestNeverElsewhere(t *testing.T) {
	letters := rapid.SampledFrom([]string{"a\n", "b\n", "c\n"})
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(letters, 4, 20).Draw(t, "lines")
		other := rapid.SliceOfN(letters, 4, 20).Draw(t, "other")
		edits := drawEdits(t, len(lines), 2)[:1]
		diff := written(lines, edits, 1)
		text := strings.Join(other, "")
		got, result := applied(t, text, diff)
		d, err := Parse("p", 1, []byte(diff))
		if err != nil {
			t.Fatal(err)
		}
		places := newDocument(other).places(context.Background(), d.steps[0][0].hunks[0], -1)
		switch result.Apply {
		case matrix.ApplyConflict, matrix.ApplyAlready:
			if got != text {
				t.Fatalf("%s, and the text changed", result.Apply)
			}
		case matrix.ApplyOffset:
			if len(places) != 1 {
				t.Fatalf("moved, though it fits at %d places", len(places))
			}
		case matrix.ApplyExact:
			if !slices.Contains(places, d.steps[0][0].hunks[0].before.at) {
				t.Fatal("exact, though its line is another one")
			}
		}
	})
}
