package main

import (
	"fmt"
	"strings"
)

// outputs returns the outputs of a workflow step.
func (s selection) outputs() string {
	return fmt.Sprintf("patches=%s\nrows=%s\nsample=%s\n", strings.Join(s.patches, " "), s.rows, samples[s.rows])
}

// String returns what to try, why, and the commands that do it.
func (s selection) String() string {
	var out strings.Builder
	for _, name := range s.patches {
		fmt.Fprintf(&out, "patch %s: on each release that it names, with and without it (%s)\n", name, s.reasons[name])
	}
	for _, name := range s.gone {
		fmt.Fprintf(&out, "patch %s: gone, nothing to try (%s)\n", name, s.reasons[name])
	}
	for _, name := range s.misplaced {
		fmt.Fprintf(&out, "%q: not the file of a patch, want patches/NAME/RANGE.patch\n", name)
	}
	switch s.rows {
	case all:
		fmt.Fprintf(&out, "all releases (%s)\n", s.reasons[all])
	case sample:
		fmt.Fprintf(&out, "the newest release of each minor line (%s)\n", s.reasons[sample])
	}
	if out.Len() == 0 {
		return "nothing that a row depends on has changed\n"
	}
	if len(s.patches) > 0 {
		fmt.Fprintf(&out, "try it:  make patched PATCHES='%s'\n", strings.Join(s.patches, " "))
	}
	if s.rows != none {
		words := "make shard"
		if sample := samples[s.rows]; sample != "" {
			words += " SAMPLE=" + sample
		}
		fmt.Fprintf(&out, "try it:  %s merge gate\n", words)
	}
	return out.String()
}
