package spec

import (
	"maps"

	"go.yaml.in/yaml/v4"

	"github.com/matrixrun/matrixrun/matrix"
)

// A need is one entry of needs: the names that an API has or had.
type need []scalar

// readNeeds reads what a program must call to get to a scenario. An entry is the name
// of an API, or a list of its names.
func (r *reader) readNeeds(scenario table) []need {
	n, ok := scenario.values["needs"]
	if !ok {
		return nil
	}
	entries := scenario.list("needs")
	if resolve(n).Kind == yaml.SequenceNode && len(entries) == 0 {
		r.addf(n.Line, "needs is empty: name what a program must call, or leave it out")
	}
	var needs []need
	for _, entry := range entries {
		if names := r.readNeed(entry); len(names) > 0 {
			needs = append(needs, names)
		}
	}
	return needs
}

// readNeed reads an entry of needs. It returns nil after a mistake.
func (r *reader) readNeed(entry *yaml.Node) (names need) {
	if resolve(entry).Kind != yaml.SequenceNode {
		if name := r.text(entry, "an entry of needs"); name.given() {
			names = append(names, name)
		}
		return names
	}
	list := resolve(entry).Content
	if len(list) == 0 {
		r.addf(entry.Line, "an entry of needs is an empty list: want the names of an API, such as [Conn.Close, Session.Close]")
	}
	for _, n := range list {
		if name := r.text(n, "a name in needs"); name.given() {
			names = append(names, name)
		}
	}
	return names
}

// checkNeeds checks the names in the needs of a scenario.
func (r *reader) checkNeeds(needs []need) {
	earlier := map[string]int{} // line, by name in the entries before
	for _, names := range needs {
		lines := map[string]int{}
		for _, name := range names {
			if _, err := matrix.ParseAPI(name.value); err != nil {
				r.addf(name.line, "%q in needs is not the name of an API: %v", clip(name.value), err)
			}
			if first, again := lines[name.value]; again {
				r.addf(name.line, "%q is already in this list of needs, on line %d: remove one of the two", clip(name.value), first)
			}
			if first, again := earlier[name.value]; again {
				r.addf(name.line, "%q is already needed on line %d: put all names of an API into one entry of needs", clip(name.value), first)
			}
			lines[name.value] = name.line
		}
		maps.Copy(earlier, lines)
	}
}

// buildNeeds converts the needs of a scenario.
func buildNeeds(needs []need) []matrix.Need {
	var all []matrix.Need
	for _, names := range needs {
		all = append(all, values(names))
	}
	return all
}
