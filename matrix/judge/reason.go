package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// complaints counts why trials do not count, the first heard first.
type complaints []complaint

type complaint struct {
	why   string // what the judge says was wanting
	count int
	said  complaints // what the trials themselves gave as the reason
}

func (cs *complaints) add(why, said string) {
	i := slices.IndexFunc(*cs, func(c complaint) bool { return c.why == why })
	if i < 0 {
		i = len(*cs)
		*cs = append(*cs, complaint{why: why})
	}
	c := &(*cs)[i]
	c.count++
	if said != "" {
		c.said.add(said, "")
	}
}

// most returns the commonest complaint, the first heard where several are.
func (cs complaints) most() complaint {
	var most complaint
	for _, c := range cs {
		if c.count > most.count {
			most = c
		}
	}
	return most
}

// shortfall says why ran trials did not prove what the needed ones should have.
// Only the commonest cause is named: one line has to do.
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
	if said := most.said.most(); said.count > 0 {
		text += " (" + oneLine(said.why) + ")"
	}
	return text
}

// Lengths of what a reason quotes.
const (
	logLines = 3
	logRunes = 300
)

// failed says how the first of some processes failed, with the part of its
// log that tells most.
func failed(failures []matrix.Failure) string {
	first := failures[0]
	text := oneLine(first.Reason)
	if text == "" {
		text = string(first.Kind)
	}
	if n := len(failures); n > 1 {
		text = fmt.Sprintf("%d processes failed, the first: %s", n, text)
	}
	if log := gist(first.Log, text); log != "" {
		text += ": " + log
	}
	return text
}

// gist shortens a log to a line. A Go program that dies says why before it
// prints its goroutines; any other log tells most at its end. What was said
// already, as the end of another text, is left out.
func gist(log, said string) string {
	lines := strings.FieldsFunc(log, func(r rune) bool { return r == '\n' || r == '\r' })
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.TrimSpace(l) == "" })
	died := slices.IndexFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "panic: ") || strings.HasPrefix(l, "fatal error: ")
	})
	if died >= 0 {
		lines = lines[died:min(died+logLines, len(lines))]
	} else {
		lines = lines[max(0, len(lines)-logLines):]
	}
	for i := range lines {
		lines[i] = oneLine(lines[i])
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasSuffix(said, l) })
	runes := []rune(strings.Join(lines, " | "))
	if len(runes) > logRunes {
		return string(runes[:logRunes]) + "..."
	}
	return string(runes)
}

// oneLine joins the words of a text by single spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
