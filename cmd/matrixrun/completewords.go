package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// askedSuite is the suite that a command line is about, as far as it stands, and
// the shipped one where that cannot be told. A suite that has mistakes is no
// time to report them: nothing is offered of it.
func askedSuite(c *cobra.Command, args []string) *matrix.Spec {
	at := 0 // where SUITE stands among the words
	switch c.Name() {
	case "fork", "show":
		at = 1
	case "backport":
		at = max(1, len(args)-1)
	}
	var named []string
	if at < len(args) && find.IsSuite(args[at]) {
		named = args[at : at+1]
	}
	suite, err := find.Suite(named)
	if err != nil {
		return &matrix.Spec{}
	}
	return suite
}

// versionsOf lists the releases of a suite, the newest first.
func versionsOf(suite *matrix.Spec) (versions []string) {
	for _, r := range slices.Backward(suite.Lock) {
		if suite.Releases.Admits(r.Version) {
			versions = append(versions, r.Version)
		}
	}
	return versions
}

func completeVersion(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return begins(versionsOf(askedSuite(c, args)), begun), inOrder
}

// completeOnly completes the last of some versions, which are separated by
// commas, with those that are not among them yet.
func completeOnly(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	cut := strings.LastIndexByte(begun, ',') + 1
	given := strings.Split(begun[:cut], ",")
	var all []string
	for _, v := range versionsOf(askedSuite(c, args)) {
		if !slices.Contains(given, v) {
			all = append(all, begun[:cut]+v)
		}
	}
	return begins(all, begun), inOrder
}

// lastBound is the end of a range from the operator of its last bound on.
var lastBound = regexp.MustCompile(`^(.*(?:[<>!]=?|=|~>) *)([0-9v][^ ,]*)?$`)

// completeRange completes the version behind an operator of a range, or begins a
// bound with one.
func completeRange(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	found := lastBound.FindStringSubmatch(begun)
	if found == nil {
		head := begun[:strings.LastIndexByte(begun, ',')+1]
		if head != "" {
			head += " "
		}
		if strings.TrimSpace(begun[len(strings.TrimSpace(head)):]) != "" {
			return nil, noFiles // something else than an operator stands there
		}
		return []cobra.Completion{head + ">= \tfrom a release on", head + "< \tbefore a release", head + "= \tone release", head + "~> \ta line of releases"}, unended
	}
	var all []string
	for _, v := range versionsOf(askedSuite(c, args)) {
		if strings.HasPrefix(v, "v"+strings.TrimPrefix(found[2], "v")) {
			all = append(all, found[1]+strings.TrimPrefix(v, "v"))
		}
	}
	return all, inOrder
}

// completePatch offers the patches that have a name; else it may be a folder or
// a diff file.
func completePatch(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []string
	for _, name := range find.Patches() {
		text := ""
		if p, err := find.Patch(name); err == nil && p != nil && len(p.Variants) > 0 {
			text, _, _ = strings.Cut(p.Variants[0].Description, "\n")
		}
		all = append(all, about(name, text))
	}
	return begins(all, begun), orFiles
}

func completeScenario(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []string
	for _, s := range askedSuite(c, args).Scenarios {
		all = append(all, about(s.Name, s.Title))
	}
	return begins(all, begun), inOrder
}

// completeSuite offers the shipped suites and the folders at hand that are one;
// else it may be a folder elsewhere.
func completeSuite(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []string
	for _, name := range find.Shipped() {
		all = append(all, about(name, "comes with the program"))
	}
	here, _ := filepath.Glob(filepath.Join("*", spec.FileName))
	for _, file := range here {
		all = append(all, about("./"+filepath.ToSlash(filepath.Dir(file)), "a suite in this folder"))
	}
	slices.Sort(all)
	if fit := begins(all, begun); len(fit) > 0 {
		return fit, noFiles
	}
	return nil, onlyDirs
}

// completeBackport offers patches, and behind one a suite too.
func completeBackport(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if git, _ := c.Flags().GetString("git"); git != "" {
		return nil, noFiles // only git knows the commits
	}
	all, how := completePatch(c, args, begun)
	if len(args) > 0 {
		suites, _ := completeSuite(c, args, begun)
		all = append(all, suites...)
	}
	return begins(all, begun), how
}

func completeTopic(c *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []string
	for _, known := range manual.Commands(c.Root()) {
		all = append(all, about(known.Name(), known.Short))
	}
	for _, t := range manual.Topics {
		all = append(all, about(t.Name, t.About))
	}
	return begins(all, begun), inOrder
}

func completeFormat(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []string
	for _, f := range formats {
		all = append(all, about(f.name, f.about))
	}
	return begins(all, begun), inOrder
}

// completeShard offers the parts of a run on a usual number of machines, and of
// the number that stands there.
func completeShard(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []string
	for _, of := range []int{2, 4, 8, 16} {
		for i := range of {
			all = append(all, fmt.Sprintf("%d/%d", i+1, of))
		}
	}
	return begins(all, begun), inOrder
}
