package torture

import (
	"fmt"
	"strings"
	"testing"
)

const (
	// mostLines is how many lines of a problem a report shows with its details.
	mostLines = 60
	// gistLines is how many it shows again at its end.
	gistLines = 8
	// mostGists is how many problems it shows at its end.
	mostGists = 5
	// mostBytes is how much of a line it shows.
	mostBytes = 300
)

// report returns what is printed of a life that failed: the details of all problems, what
// was done, and at the end, which a log shows in any case, the beginning of each problem.
func report(seed uint64, story, problems []string) string {
	var b strings.Builder
	for i, p := range problems {
		fmt.Fprintf(&b, "\nproblem %d of %d:\n%s\n", i+1, len(problems), excerpt(p, mostLines))
	}
	fmt.Fprintf(&b, "\nwhat was done:\n%s\n", strings.Join(story, "\n"))
	fmt.Fprintf(&b, "\nTORTURE_SEED=%d repeats this life. What is wrong in it:\n", seed)
	for _, p := range problems[:min(len(problems), mostGists)] {
		b.WriteString("- " + excerpt(p, gistLines) + "\n")
	}
	return b.String()
}

// excerpt returns the first lines of a text, and the beginning of each.
func excerpt(text string, most int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > most {
		lines = append(lines[:most:most], fmt.Sprintf("[%d more lines]", len(lines)-most))
	}
	for i, line := range lines {
		if len(line) > mostBytes {
			lines[i] = strings.ToValidUTF8(line[:mostBytes], "") + "[...]"
		}
	}
	return strings.Join(lines, "\n")
}

// TestReport checks that a log that ends with a report shows each problem at its end.
func TestReport(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("-want +got\n", 10_000) + strings.Repeat("x", 10_000)
	text := report(17, []string{"act 1", "  SIGKILL"}, []string{"a file is left\n" + long, "an answer is invented"})
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > 90 || len(text) > 10_000 {
		t.Errorf("%d lines, %d bytes", len(lines), len(text))
	}
	end := strings.Join(lines[len(lines)-gistLines-4:], "\n")
	for _, want := range []string{"TORTURE_SEED=17 ", "- a file is left\n", "- an answer is invented"} {
		if !strings.Contains(end, want) {
			t.Errorf("%q is not at the end:\n%s", want, end)
		}
	}
	if i, j := strings.Index(text, "a file is left"), strings.Index(text, "  SIGKILL"); i < 0 || j < i {
		t.Errorf("the problem is at %d, the story at %d", i, j)
	}
}
