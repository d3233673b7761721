package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// commands parses workflow commands as a runner does, into kind, title and text.
func commands(t *testing.T, out string) (all [][3]string) {
	t.Helper()
	unescape := strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	for line := range strings.Lines(out) {
		head, text, ok := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "::"), "::")
		kind, properties, _ := strings.Cut(head, " ")
		title, found := strings.CutPrefix(properties, "title=")
		if !ok || !found || !strings.HasPrefix(line, "::") || strings.Contains(title, ",") || strings.Contains(title, ":") || strings.ContainsAny(text, "\r\n") {
			t.Fatalf("no command, or one with more properties: %q", line)
		}
		all = append(all, [3]string{kind, unescape.Replace(title), unescape.Replace(text)})
	}
	return all
}

// TestAnnotationsLimit checks that GitHub would drop no annotation, and that the last
// ones count the rest.
func TestAnnotationsLimit(t *testing.T) {
	for _, rows := range []int{1, 10, 11, 1000} {
		count := map[string]int{}
		last := map[string]string{}
		for _, c := range commands(t, made(t, "variety.annotations.txt", many(rows))) {
			count[c[0]]++
			last[c[0]] = c[2]
			if len(c[1]) > 250 || len(c[2]) > 4*mostAnnotated {
				t.Errorf("%d rows: an annotation of %d and %d bytes", rows, len(c[1]), len(c[2]))
			}
		}
		for _, kind := range []string{"error", "warning"} {
			if count[kind] != min(rows, 10) {
				t.Errorf("%d rows: %d annotations of the kind %s, want %d", rows, count[kind], kind, min(rows, 10))
			}
			if summed := fmt.Sprintf("And %d more", rows-9); rows > 10 != strings.HasPrefix(last[kind], summed) {
				t.Errorf("%d rows: the last %s is %q", rows, kind, last[kind])
			}
		}
	}
}

// TestAnnotationsOrder checks that leaks where clean was expected come first.
func TestAnnotationsOrder(t *testing.T) {
	all := commands(t, made(t, "variety.annotations.txt", variety()))
	if len(all) < 3 || !strings.Contains(all[0][2], "expected clean, found leak") || !strings.Contains(all[1][2], "mend does not apply") {
		t.Errorf("the first are %q", all[:min(3, len(all))])
	}
}

func TestAnnotationsAreHarmless(t *testing.T) {
	r := hostile()
	for i := range r.Rows {
		r.Rows[i].Reason = "first\r\n::error::second 100%\n::set-output name=x::y"
	}
	for _, c := range commands(t, made(t, "variety.annotations.txt", r)) {
		if c[0] != "error" && c[0] != "warning" {
			t.Errorf("a command of the kind %q: %q", c[0], c[2])
		}
	}
	var out strings.Builder
	command(&out, "error", "", "a: b, c\nd", "50 %\r\n::error::x")
	if want := "::error title=a%3A b%2C c d::50 %25%0A:\\:error::x\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// TestAnnotationsOfNothing checks that there are no annotations if everything is as
// expected.
func TestAnnotationsOfNothing(t *testing.T) {
	r := variety()
	r.Rows = r.Rows[:3]
	r.Rows[0].Cells[4].Verdict = matrix.VerdictClean
	if out := made(t, "variety.annotations.txt", r); out != "" {
		t.Errorf("got %q", out)
	}
}
