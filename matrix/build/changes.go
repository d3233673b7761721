package build

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Since returns what changed from an earlier recipe of the same row, one phrase for
// each change. It is empty if both make the same binary.
func (r Recipe) Since(was Recipe) []string {
	var changes []string
	add := func(changed bool, format string, args ...any) {
		if changed {
			changes = append(changes, fmt.Sprintf(format, args...))
		}
	}
	add(r.Recipe != was.Recipe, "this version of matrixrun builds differently (recipe %d, was %d)", r.Recipe, was.Recipe)
	add(r.Reproduction != was.Reproduction, "the reproduction's sources changed")
	add(r.Target != was.Target, "the target is %s, was %s", r.Target, was.Target)
	add(r.Version != was.Version, "the release is %s, was %s", r.Version, was.Version)
	add(r.Module != was.Module, "the release comes from %s, was %s", r.Module, was.Module)
	add(r.Sum != was.Sum, "the release's checksum changed")
	add(r.Rehomed && !was.Rehomed, "the release now gets another module path")
	add(!r.Rehomed && was.Rehomed, "the release now keeps its module path")
	add(r.GoLine != was.GoLine, "the reproduction's own go line is %s, was %s", orUnkept(r.GoLine), orUnkept(was.GoLine))
	add(r.Required != was.Required, "go.mod now requires %s of the target, was %s", orLowest(r.Required), orLowest(was.Required))
	add(r.Swap != was.Swap, "the reproduction has the package %s, had %s", cmp.Or(r.Swap.To, was.Swap.From), cmp.Or(was.Swap.To, r.Swap.From))
	add(r.Test != was.Test, "%s is compiled, was %s", orProgram(r.Test), orProgram(was.Test))
	changes = append(changes, patchesSince(r.Patches, was.Patches)...)
	add(r.Toolchain != was.Toolchain, "the toolchain is %s, was %s", r.Toolchain, was.Toolchain)
	add(r.Counts && !was.Counts, "the program now counts how often the target's code runs")
	add(!r.Counts && was.Counts, "the program no longer counts how often the target's code runs")
	changes = append(changes, listSince("the C compiler or its flags", r.C, was.C)...)
	tags, flags := adapterTags(r.Flags)
	oldTags, oldFlags := adapterTags(was.Flags)
	add(tags != oldTags, "the adapter is %s, was %s", orNewest(tags), orNewest(oldTags))
	changes = append(changes, listSince("the flags", flags, oldFlags)...)
	changes = append(changes, listSince("the environment", r.Environment, was.Environment)...)
	add(r.GOOS != was.GOOS || r.GOARCH != was.GOARCH, "the platform is %s/%s, was %s/%s", r.GOOS, r.GOARCH, was.GOOS, was.GOARCH)
	if len(changes) == 0 && r.Key() != was.Key() {
		changes = append(changes, "its recipe changed") // a field that has no phrase above
	}
	return changes
}

// patchesSince returns what changed in the patches of a row, given as pairs of name
// and SHA-256.
func patchesSince(is, was [][2]string) (changes []string) {
	old := make(map[string]string)
	for _, p := range was {
		old[p[0]] = p[1]
	}
	for _, p := range is {
		sum, ok := old[p[0]]
		switch {
		case !ok:
			changes = append(changes, fmt.Sprintf("the patch %s is new", p[0]))
		case sum != p[1]:
			changes = append(changes, fmt.Sprintf("the patch %s changed", p[0]))
		}
		delete(old, p[0])
	}
	for _, p := range was {
		if _, gone := old[p[0]]; gone {
			changes = append(changes, fmt.Sprintf("the patch %s is gone", p[0]))
		}
	}
	if len(changes) == 0 && !slices.Equal(is, was) {
		changes = append(changes, "the patches apply in another order")
	}
	return changes
}

// adapterTags separates the tags from the other flags of a build.
func adapterTags(flags []string) (tags string, rest []string) {
	for _, f := range flags {
		if t, ok := strings.CutPrefix(f, "-tags="); ok {
			tags = t
			continue
		}
		rest = append(rest, f)
	}
	return tags, rest
}

// orProgram names what is compiled.
func orProgram(test string) string {
	if test == "" {
		return "a program"
	}
	return "the test binary of " + test
}

// orNewest returns the name of an adapter: its tags, if it has any.
func orNewest(tags string) string {
	if tags == "" {
		return "the one without tags"
	}
	return tags
}

// orUnkept names the go line of a reproduction, which old versions of matrixrun did not keep.
func orUnkept(line string) string { return cmp.Or(line, "not kept") }

// orLowest names the version in which go.mod requires the target.
func orLowest(required string) string { return cmp.Or(required, "the lowest version") }

// listSince returns which items a list gained and lost.
func listSince(what string, is, was []string) []string {
	if slices.Equal(is, was) {
		return nil
	}
	var parts []string
	for _, side := range []struct {
		word     string
		in, from []string
	}{{"now with", is, was}, {"without", was, is}} {
		only := slices.DeleteFunc(slices.Clone(side.in), func(s string) bool { return slices.Contains(side.from, s) })
		if len(only) > 0 {
			parts = append(parts, side.word+" "+strings.Join(only, " "))
		}
	}
	if parts == nil {
		return []string{what + " changed in order"}
	}
	return []string{what + " changed: " + strings.Join(parts, ", ")}
}
