package content

import (
	"path"
	"slices"
)

// terms are what a search looks for.
type terms struct {
	names    map[name]int        // of functions, numbered from 0
	filter   [1 << 10]uint64     // bits, by the end of a name: without its bit, a name is not in names
	funcs    map[string]int      // the numbers of the names of functions, by the digests of these
	paths    map[string][]string // of Go files, by their last element
	releases []names
}

// names has the number of functions of a release with each name, by the number of the name,
// and how many functions a copy of the release has at least.
type names struct {
	counts []int
	least  int
}

// look returns what to look for.
func (x *Index) look() *terms {
	x.once.Do(func() { x.terms = termsOf(x.releases) })
	return &x.terms
}

// termsOf returns what to look for of some releases. Neighbours have most files in common,
// which are read once.
func termsOf(releases []release) terms {
	t := terms{names: map[name]int{}, funcs: map[string]int{}, paths: map[string][]string{}}
	known := make(map[string]bool)    // paths of files
	numbers := make(map[string][]int) // of the names of functions, by entry.funcs
	for _, r := range releases {
		for _, e := range r.files {
			if e.isGo() && !known[e.path] {
				known[e.path] = true
				t.paths[path.Base(e.path)] = append(t.paths[path.Base(e.path)], e.path)
			}
			if _, ok := numbers[e.funcs]; !ok {
				numbers[e.funcs] = t.add(e)
			}
		}
	}
	counts := make([]int, len(t.names)) // of the functions of a release, by the numbers of their names
	for _, r := range releases {
		clear(counts)
		functions := 0
		for _, e := range r.files {
			for _, n := range numbers[e.funcs] {
				counts[n]++
				functions++
			}
		}
		if functions > 0 {
			t.releases = append(t.releases, names{slices.Clone(counts), least(functions)})
		}
	}
	return t
}

// number returns the number of the name of a function; ok is false if no release has a function
// of that name. The filter rules out nine in ten of the other names without a look at the map.
func (t *terms) number(n name) (number int, ok bool) {
	if word, bit := place(n); t.filter[word]&bit == 0 {
		return 0, false
	}
	number, ok = t.names[n]
	return number, ok
}

// place returns where the bit of a name is in the filter.
func place(n name) (word int, bit uint64) { return int(n>>6) & (1<<10 - 1), 1 << (n & 63) }

// add adds the functions of a file, and returns the numbers of their names.
func (t *terms) add(e entry) (numbers []int) {
	for f := range e.functions {
		if _, ok := t.funcs[f]; !ok {
			n, _ := parseName(f[:nameLen])
			if _, ok := t.names[n]; !ok {
				t.names[n] = len(t.names)
				word, bit := place(n)
				t.filter[word] |= bit
			}
			t.funcs[f] = t.names[n]
		}
		numbers = append(numbers, t.funcs[f])
	}
	return numbers
}

// enough reports whether code that has so many functions of each name can be a copy of a
// release.
func (t *terms) enough(seen map[int]int) bool {
	return slices.ContainsFunc(t.releases, func(r names) bool {
		common := 0
		for n, count := range seen {
			common += min(count, r.counts[n])
		}
		return common >= r.least
	})
}

// least returns how many functions of a release some code must have to count as a copy:
// a fiftieth of them, but more than a few, unless the release has so few that half of
// them is less.
func least(functions int) int {
	return max((functions+49)/50, min(10, (functions+1)/2))
}
