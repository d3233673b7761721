package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// shardText is what --shard takes: the parts are at most six digits long, since
// no plan has as many releases.
var shardText = regexp.MustCompile(`^([0-9]{1,6})/([0-9]{1,6})$`)

// parseShard reads --shard I/N.
func parseShard(text string) (index, of int, ok bool) {
	found := shardText.FindStringSubmatch(text)
	if found == nil {
		return 0, 0, false
	}
	index, _ = strconv.Atoi(found[1]) // digits they are
	of, _ = strconv.Atoi(found[2])
	return index, of, 1 <= index && index <= of
}

// checkShard finds mistakes in the flags that say which part of a plan to do.
func (f *runFlags) checkShard(problems *matrix.Problems) {
	if _, _, ok := parseShard(f.shard); f.shard != "" && !ok {
		problems.Add("", 0, "--shard %q: want I/N, part I of N, from 1/N to N/N", f.shard)
	}
	if f.shard == "" && f.times != "" {
		problems.Add("", 0, "--times %s: it says how a plan is divided: want --shard I/N with it", f.times)
	}
}

// A division is a plan with how it is divided among machines.
type division struct {
	plan   *matrix.Plan
	costs  []plan.Cost  // of each row
	shards []plan.Shard // by version
}

// divide divides a plan into n shards, at most one for each release.
func divide(p *matrix.Plan, times plan.Times, n int) division {
	costs := plan.Costs(p, times)
	return division{plan: p, costs: costs, shards: plan.Cut(p, costs, min(n, plan.Releases(p)))}
}

// rows lists the rows of each shard.
func (d division) rows() [][]string {
	var all [][]string
	for _, s := range d.shards {
		var ids []string
		for _, row := range d.plan.Rows[s.From:s.To] {
			ids = append(ids, row.ID)
		}
		all = append(all, ids)
	}
	return all
}

// oneShard returns the part of a plan that --shard asks for, and what its results
// are to say of it; without the flag the plan itself.
func (f runFlags) oneShard(suite *matrix.Spec, whole *matrix.Plan) (*matrix.Plan, *shardLabel, error) {
	if f.shard == "" {
		return whole, nil, nil
	}
	times, err := timesOf(f.times, suite)
	if err != nil {
		return nil, nil, err
	}
	index, of, _ := parseShard(f.shard)
	if len(whole.Rows) == 0 {
		return nil, nil, matrix.Mistake("--shard %s: the plan has no rows to divide: see `matrixrun plan`", f.shard)
	}
	if n := plan.Releases(whole); of > n {
		return nil, nil, matrix.Mistake("--shard %s: the plan has %s, which stay whole: want N to be %d at most, as plan --shards %d lists them", f.shard, text.Count(n, "release"), n, of)
	}
	d := divide(whole, times, of)
	matrixYAML, err := fs.ReadFile(suite.Files, spec.FileName)
	if err != nil {
		return nil, nil, fmt.Errorf("reading what the shards have in common: %w", err)
	}
	label := &shardLabel{matrix.Shard{
		Index: index, Of: of, Plan: d.rows(),
		Spec: fmt.Sprintf("sha256:%x", sha256.Sum256(matrixYAML)), Patches: fixesOf(whole), Server: f.server,
		Trials: f.trials, Fixed: f.fixed, Evidence: f.evidenceMode(),
	}}
	return plan.Part(whole, d.shards[index-1]), label, nil
}

// fixesOf lists the patches of a plan, in their order, with a digest over the
// variants of each that the whole plan applies.
func fixesOf(p *matrix.Plan) []matrix.PatchDigest {
	all := []matrix.PatchDigest{}
	digests := make(map[string][]string)
	for _, row := range p.Rows {
		for _, v := range row.Patches {
			if digests[v.Patch] == nil {
				all = append(all, matrix.PatchDigest{Name: v.Patch})
			}
			digests[v.Patch] = append(digests[v.Patch], v.SHA256)
		}
	}
	for i := range all {
		sums := slices.Sorted(slices.Values(digests[all[i].Name]))
		h := sha256.New()
		for _, sum := range slices.Compact(sums) {
			fmt.Fprintln(h, sum)
		}
		all[i].SHA256 = fmt.Sprintf("%x", h.Sum(nil))
	}
	return all
}

// A shardLabel is what the results of a shard are to say of it; nil is none, for
// those of a whole run.
type shardLabel struct{ shard matrix.Shard }

// of completes the label by what only the results tell: which version the go
// command at hand has, where it compiled rows that have no other.
func (l *shardLabel) of(part *matrix.Plan, results *matrix.Results) *matrix.Shard {
	if l == nil {
		return nil
	}
	for i, row := range part.Rows {
		if row.Toolchain == "" && results.Rows[i].Toolchain != "" {
			l.shard.Go = results.Rows[i].Toolchain
			break
		}
	}
	return &l.shard
}
