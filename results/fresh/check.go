package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// Where everything is, below the module's root.
const (
	suiteFolder   = "matrix/suites/zerortt"
	patchesFolder = "patches"
	published     = "results/zerortt"
	againstNewest = published + "/against-newest"
	resultsFile   = output.ResultsFile
	readme        = "README.md"
)

// What mends what.
const (
	cureRun       = "make results"
	cureWrite     = "go run ./results/fresh write"
	cureBackports = "make backports"
)

// A tree is a checkout of this module.
type tree struct{ root string }

// A stale is something that is out of date.
type stale struct {
	file, what, cure string
}

// A known is what is published, and what it must be true of.
type known struct {
	suite    *matrix.Spec
	todo     *matrix.Plan // the releases as they are
	whole    *matrix.Plan // and each with all patches that name it
	patches  []*matrix.Patch
	sources  string
	results  *matrix.Results
	toNewest *matrix.Results
}

// read reads what there is. The error says that something cannot be read at all.
func (t tree) read() (k known, err error) {
	if k.sources, err = t.sources(); err != nil {
		return k, err
	}
	if k.suite, err = spec.Load(os.DirFS(t.path(suiteFolder)), suiteFolder); err != nil {
		return k, err
	}
	if k.todo, err = plan.New(k.suite, plan.Selection{}); err != nil {
		return k, err
	}
	if k.patches, err = t.shippedPatches(); err != nil {
		return k, err
	}
	if k.whole, err = plan.New(k.suite, plan.Selection{Patches: k.patches, Together: true}); err != nil {
		return k, err
	}
	if k.results, err = t.results(published); err != nil {
		return k, err
	}
	k.toNewest, err = t.results(againstNewest)
	return k, err
}

// results reads a results.json by its folder.
func (t tree) results(folder string) (*matrix.Results, error) {
	return output.Read(t.path(folder))
}

// check finds what is out of date, in the order in which it is to be mended.
func (t tree) check() ([]stale, error) {
	k, err := t.read()
	if err != nil {
		return nil, err
	}
	found := checkRun(k, published, k.results, k.whole, "")
	found = append(found, checkRun(k, againstNewest, k.toNewest, k.todo, newest(k.suite.Lock))...)
	for folder, r := range map[string]*matrix.Results{published: k.results, againstNewest: k.toNewest} {
		more, err := t.checkEvidence(folder, r)
		if err != nil {
			return found, err
		}
		found = append(found, more...)
	}
	slices.SortStableFunc(found, func(a, b stale) int { return strings.Compare(a.file, b.file) })
	more, err := t.checkBackports(k)
	if err != nil {
		return found, err
	}
	found = append(found, more...)
	made, err := t.make(k)
	for _, d := range made {
		if now, _ := os.ReadFile(t.path(d.file)); !bytes.Equal(now, d.data) {
			found = append(found, stale{d.file, "it is not what is made of " + d.of + ", " + firstDifference(now, d.data), cureWrite})
		}
	}
	return found, err
}

// checkPatches finds the patches that have moved on since a run of the same rows.
func checkPatches(folder string, r *matrix.Results, todo *matrix.Plan) (found []stale) {
	told := make(map[string]bool)
	for i, row := range todo.Rows {
		for n, v := range row.Patches {
			if had := r.Rows[i].Patches; (n >= len(had) || had[n].SHA256 != v.SHA256) && !told[v.Patch] {
				told[v.Patch] = true
				found = append(found, stale{folder + "/" + resultsFile, fmt.Sprintf("the patch %s has moved on since it was tried on %s", v.Patch, row.Release.Version), cureRun})
			}
		}
	}
	return found
}

// checkRun finds what has moved on since a run, which is to have the rows of a plan.
// Server is the release whose servers it is against.
func checkRun(k known, folder string, r *matrix.Results, todo *matrix.Plan, server string) (found []stale) {
	moved := func(what string) { found = append(found, stale{folder + "/" + resultsFile, what, cureRun}) }
	if r.Lock != k.suite.LockDigest {
		moved("another releases.lock than this one was run")
	}
	if r.Reproduction != k.suite.ReproductionDigest {
		moved("another reproduction than this one was run")
	}
	switch made, ok := sourcesOf(r.Matrixrun); {
	case !ok:
		moved(fmt.Sprintf("matrixrun %s made it, which does not say of what sources it was", r.Matrixrun))
	case made != k.sources:
		moved(fmt.Sprintf("it was made by the sources %s, and these are %s: the code of a run, a module that it imports or matrix.yaml has moved on", made, k.sources))
	}
	var ids, want []string
	for _, row := range r.Rows {
		ids = append(ids, row.ID)
		if row.Server != server {
			moved(fmt.Sprintf("%s is against servers of %q, want %q", row.ID, row.Server, server))
		}
	}
	for _, row := range todo.Rows {
		want = append(want, row.ID)
	}
	if !slices.Equal(ids, want) {
		moved(fmt.Sprintf("it is of %s, and not of the %d that a whole run has", count(len(ids), "row"), len(want)))
	} else {
		found = append(found, checkPatches(folder, r, todo)...)
	}
	if !slices.EqualFunc(r.Scenarios, k.todo.Scenarios, func(a, b matrix.Scenario) bool { return a.Name == b.Name && a.Kind == b.Kind && a.Title == b.Title }) {
		moved("it has other scenarios than matrix.yaml")
	}
	return found
}

// sourcesOf returns the digest of the sources in a version of matrixrun.
func sourcesOf(version string) (string, bool) {
	_, after, _ := strings.Cut(version, "(sources ")
	return strings.CutSuffix(after, ")")
}

// newest returns the newest release of a lock.
func newest(lock []matrix.Release) string {
	newest := ""
	for _, r := range lock {
		if !matrix.IsPrerelease(r.Version) && (newest == "" || matrix.CompareVersions(r.Version, newest) > 0) {
			newest = r.Version
		}
	}
	return newest
}

// firstDifference says where two texts part.
func firstDifference(is, want []byte) string {
	if is == nil {
		return "there is no such file"
	}
	a, b := strings.Split(string(is), "\n"), strings.Split(string(want), "\n")
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return fmt.Sprintf("from line %d on", n+1)
}
