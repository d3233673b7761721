package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostFiles is how many files of a change a report names.
const mostFiles = 12

// Bisect writes for a terminal where a verdict changes.
func Bisect(w io.Writer, b *matrix.Bisection, screen Screen) error {
	words := b.Words.Complete()
	var out strings.Builder
	line := func(text, first, rest string) { out.WriteString(screen.wrap(plain(text), first, rest)) }
	line(fmt.Sprintf("%s, %s: %s", b.Suite, b.Scenario.Name, b.Scenario.Title), "", "  ")
	line(visited(b), "", "  ")
	for _, note := range b.Notes {
		line(note, "", "  ")
	}
	for i := range b.Changes {
		t := &b.Changes[i]
		out.WriteString("\n")
		line(turnTitle(b, t), "", "  ")
		for _, row := range turnRows(t, words) {
			line(row[1], "  "+pad(row[0], turnWidth), "  "+strings.Repeat(" ", turnWidth))
		}
		out.WriteString(screen.fill(unbroken(plain(t.Why)), "  ", "  "))
		if len(t.Repeat) > 0 {
			line("Repeat both sides with:", "  ", "  ")
			for _, command := range t.Repeat {
				out.WriteString("    " + plain(command) + "\n")
			}
		}
	}
	return screen.show(w, out.String())
}

// turnWidth is the width of the column with the names of what a change has.
const turnWidth = len("between") + 2

// BisectJSON writes where a verdict changes as one document.
func BisectJSON(w io.Writer, b *matrix.Bisection) error {
	return writeJSON(w, struct {
		Schema int `json:"schema"`
		*matrix.Bisection
	}{matrix.SchemaVersion, b})
}

// BisectMarkdown writes where a verdict changes as Markdown for an issue.
func BisectMarkdown(w io.Writer, b *matrix.Bisection) error {
	words := b.Words.Complete()
	var out strings.Builder
	fmt.Fprintf(&out, "# %s: %s\n\n%s %s\n", escape(b.Target), escape(cmp.Or(b.Scenario.Title, b.Scenario.Name)),
		escape(fmt.Sprintf("The scenario %s of the suite %s.", b.Scenario.Name, b.Suite)), escape(visited(b)))
	for _, note := range b.Notes {
		fmt.Fprintf(&out, "\n%s\n", escape(note))
	}
	for i := range b.Changes {
		t := &b.Changes[i]
		heading(&out, escape(turnTitle(b, t)))
		for _, row := range turnRows(t, words) {
			fmt.Fprintf(&out, "- %s: %s\n", row[0], escape(row[1]))
		}
		fmt.Fprintf(&out, "\n%s\n", code(t.Why))
		if len(t.Repeat) > 0 {
			fmt.Fprintf(&out, "\nBoth sides can be repeated with matrixrun:\n\n```sh\n%s\n```\n", inLines(strings.Join(t.Repeat, "\n")))
		}
	}
	out.WriteString("\n## What was tried\n\n| " + thingOf(b) + " | verdict | " + words.Leak.Nouns(2) + " |\n| --- | --- | --- |\n")
	for _, v := range b.Visits {
		fmt.Fprintf(&out, "| %s | %s | %s |\n", escape(visitName(v)), escape(visitVerdict(v, words)), escape(visitCount(v)))
	}
	return emit(w, out.String())
}

// thingOf returns what a state of a bisection is called.
func thingOf(b *matrix.Bisection) string {
	if b.Commits {
		return "commit"
	}
	return "release"
}

// visited says how many states were tried, and that nothing changes if nothing does.
func visited(b *matrix.Bisection) string {
	unknown := 0
	for _, v := range b.Visits {
		if v.Presence == matrix.PresenceUnknown {
			unknown++
		}
	}
	words := text.Count(len(b.Visits), thingOf(b)) + " tried"
	if b.Toolchain != "" {
		words += ", built with " + b.Toolchain
	}
	if unknown > 0 {
		words += fmt.Sprintf(", %d of them without an answer", unknown)
	}
	if len(b.Changes) == 0 {
		words += ", and nothing changes among those with an answer"
	}
	return words + "."
}

// turnTitle says in a clause what changed, and where.
func turnTitle(b *matrix.Bisection, t *matrix.Turn) string {
	if !t.Exact() {
		return fmt.Sprintf("%s by one of %s, which could not be tried, or by %s", t.Kind, text.Count(len(t.Between), thingOf(b)), visitName(t.After))
	}
	words := fmt.Sprintf("%s by %s", t.Kind, visitName(t.After))
	if t.Before.Presence == matrix.PresenceUnreached {
		words += ", which makes it possible"
	}
	return words
}

// turnRows returns what is known of a change, each with a name.
func turnRows(t *matrix.Turn, w matrix.Words) [][2]string {
	var rows [][2]string
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	if t.After.Subject != "" {
		add("commit", t.After.Name)
		add("date", t.After.Time.Format("2006-01-02"))
	}
	if t.PR != "" {
		add("pull", "#"+t.PR)
	}
	if t.Tag != t.After.Name {
		add("tag", t.Tag)
	}
	add("before", visitName(t.Before)+": "+visitWords(t.Before, w))
	var between []string
	for _, s := range t.Between {
		between = append(between, stateName(s))
	}
	add("between", text.Some(between, mostFiles))
	add("after", visitName(t.After)+": "+visitWords(t.After, w))
	add("doubt", turnDoubt(t))
	add("files", text.Some(t.Files, mostFiles))
	return rows
}

// turnDoubt says that a change may be chance, since one side leaks in some trials and the other has
// too few of them. It is empty if it is not.
func turnDoubt(t *matrix.Turn) string {
	there, absent := t.Before, t.After
	if there.Presence != matrix.PresenceThere {
		there, absent = absent, there
	}
	if there.Verdict == matrix.VerdictFlaky && absent.Presence == matrix.PresenceAbsent && matrix.ByChance(absent.Trials, there.Leaks, there.Trials) {
		return matrix.ChanceNote(absent.Trials, there.Leaks, there.Trials, "")
	}
	return ""
}

// visitName names a visit in a sentence.
func visitName(v matrix.Visit) string { return stateName(v.HistoryState) }

func stateName(s matrix.HistoryState) string {
	if s.Subject == "" {
		return s.Short()
	}
	return fmt.Sprintf("%s (%s)", s.Short(), text.Cut(s.Subject, 72))
}

// visitWords says what a visit showed.
func visitWords(v matrix.Visit, w matrix.Words) string {
	words := visitVerdict(v, w)
	if count := visitCount(v); count != "" {
		words += ", " + count + " trials " + w.Leak.Past
	}
	if v.Reason != "" && v.Presence != matrix.PresenceThere {
		words += " (" + v.Reason + ")"
	}
	return words
}

func visitVerdict(v matrix.Visit, w matrix.Words) string {
	if v.Verdict == "" || v.State != matrix.StateOK {
		return string(v.State)
	}
	return w.Name(v.Verdict)
}

func visitCount(v matrix.Visit) string {
	if v.Presence == matrix.PresenceUnknown || v.Presence == matrix.PresenceUnreached {
		return ""
	}
	return fmt.Sprintf("%d of %d", v.Leaks, v.Trials)
}
