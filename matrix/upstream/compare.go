package upstream

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Difference compares the tests of a package between a tree without patches and
// one with them.
type Difference struct {
	Passed int                 // in both trees
	Breaks []matrix.FailedTest // fail only with the patches
	Mends  []matrix.FailedTest // fail only without them
	Fails  []matrix.FailedTest // fail in both trees
	Flaky  []matrix.FailedTest // fail now and then, as found by Confirm
	Note   string              // what could not be compared; empty if everything could
}

// Compare compares one run without the patches to one with them. Aside says that the
// patches would change these tests, too, and that this conflicts: then tests that do not
// compile with the patches are not broken by them.
func Compare(without, with *matrix.TestRun, aside bool) Difference {
	var d Difference
	switch {
	case without.State == matrix.TestsUncompiled:
		d.Note = "its tests do not compile without the patch either"
		if with.State != matrix.TestsUncompiled {
			d.Note = "its tests do not compile without the patch, so there is nothing to compare with"
		}
		d.Note += ": " + firstLine(without.Complaint)
		return d
	case with.State == matrix.TestsUncompiled && aside:
		d.Note = "its tests do not compile with the patch, whose own changes of them conflict: " + firstLine(with.Complaint)
		return d
	case with.State == matrix.TestsUncompiled:
		d.Breaks = []matrix.FailedTest{{Output: with.Complaint}}
		return d
	case without.State == matrix.TestsNone && with.State == matrix.TestsNone:
		d.Note = "it has no tests"
		return d
	}
	for _, f := range with.Failed {
		switch {
		case failed(without, f.Name):
			d.Fails = append(d.Fails, f)
		case without.State == matrix.TestsTimedOut && !slices.Contains(without.Passed, f.Name):
			// It may not have run without the patch.
		default:
			d.Breaks = append(d.Breaks, f)
		}
	}
	for _, f := range without.Failed {
		if !failed(with, f.Name) && (with.State != matrix.TestsTimedOut || passed(with, f.Name)) {
			d.Mends = append(d.Mends, f)
		}
	}
	for _, name := range with.Passed {
		if passed(without, name) {
			d.Passed++
		}
	}
	d.Passed += min(with.Specs, without.Specs)
	if without.State == matrix.TestsTimedOut {
		d.Note = "its tests ran out of time without the patch: those that had not run by then could not be compared"
	}
	return d
}

// failed reports whether a test failed in a run.
func failed(run *matrix.TestRun, name string) bool {
	return slices.ContainsFunc(run.Failed, func(f matrix.FailedTest) bool { return f.Name == name })
}

// passed reports whether a test passed in a run. Ginkgo names only the specs that
// failed.
func passed(run *matrix.TestRun, name string) bool {
	return slices.Contains(run.Passed, name) || strings.Contains(name, specMark) && !failed(run, name)
}

// firstLine returns the first line of compiler output that is not a heading.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			return line
		}
	}
	return text
}

// again is how often Confirm runs a test in each tree. In 1 of 64 cases, a test
// that fails half of the time is taken for one that the patch breaks.
const again = 3

// Confirm runs the tests in d.Breaks and d.Mends again, one at a time, in both
// trees. A test that does not always fail in the one tree and always pass in the
// other moves to d.Flaky: the patch is not the cause. Nothing else should run at
// the same time. limit bounds each run.
func (d *Difference) Confirm(ctx context.Context, without, with *Tree, pkg string, limit time.Duration) error {
	var err error
	var flaky []matrix.FailedTest
	if d.Breaks, flaky, err = confirm(ctx, with, without, pkg, d.Breaks, limit); err != nil {
		return err
	}
	d.Flaky = append(d.Flaky, flaky...)
	if d.Mends, flaky, err = confirm(ctx, without, with, pkg, d.Mends, limit); err != nil {
		return err
	}
	d.Flaky = append(d.Flaky, flaky...)
	return nil
}

// confirm divides failed tests into those that always fail in bad and never in
// good, and the flaky ones.
func confirm(ctx context.Context, bad, good *Tree, pkg string, seen []matrix.FailedTest, limit time.Duration) (sure, flaky []matrix.FailedTest, err error) {
	doubt := map[string]bool{}
	for _, top := range tops(seen) {
		mine := slices.DeleteFunc(slices.Clone(seen), func(f matrix.FailedTest) bool { return topOf(f.Name) != top })
		for i := range 2 * again {
			tree := bad
			if i >= again {
				tree = good
			}
			run, err := tree.Run(ctx, pkg, top, limit)
			if err != nil {
				return nil, nil, fmt.Errorf("running %s again: %w", matrix.UpstreamTest{Package: pkg, Test: top}.Name(), err)
			}
			if run.State == matrix.TestsUncompiled || run.State == matrix.TestsNone {
				break // the result would be the same each time
			}
			left := 0
			for _, f := range mine {
				if failed(run, f.Name) != (i < again) {
					doubt[f.Name] = true
				}
				if !doubt[f.Name] {
					left++
				}
			}
			if left == 0 {
				break
			}
		}
	}
	for _, f := range seen {
		if doubt[f.Name] {
			flaky = append(flaky, f)
		} else {
			sure = append(sure, f)
		}
	}
	return sure, flaky, nil
}

// tops returns the top-level tests of failed tests, each once. Only these can be
// run by themselves.
func tops(seen []matrix.FailedTest) []string {
	var all []string
	for _, f := range seen {
		if top := topOf(f.Name); !slices.Contains(all, top) {
			all = append(all, top)
		}
	}
	return all
}

// topOf returns the top-level test that contains a subtest or spec.
func topOf(name string) string {
	name, _, _ = strings.Cut(name, specMark)
	name, _, _ = strings.Cut(name, "/")
	return name
}
