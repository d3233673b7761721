package program

import (
	"slices"
	"strings"
)

// setParents sets the parents of the modules that no main module imports: the shortest
// chain of modules, in their selected versions, from a direct requirement on. The graph
// is what go mod graph printed: lines with a module and one that it requires.
func setParents(all []listed, graph string) {
	selected := make(map[string]string) // by path, as the graph names it
	var reached []string
	from := make(map[string]string)
	for i := range all {
		m := &all[i]
		selected[m.Path] = m.Path
		if m.Version != "" {
			selected[m.Path] += "@" + m.Version
		}
		if !m.Main && !m.Indirect {
			from[m.Path] = ""
			reached = append(reached, m.Path)
		}
	}
	requires := make(map[string][]string) // by path, the paths
	for line := range strings.Lines(graph) {
		by, what, ok := strings.Cut(strings.TrimSpace(line), " ")
		path, _, _ := strings.Cut(by, "@")
		if required, _, _ := strings.Cut(what, "@"); ok && selected[path] == by {
			requires[path] = append(requires[path], required)
		}
	}
	for i := 0; i < len(reached); i++ {
		for _, path := range requires[reached[i]] {
			if _, ok := from[path]; !ok {
				from[path] = reached[i]
				reached = append(reached, path)
			}
		}
	}
	for i := range all {
		for path := from[all[i].Path]; path != "" && !all[i].Main; path = from[path] {
			all[i].parents = append(all[i].parents, selected[path])
		}
		slices.Reverse(all[i].parents)
	}
}
