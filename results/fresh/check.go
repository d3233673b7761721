package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// Paths relative to the root of the module.
const (
	suiteFolder   = "matrix/suites/zerortt"
	patchesFolder = "patches"
	published     = "results/zerortt"
	againstNewest = published + "/against-newest"
	ofForks       = published + "/forks"
	resultsFile   = output.ResultsFile
	indexFile     = "index.html" // of what is published
	readme        = "README.md"
	benchReadme   = suiteFolder + "/bench/" + readme
)

// Commands that fix what is out of date.
const (
	cureRun       = "make results"
	cureWrite     = "go run ./results/fresh write"
	cureBackports = "make backports"
)

// A tree is a checkout of this module.
type tree struct{ root string }

// A stale is something that is out of date, and the command that fixes it.
type stale struct {
	file, what, cure string
}

// A known is what is published and what it depends on.
type known struct {
	suite    *matrix.Spec
	plain    *matrix.Plan // the releases without patches
	patched  *matrix.Plan // and each release with all patches that name it
	patches  []*matrix.Patch
	sources  string
	results  *matrix.Results
	toNewest *matrix.Results
	forks    *matrix.Results
	others   []other
}

// An other is another suite, which is published without patches, forks and other servers.
type other struct {
	folder  string // of its results
	suite   *matrix.Spec
	plan    *matrix.Plan
	results *matrix.Results
}

// read reads the tree.
func (t tree) read() (k known, err error) {
	if k.sources, err = t.sources(); err != nil {
		return k, err
	}
	if k.suite, err = spec.Load(os.DirFS(t.path(suiteFolder)), suiteFolder); err != nil {
		return k, err
	}
	if k.plain, err = plan.New(k.suite, plan.Selection{}); err != nil {
		return k, err
	}
	if k.patches, err = t.shippedPatches(); err != nil {
		return k, err
	}
	if k.patched, err = plan.New(k.suite, plan.Selection{Patches: k.patches, Together: true}); err != nil {
		return k, err
	}
	if k.results, err = t.results(published); err != nil {
		return k, err
	}
	if k.toNewest, err = t.results(againstNewest); err != nil {
		return k, err
	}
	if k.forks, err = t.results(ofForks); err != nil {
		return k, err
	}
	k.others, err = t.readOthers()
	return k, err
}

// readOthers reads the other suites that are published, by name.
func (t tree) readOthers() (all []other, err error) {
	files, err := filepath.Glob(t.path("results/*/" + resultsFile))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		o := other{folder: "results/" + name}
		if o.folder == published {
			continue
		}
		folder := "matrix/suites/" + name
		if o.suite, err = spec.Load(os.DirFS(t.path(folder)), folder); err != nil {
			return nil, err
		}
		if o.plan, err = plan.New(o.suite, plan.Selection{}); err != nil {
			return nil, err
		}
		if o.results, err = t.results(o.folder); err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// results reads the results.json in a folder.
func (t tree) results(folder string) (*matrix.Results, error) {
	return output.Read(context.Background(), t.path(folder))
}

// check returns what is out of date, in the order in which it should be fixed.
func (t tree) check() ([]stale, error) {
	k, err := t.read()
	if err != nil {
		return nil, err
	}
	found := checkRun(k, published, k.results, k.patched, "")
	found = append(found, checkRun(k, againstNewest, k.toNewest, k.plain, newest(k.suite.Lock))...)
	folders := map[string]*matrix.Results{published: k.results, againstNewest: k.toNewest, ofForks: k.forks}
	for _, o := range k.others {
		found = append(found, checkRun(known{suite: o.suite, plain: o.plan, sources: k.sources}, o.folder, o.results, o.plan, "")...)
		folders[o.folder] = o.results
	}
	forks, err := checkForks(k)
	if err != nil {
		return nil, err
	}
	found = append(found, forks...)
	for folder, r := range folders {
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
	made, err := t.documents(k)
	if err != nil {
		return found, err
	}
	if differing := t.differing(made); len(differing) > 0 {
		return append(found, differing...), nil // the index depends on which documents there are
	}
	index, err := t.index(k)
	if err != nil {
		return found, err
	}
	return append(found, t.differing([]document{index})...), nil
}

// differing returns the documents that are not in the tree as they should be.
func (t tree) differing(documents []document) (found []stale) {
	for _, d := range documents {
		if now, _ := os.ReadFile(t.path(d.file)); !bytes.Equal(now, d.data) {
			found = append(found, stale{d.file, "it differs from what " + d.of + " gives, " + firstDifference(now, d.data), cureWrite})
		}
	}
	return found
}

// checkPatches returns the patches that changed after a run. The run has the rows
// of todo.
func checkPatches(folder string, r *matrix.Results, todo *matrix.Plan) (found []stale) {
	seen := make(map[string]bool)
	for i, row := range todo.Rows {
		for n, v := range row.Patches {
			if had := r.Rows[i].Patches; (n >= len(had) || had[n].SHA256 != v.SHA256) && !seen[v.Patch] {
				seen[v.Patch] = true
				found = append(found, stale{folder + "/" + resultsFile, fmt.Sprintf("the patch %s has changed since it was tried on %s", v.Patch, row.Release.Version), cureRun})
			}
		}
	}
	return found
}

// checkRun returns what changed after a run that should have the rows of todo.
// server is the release of its servers.
func checkRun(k known, folder string, r *matrix.Results, todo *matrix.Plan, server string) (found []stale) {
	changed := func(what string) { found = append(found, stale{folder + "/" + resultsFile, what, cureRun}) }
	if r.Lock != k.suite.LockDigest {
		changed("it was made with another releases.lock")
	}
	if r.Reproduction != k.suite.ReproductionDigest {
		changed("it was made with another reproduction")
	}
	switch made, ok := sourcesOf(r.Matrixrun); {
	case !ok:
		changed(fmt.Sprintf("it was made by matrixrun %s, a version without a digest of its sources", r.Matrixrun))
	case made != k.sources:
		changed(fmt.Sprintf("it was made by the sources %s, but these are %s: the code of a run, a module that it imports or matrix.yaml has changed", made, k.sources))
	}
	var ids, want []string
	for _, row := range r.Rows {
		ids = append(ids, row.ID)
		if row.Server != server {
			changed(fmt.Sprintf("%s has servers of %q, want %q", row.ID, row.Server, server))
		}
	}
	for _, row := range todo.Rows {
		want = append(want, row.ID)
	}
	if !slices.Equal(ids, want) {
		changed(fmt.Sprintf("it has %s, but a full run has %d", count(len(ids), "row"), len(want)))
	} else {
		found = append(found, checkPatches(folder, r, todo)...)
	}
	if !slices.EqualFunc(r.Scenarios, k.plain.Scenarios, func(a, b matrix.Scenario) bool { return a.Name == b.Name && a.Kind == b.Kind && a.Title == b.Title }) {
		changed("its scenarios differ from those of matrix.yaml")
	}
	return found
}

// sourcesOf returns the digest of the sources from a version of matrixrun.
func sourcesOf(version string) (string, bool) {
	_, after, _ := strings.Cut(version, "(sources ")
	return strings.CutSuffix(after, ")")
}

// newest returns the newest release of a lock that is not a pre-release.
func newest(lock []matrix.Release) string {
	newest := ""
	for _, r := range lock {
		if !matrix.IsPrerelease(r.Version) && (newest == "" || matrix.CompareVersions(r.Version, newest) > 0) {
			newest = r.Version
		}
	}
	return newest
}

// firstDifference describes where two texts start to differ.
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
