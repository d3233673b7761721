package complete

import (
	"fmt"
	goversion "go/version"
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

// suiteOf returns the suite that an unfinished command line names, or the default
// suite if it names none. A suite with mistakes offers nothing: completion is no
// time to report them.
func suiteOf(c *cobra.Command, args []string) *matrix.Spec {
	at := 0 // the index of SUITE
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

// versionsOf returns the releases of a suite, the newest first.
func versionsOf(suite *matrix.Spec) (versions []string) {
	for _, r := range slices.Backward(suite.Lock) {
		if suite.Releases.Admits(r.Version) {
			versions = append(versions, r.Version)
		}
	}
	return versions
}

func version(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return withPrefix(versionsOf(suiteOf(c, args)), prefix), inOrder
}

// only completes the last of several versions, which commas separate. It does
// not offer those that are already in the list.
func only(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return last(versionsOf(suiteOf(c, args)), prefix), inOrder
}

// toolchain completes the last of several toolchains with those that the suite names, the
// newest first. Any other may be typed.
func toolchain(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []string
	for _, rule := range suiteOf(c, args).Toolchains {
		all = append(append(all, rule.Go), rule.Also...)
	}
	slices.SortFunc(all, func(a, b string) int { return goversion.Compare(b, a) })
	return last(slices.Compact(all), prefix), inOrder
}

// last completes the last of several words, which commas separate, with those of words that
// are not already in the list.
func last(words []string, prefix string) []cobra.Completion {
	cut := strings.LastIndexByte(prefix, ',') + 1
	given := strings.Split(prefix[:cut], ",")
	var all []cobra.Completion
	for _, w := range words {
		if !slices.Contains(given, w) {
			all = append(all, prefix[:cut]+w)
		}
	}
	return withPrefix(all, prefix)
}

// lastBound matches a range up to the operator of its last bound, and the version
// after that operator.
var lastBound = regexp.MustCompile(`^(.*(?:[<>!]=?|=|~>) *)([0-9v][^ ,]*)?$`)

// versionRange completes the version after the last operator of a range, or
// offers operators.
func versionRange(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	found := lastBound.FindStringSubmatch(prefix)
	if found == nil {
		head := prefix[:strings.LastIndexByte(prefix, ',')+1]
		if strings.TrimSpace(prefix[len(head):]) != "" {
			return nil, noFiles // neither an operator nor the beginning of one
		}
		if head != "" {
			head += " "
		}
		return []cobra.Completion{head + ">= \tfrom a release on", head + "< \tbefore a release", head + "= \tone release", head + "~> \ta line of releases"}, openEnded
	}
	var all []cobra.Completion
	for _, v := range versionsOf(suiteOf(c, args)) {
		if strings.HasPrefix(v, "v"+strings.TrimPrefix(found[2], "v")) {
			all = append(all, found[1]+strings.TrimPrefix(v, "v"))
		}
	}
	return all, inOrder
}

// patch offers the patches that have a name. Any other patch is a folder or a
// diff file.
func patch(c *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []cobra.Completion
	for _, name := range find.Patches() {
		meaning := ""
		if p, err := find.Patch(c.Context(), name, spec.Found); err == nil && p != nil && len(p.Variants) > 0 {
			meaning, _, _ = strings.Cut(p.Variants[0].Description, "\n")
		}
		all = append(all, describe(name, meaning))
	}
	return withPrefix(all, prefix), orFiles
}

func scenario(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []cobra.Completion
	for _, s := range suiteOf(c, args).Scenarios {
		all = append(all, describe(s.Name, s.Title))
	}
	return withPrefix(all, prefix), inOrder
}

// suite offers the shipped suites and those in the current folder, or else
// folders.
func suite(_ *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []cobra.Completion
	for _, name := range find.Shipped() {
		all = append(all, describe(name, "comes with the program"))
	}
	here, _ := filepath.Glob(filepath.Join("*", spec.FileName))
	for _, file := range here {
		all = append(all, describe("./"+filepath.ToSlash(filepath.Dir(file)), "a suite in this folder"))
	}
	slices.Sort(all)
	if fit := withPrefix(all, prefix); len(fit) > 0 {
		return fit, noFiles
	}
	return nil, onlyDirs
}

// patchesAndSuite offers patches and, after the first one, suites too.
func patchesAndSuite(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if git, _ := c.Flags().GetString("git"); git != "" {
		return nil, noFiles // only git knows the commits
	}
	all, how := patch(c, args, prefix)
	if len(args) > 0 {
		suites, _ := suite(c, args, prefix)
		all = append(all, suites...)
	}
	return all, how
}

// cell completes ROW/SCENARIO in two steps, because there are thousands of cells:
// first the row and its slash, then the scenario.
func cell(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	rows, scenarios := rowsAndScenarios(c, args, prefix)
	cut := strings.LastIndexByte(prefix, '/') + 1
	var all []cobra.Completion
	if cut == 0 {
		for _, row := range rows {
			all = append(all, row+"/")
		}
		return withPrefix(all, prefix), openEnded
	}
	for _, s := range scenarios {
		all = append(all, describe(prefix[:cut]+s.Name, s.Title))
	}
	return withPrefix(all, prefix), inOrder
}

// rowsAndScenarios returns the rows and scenarios of the results of --from, or of
// the suite. A suite has a row for each release. If prefix has a +, as patched rows
// do, it also has one for each patch and each release that the patch names.
func rowsAndScenarios(c *cobra.Command, args []string, prefix string) (rows []string, scenarios []matrix.Scenario) {
	if from, _ := c.Flags().GetString("from"); from != "" {
		results, err := find.Results(c.Context(), from)
		if err != nil {
			return nil, nil
		}
		for _, row := range results.Rows {
			rows = append(rows, row.ID)
		}
		return rows, results.Scenarios
	}
	suite := suiteOf(c, append([]string{prefix}, args...))
	versions := versionsOf(suite)
	if !strings.Contains(prefix, "+") {
		return versions, suite.Scenarios
	}
	rows = slices.Clone(versions) // some end in +incompatible
	for _, name := range find.Patches() {
		p, err := find.Patch(c.Context(), name, spec.Found)
		if err != nil || p == nil {
			continue
		}
		for _, v := range versions {
			if _, ok := p.For(v); ok {
				rows = append(rows, matrix.RowID{Version: v, Patches: []string{name}}.String())
			}
		}
	}
	return rows, suite.Scenarios
}

// helpTopic offers commands and topics.
func helpTopic(c *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []cobra.Completion
	for _, known := range manual.Commands(c.Root()) {
		all = append(all, describe(known.Name(), known.Short))
	}
	for _, t := range manual.Topics {
		all = append(all, describe(t.Name, t.About))
	}
	return withPrefix(all, prefix), inOrder
}

// shard offers the parts of a run on a usual number of machines, and that an engine chooses.
func shard(_ *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
	all := []cobra.Completion{"auto\tthe part that an engine gives this process"}
	for _, of := range []int{2, 4, 8, 16} {
		for i := range of {
			all = append(all, fmt.Sprintf("%d/%d", i+1, of))
		}
	}
	return withPrefix(all, prefix), inOrder
}
