package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/traceback"
)

// complaints counts the reasons why trials are inconclusive, in the order of their
// first trials.
type complaints []complaint

type complaint struct {
	why   string // the judge's reason
	count int
	own   complaints // the reasons that the trials themselves report
}

// add counts a trial with the judge's reason and its own, which may be empty.
func (cs *complaints) add(why, own string) {
	i := slices.IndexFunc(*cs, func(c complaint) bool { return c.why == why })
	if i < 0 {
		i = len(*cs)
		*cs = append(*cs, complaint{why: why})
	}
	c := &(*cs)[i]
	c.count++
	if own != "" {
		c.own.add(own, "")
	}
}

// most returns the most frequent complaint, the first of several.
func (cs complaints) most() complaint {
	var most complaint
	for _, c := range cs {
		if c.count > most.count {
			most = c
		}
	}
	return most
}

// shortfall says why ran trials are fewer proven ones than needed. It names only the
// most frequent cause, to fit on one line.
func (sum tally) shortfall(ran, needed int) string {
	if ran == 0 {
		return "no trial was run"
	}
	text := fmt.Sprintf("%d of %d trials were proven", sum.proven, ran)
	if sum.proven > 0 {
		text += fmt.Sprintf(", %d are needed", needed)
	}
	most := sum.complaints.most()
	if most.count == 0 {
		return text
	}
	text += fmt.Sprintf(": %d %s", most.count, most.why)
	if own := most.own.most(); own.count > 0 {
		text += " (" + oneLine(own.why) + ")"
	}
	return text
}

// Limits of what a reason quotes from a log.
const (
	logLines = 3
	logRunes = 300
)

// failureReason says how the first of some processes failed, and quotes the part of
// its log that says most.
func failureReason(failures []matrix.Failure) string {
	first := failures[0]
	text := oneLine(first.Reason)
	if text == "" {
		text = string(first.Kind)
	}
	if n := len(failures); n > 1 {
		text = fmt.Sprintf("%d processes failed, the first: %s", n, text)
	}
	if log := logGist(first.Log, text); log != "" {
		text += ": " + log
	}
	return text
}

// logGist shortens a log to one line. Of the stacks of a Go program it has the calls of
// one goroutine, and never registers; in other logs the end says most. Lines with which
// the text before it ends are left out.
func logGist(log, before string) string {
	if stacks, ok := traceback.Parse(log); ok || stacks.Message != "" {
		text := traceback.Describe(stacks.Calls())
		if message := oneLine(stacks.Message); !strings.Contains(before, message) {
			text = strings.TrimSuffix(message+": "+text, ": ")
		}
		return cutGist(text)
	}
	lines := strings.FieldsFunc(log, func(r rune) bool { return r == '\n' || r == '\r' })
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" })
	lines = lines[max(0, len(lines)-logLines):]
	for i := range lines {
		lines[i] = oneLine(lines[i])
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasSuffix(before, l) })
	return cutGist(strings.Join(lines, " | "))
}

// cutGist shortens what a reason quotes.
func cutGist(text string) string {
	if runes := []rune(text); len(runes) > logRunes {
		return string(runes[:logRunes]) + "..."
	}
	return text
}

// observed says how matrixrun saw a leak itself; empty if the reproduction reported it,
// whose reasons are for those who look at the trials.
func observed(t *matrix.Trial) string {
	if t.Observed == "" {
		return ""
	}
	return oneLine(t.Why)
}

// oneLine returns the words of a text separated by single spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
