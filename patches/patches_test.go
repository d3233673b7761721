package patches_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/suites/zerortt"
	"github.com/matrixrun/matrixrun/patches"
)

// published is what the last full run measured.
const published = "../results/zerortt/results.json"

// load reads the suite and all shipped patches.
func load(t *testing.T) (*matrix.Spec, []*matrix.Patch) {
	t.Helper()
	suite, err := spec.Load(zerortt.Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := fs.ReadDir(patches.Files, ".")
	if err != nil {
		t.Fatal(err)
	}
	var all []*matrix.Patch
	for _, folder := range folders {
		files, err := fs.Sub(patches.Files, folder.Name())
		if err != nil {
			t.Fatal(err)
		}
		p, err := spec.LoadPatch(files, folder.Name())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return suite, all
}

// named returns the releases of the lock that a variant is for, in order.
func named(suite *matrix.Spec, v matrix.Variant) (releases []string) {
	for _, r := range suite.Lock {
		if suite.Releases.Admits(r.Version) && v.Releases.Admits(r.Version) {
			releases = append(releases, r.Version)
		}
	}
	return releases
}

var (
	minor   = regexp.MustCompile(`^v\d+\.\d+`)
	against = regexp.MustCompile(`written against (v\S+)$`)
)

// TestVariants checks that the headers fit the suite, and that the name of each
// file agrees with its header.
func TestVariants(t *testing.T) {
	suite, all := load(t)
	for _, p := range all {
		if err := spec.CheckPatch(p, suite.Lock, suite.Scenarios); err != nil {
			t.Error(err)
		}
		for _, v := range p.Variants {
			releases := named(suite, v)
			if len(releases) == 0 {
				t.Errorf("%s: names no release", v.File)
				continue
			}
			first, last := minor.FindString(releases[0]), minor.FindString(releases[len(releases)-1])
			want := first + "-" + last
			switch {
			case v.Releases.Admits("v99.0.0"):
				want = first + "-newest"
			case first == last:
				want = first
			}
			if got := strings.TrimSuffix(path.Base(v.File), ".patch"); got != want {
				t.Errorf("%s: is for %s - %s: want the name %s.patch", v.File, releases[0], releases[len(releases)-1], want)
			}
			if v.License != "MIT, as the module" {
				t.Errorf("%s: License %q: want that of quic-go", v.File, v.License)
			}
			m := against.FindStringSubmatch(v.Origin)
			if len(m) != 2 || !slices.Contains(releases, m[1]) {
				t.Errorf("%s: Origin %q: want it to end in the release that has these line numbers", v.File, v.Origin)
			}
		}
	}
}

// TestCoverage checks that a patch names exactly the releases in which, by the
// published results, one of the scenarios in its Fixes leaks.
func TestCoverage(t *testing.T) {
	_, all := load(t)
	var results matrix.Results
	read(t, published, &results)
	for _, p := range all {
		for _, row := range results.Rows {
			if len(row.Patches) > 0 {
				continue
			}
			v, covered := p.For(row.Source.Version)
			if !covered {
				v = p.Variants[len(p.Variants)-1] // all variants have the same Fixes
			}
			if leaks := leaksAny(results.Scenarios, &row, v.Fixes); leaks != covered {
				t.Errorf("%s: has a variant for %s: %v; a scenario of %q leaks there: %v", p.Name, row.ID, covered, v.Fixes, leaks)
			}
		}
		for _, v := range p.Variants {
			if diff := cmp.Diff(p.Variants[0].Fixes, v.Fixes); diff != "" {
				t.Errorf("Fixes of %s and %s differ:\n%s", p.Variants[0].File, v.File, diff)
			}
		}
	}
}

// leaksAny reports whether a scenario that matches globs leaks in a row.
func leaksAny(scenarios []matrix.Scenario, row *matrix.RowResult, globs []string) bool {
	return slices.ContainsFunc(judge.Fixes(scenarios, globs), func(name string) bool {
		c, _ := row.Cell(name)
		return c.Verdict.Leaks()
	})
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}
