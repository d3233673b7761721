package upstream

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// A Difference is in what the tests of a package differ, between a tree without
// patches and one with them.
type Difference struct {
	Passed int                 // on both sides
	Breaks []matrix.FailedTest // pass without the patches, fail with them
	Mends  []matrix.FailedTest // the other way round
	Fails  []matrix.FailedTest // fail either way
	Flaky  []matrix.FailedTest
	Note   string // what could not be compared; empty where all could
}

// Compare tells in what two runs of a package's tests differ, at first sight.
func Compare(without, with *matrix.TestRun) Difference {
	var d Difference
	switch {
	case without.State == matrix.TestsUncompiled:
		d.Note = "its tests do not compile without the patch either"
		if with.State != matrix.TestsUncompiled {
			d.Note = "its tests do not compile without the patch, so there is nothing to compare with"
		}
		d.Note += ": " + firstLine(without.Complaint)
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
			// Whether it would have passed is not known.
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

func failed(run *matrix.TestRun, name string) bool {
	return slices.ContainsFunc(run.Failed, func(f matrix.FailedTest) bool { return f.Name == name })
}

func passed(run *matrix.TestRun, name string) bool {
	return slices.Contains(run.Passed, name) || strings.Contains(name, specMark) && !failed(run, name)
}

func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			return line
		}
	}
	return text
}

// again is how often a test is run again on either side. One that fails every
// other time is taken for one that the patch breaks in one of 64 cases.
const again = 3

// Confirm runs what a patch seems to break, or to mend, again on both sides, a
// test at a time: what does not fail each time on the one side, and never on the
// other, is flaky, and nothing that the patch did. Run it with nothing beside
// it. limit is what a run may take.
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

// confirm tells apart what always fails in one tree and never in the other.
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
				break // which is the same each time
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

// tops lists the tests that can be run by themselves, each once.
func tops(seen []matrix.FailedTest) []string {
	var all []string
	for _, f := range seen {
		if top := topOf(f.Name); !slices.Contains(all, top) {
			all = append(all, top)
		}
	}
	return all
}

func topOf(name string) string {
	name, _, _ = strings.Cut(name, specMark)
	name, _, _ = strings.Cut(name, "/")
	return name
}
