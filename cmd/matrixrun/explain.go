package main

import (
	"fmt"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// fewScenarios are as many as a line names.
const fewScenarios = 5

// reasons words what the record lacked of a row: one line, and one more for each
// further reason that holds for some of its scenarios only. They are aligned
// with the line that tells of the row itself.
func (t *tally) reasons(m *matrix.Missed) []string {
	margin := strings.Repeat(" ", len(fmt.Sprintf("[%d/%d] ", t.rows, t.rows)))
	var whole []string
	var parts []string
	for _, miss := range m.Misses {
		text := t.what(miss) + ": " + miss.Why
		if some := len(miss.Scenarios); some > 0 && some < t.scenarios {
			parts = append(parts, text)
		} else {
			whole = append(whole, text)
		}
	}
	if len(whole) > 0 {
		parts = append([]string{strings.Join(whole, "; ")}, parts...)
	}
	var lines []string
	for i, text := range parts {
		name := m.Row
		if i > 0 {
			name = ""
		}
		lines = append(lines, fmt.Sprintf("%s%-*s  %s", margin, t.width, name, text))
	}
	return lines
}

// what words what the record lacked.
func (t *tally) what(m matrix.Miss) string {
	switch some := len(m.Scenarios); {
	case some == 0 || some == t.scenarios:
		return m.What
	case some > fewScenarios:
		return fmt.Sprintf("%s of %d of %d scenarios", m.What, some, t.scenarios)
	default:
		return m.What + " of " + strings.Join(m.Scenarios, ", ")
	}
}
