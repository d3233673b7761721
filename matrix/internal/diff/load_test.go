package diff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// manyHunks returns a file of ten lines for each hunk, and a diff that changes one of
// the ten. If moved, all line numbers of the diff are wrong.
func manyHunks(hunks int, moved bool) (text, diff string) {
	shift := 0
	if moved {
		shift = 3
	}
	var t, d strings.Builder
	d.WriteString("--- a/x\n+++ b/x\n")
	for i := range hunks {
		at := i*10 + 1 + shift
		fmt.Fprintf(&d, "@@ -%d,7 +%d,7 @@\n", at, at)
		for line := range 10 {
			text := "}\n"
			if line%3 == 0 {
				text = fmt.Sprintf("line %d.%d\n", i, line)
			}
			t.WriteString(text)
			switch {
			case line == 3:
				fmt.Fprintf(&d, "-%s+new %d\n", text, i)
			case line < 7:
				d.WriteString(" " + text)
			}
		}
	}
	return t.String(), d.String()
}

// TestManyHunks checks that applying hunks takes time in proportion to their number:
// 10,000 take a fraction of a second, wherever they are, conflicts included.
func TestManyHunks(t *testing.T) {
	const hunks = 10_000
	text, diff := manyHunks(hunks, false)
	_, moved := manyHunks(hunks, true)
	lines := strings.Repeat("}\n", 10*hunks)
	tests := []struct {
		name, text, diff string
		want             matrix.Apply
	}{
		{"at their lines", text, diff, matrix.ApplyExact},
		{"elsewhere", text, moved, matrix.ApplyOffset},
		{"nowhere", strings.ReplaceAll(text, "line", "row"), diff, matrix.ApplyConflict},
		{"almost", strings.ReplaceAll(text, ".3\n", ".4\n"), diff, matrix.ApplyConflict},
		{"in a file whose lines are equal", lines, diff, matrix.ApplyConflict},
		{"anywhere", "0\n0\nfirst\n" + lines, manyEqual(hunks), matrix.ApplyConflict},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := cpu(t)
			d, err := Parse("p", 1, []byte(test.diff))
			if err != nil {
				t.Fatal(err)
			}
			result, _, err := d.Check(t.Context(), fstest.MapFS{"x": {Data: []byte(test.text), Mode: 0o644}})
			if err != nil || result.Apply != test.want {
				t.Errorf("got %s, %v, want %s", result.Apply, err, test.want)
			}
			if took := cpu(t) - before; took > 3*time.Second {
				t.Errorf("took %v of processor time", took)
			}
		})
	}
}

// manyEqual returns a diff that begins with a hunk at the wrong line. The others match
// everywhere in a file of equal lines.
func manyEqual(hunks int) string {
	var d strings.Builder
	d.WriteString("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-first\n+second\n }\n")
	for i := range hunks {
		fmt.Fprintf(&d, "@@ -%d,7 +%d,7 @@\n }\n }\n }\n-}\n+new\n }\n }\n }\n", i*10+3, i*10+3)
	}
	return d.String()
}

// A failing context is cancelled once its Err was called some times.
type failing struct {
	context.Context
	calls  int // that are left
	failed bool
}

func (f *failing) Err() error {
	if f.calls > 0 {
		f.calls--
		return nil
	}
	f.failed = true
	return context.Canceled
}

// TestCheckEndsAnywhere checks that applying a diff can be cancelled at each place that looks
// whether it is, between two hunks too.
func TestCheckEndsAnywhere(t *testing.T) {
	const hunks = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+A\n b\n@@ -7,2 +7,2 @@\n g\n-h\n+H\n"
	d, err := Parse("p", 1, []byte(hunks))
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{"x": {Data: []byte("a\nb\nc\nd\ne\nf\ng\nh\n"), Mode: 0o644}}
	for n := 0; ; n++ {
		ctx := &failing{Context: t.Context(), calls: n}
		result, _, err := d.Check(ctx, tree)
		if !ctx.failed {
			if err != nil || result.Apply != matrix.ApplyExact || n < 4 {
				t.Errorf("not cancelled after %d looks: got %s, %v", n, result.Apply, err)
			}
			return
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at look %d: got %s, %v", n+1, result.Apply, err)
		}
	}
}

// TestCheckHeedsCancellation checks that applying a diff that takes long ends soon
// after it is cancelled.
func TestCheckHeedsCancellation(t *testing.T) {
	const pairs = 5_000
	var diff strings.Builder
	diff.WriteString("--- a/x\n+++ b/x\n")
	for range 20 { // the lines of each hunk match up to the last one, at every second line of the file
		fmt.Fprintf(&diff, "@@ -1,%d +1,%d @@\n%s a\n+c\n a\n", 2*pairs+2, 2*pairs+3, strings.Repeat(" a\n b\n", pairs))
	}
	d, err := Parse("p", 1, []byte(diff.String()))
	if err != nil {
		t.Fatal(err)
	}
	// Without an end to the context it takes minutes. The limit is for busy machines.
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, _, err = d.Check(ctx, fstest.MapFS{"x": {Data: []byte(strings.Repeat("a\nb\n", 20*pairs)), Mode: 0o644}})
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took > 10*time.Second {
		t.Errorf("got %v after %v", err, took)
	}
}
