package progress

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// maxScenarios is the largest number of scenarios that a line names.
const maxScenarios = 5

// reasons returns the lines that say why a row was not recalled. The first line
// has the reasons that hold for all scenarios, and each further line a reason that
// holds for some. The lines are aligned with the progress line of the row.
func (t *tally) reasons(m *matrix.Missed) []string {
	var all, texts []string
	for _, miss := range m.Misses {
		reason := t.subject(miss) + ": " + miss.Why
		if n := len(miss.Scenarios); n > 0 && n < t.scenarios {
			texts = append(texts, reason)
		} else {
			all = append(all, reason)
		}
	}
	if len(all) > 0 {
		texts = append([]string{strings.Join(all, "; ")}, texts...)
	}
	margin := strings.Repeat(" ", len(fmt.Sprintf("[%d/%d] ", t.rows, t.rows)))
	name := m.Row
	var lines []string
	for _, reason := range texts {
		lines = append(lines, fmt.Sprintf("%s%s  %s", margin, text.Pad(name, t.width), reason))
		name = ""
	}
	return lines
}

// subject returns what is missing from the record, and for which scenarios if not
// for all.
func (t *tally) subject(m matrix.Miss) string {
	switch n := len(m.Scenarios); {
	case n == 0 || n == t.scenarios:
		return m.What
	case n > maxScenarios:
		return fmt.Sprintf("%s of %d of %d scenarios", m.What, n, t.scenarios)
	default:
		return m.What + " of " + strings.Join(m.Scenarios, ", ")
	}
}
