package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// shardJob is one job of a CI matrix.
type shardJob struct {
	Shard    string `json:"shard"` // what --shard takes
	Index    int    `json:"index"`
	Of       int    `json:"of"`
	Rows     int    `json:"rows"`
	Releases string `json:"releases"`
	Seconds  int    `json:"seconds"` // of CPU time, as expected
}

// printShards prints a plan as a CI matrix on one line.
func printShards(n int, todo *matrix.Plan, times plan.Times, stdout, stderr io.Writer) error {
	jobs := []shardJob{}
	if len(todo.Rows) > 0 {
		jobs = jobsOf(divide(todo, times, n))
	}
	for _, s := range todo.Skips {
		fmt.Fprintf(stderr, "skipping %s: %s\n", s.ID, s.Reason)
	}
	if len(jobs) < n {
		fmt.Fprintf(stderr, "%s, and not %d: the plan has %s, and the rows of one stay together\n", text.Count(len(jobs), "shard"), n, text.Count(len(jobs), "release"))
	}
	e := json.NewEncoder(stdout)
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Include []shardJob `json:"include"`
	}{jobs})
}

// jobsOf makes a job of each shard.
func jobsOf(d division) []shardJob {
	var jobs []shardJob
	for i, s := range d.shards {
		job := shardJob{Index: i + 1, Of: len(d.shards), Rows: s.To - s.From, Seconds: wholeSeconds(s.CPU)}
		job.Shard = fmt.Sprintf("%d/%d", job.Index, job.Of)
		first, last := d.plan.Rows[s.From].Release.Version, d.plan.Rows[s.To-1].Release.Version
		if job.Releases = first; last != first {
			job.Releases += " - " + last
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// wholeSeconds rounds up: something is never nothing.
func wholeSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
