package plans

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Shard is shard Index of Of, from 1.
type Shard struct{ Index, Of int }

// shardText matches the value of --shard. No plan has as many releases as six
// digits can count.
var shardText = regexp.MustCompile(`^([0-9]{1,6})/([0-9]{1,6})$`)

// ParseShard reads the value of --shard, I/N.
func ParseShard(text string) (s Shard, ok bool) {
	found := shardText.FindStringSubmatch(text)
	if found == nil {
		return s, false
	}
	s.Index, _ = strconv.Atoi(found[1]) // the pattern allows nothing but digits
	s.Of, _ = strconv.Atoi(found[2])
	return s, 1 <= s.Index && s.Index <= s.Of
}

// String returns I/N.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// divide divides a plan into n shards, or one for each release if there are fewer.
func divide(p *matrix.Plan, times plan.Times, n int) []plan.Shard {
	return plan.Cut(p, plan.Costs(p, times), min(n, plan.Releases(p)))
}

// Part returns the rows of a shard of a plan, which has rows, and what their results say
// about the shard. The caller adds to that the flags of the run.
func (s Shard) Part(suite *matrix.Spec, whole *matrix.Plan, times plan.Times) (*matrix.Plan, *matrix.Shard, error) {
	if n := plan.Releases(whole); s.Of > n {
		return nil, nil, matrix.Mistake("--shard %s: the plan has %s, which are not divided: want N to be %d at most, as plan --shards %d lists them", s, Targets(whole), n, s.Of)
	}
	matrixYAML, err := fs.ReadFile(suite.Files, spec.FileName)
	if err != nil {
		return nil, nil, fmt.Errorf("reading what the shards have in common: %w", err)
	}
	about := &matrix.Shard{Index: s.Index, Of: s.Of, Spec: "sha256:" + checksum.Bytes(matrixYAML), Patches: digests(whole)}
	shards := divide(whole, times, s.Of)
	for _, one := range shards {
		var ids []string
		for _, row := range whole.Rows[one.From:one.To] {
			ids = append(ids, row.ID)
		}
		about.Plan = append(about.Plan, ids)
	}
	return plan.Part(whole, shards[s.Index-1]), about, nil
}

// Targets counts what a plan is about: "2 releases and 1 fork".
func Targets(p *matrix.Plan) string {
	of, seen := make(map[matrix.SourceKind]int), make(map[string]bool)
	for _, row := range p.Rows {
		if name := row.Release.Name(); !seen[name] {
			seen[name] = true
			of[row.Release.Result(false).Kind]++
		}
	}
	return text.List(report.Targets(of))
}

// digests lists the patches of a plan, in their order, with a digest over the
// variants of each that the whole plan applies.
func digests(p *matrix.Plan) []matrix.PatchDigest {
	all := []matrix.PatchDigest{}
	variants := make(map[string][]string)
	for _, row := range p.Rows {
		for _, v := range row.Patches {
			if variants[v.Patch] == nil {
				all = append(all, matrix.PatchDigest{Name: v.Patch})
			}
			variants[v.Patch] = append(variants[v.Patch], v.SHA256)
		}
	}
	for i := range all {
		h := sha256.New()
		for _, sum := range slices.Compact(slices.Sorted(slices.Values(variants[all[i].Name]))) {
			fmt.Fprintln(h, sum)
		}
		all[i].SHA256 = fmt.Sprintf("%x", h.Sum(nil))
	}
	return all
}

// GoVersion returns the version of the installed go command, if it compiled rows
// of a part: only the results know it.
func GoVersion(part *matrix.Plan, results *matrix.Results) string {
	for i, row := range part.Rows {
		if row.Toolchain == "" && results.Rows[i].Toolchain != "" {
			return results.Rows[i].Toolchain
		}
	}
	return ""
}

// A Job is one shard as a job of a CI matrix.
type Job struct {
	Shard    string `json:"shard"` // the value of --shard
	Index    int    `json:"index"`
	Of       int    `json:"of"`
	Rows     int    `json:"rows"`
	Releases string `json:"releases"`
	Seconds  int    `json:"seconds"` // of CPU time, as expected, rounded up
}

// Jobs divides a plan among n jobs, or one for each release if there are fewer.
func Jobs(p *matrix.Plan, times plan.Times, n int) []Job {
	jobs := []Job{}
	if len(p.Rows) == 0 {
		return jobs
	}
	shards := divide(p, times, n)
	for i, s := range shards {
		job := Job{Index: i + 1, Of: len(shards), Rows: s.To - s.From, Seconds: int(math.Ceil(s.CPU.Seconds()))}
		job.Shard = Shard{job.Index, job.Of}.String()
		first, last := p.Rows[s.From].Release.Name(), p.Rows[s.To-1].Release.Name()
		if job.Releases = first; last != first {
			job.Releases += " - " + last
		}
		jobs = append(jobs, job)
	}
	return jobs
}
