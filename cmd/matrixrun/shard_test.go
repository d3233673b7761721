package main

import (
	"testing"
	"time"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix/plan"
)

func TestParseShard(t *testing.T) {
	for _, test := range []struct {
		text      string
		index, of int
		ok        bool
	}{
		{"1/1", 1, 1, true}, {"3/4", 3, 4, true}, {"07/300", 7, 300, true},
		{text: ""}, {text: "x"}, {text: "1"}, {text: "1/"}, {text: "/4"}, {text: "0/4"}, {text: "5/4"}, {text: "1/0"}, {text: "-1/4"},
		{text: "1/4/4"}, {text: " 1/4"}, {text: "1 / 4"}, {text: "1/4\n"}, {text: "1.0/4"}, {text: "+1/4"}, {text: "1/10000000"},
	} {
		index, of, ok := parseShard(test.text)
		if ok != test.ok || ok && (index != test.index || of != test.of) {
			t.Errorf("%q: got %d/%d, %v", test.text, index, of, ok)
		}
	}
}

// TestShippedShards holds that what was published can be read, and that four
// machines take at most 1.2 times a quarter of what one takes for a shipped suite.
func TestShippedShards(t *testing.T) {
	for _, name := range find.Shipped() {
		suite, whole, err := prepare(runFlags{trials: 10, jobs: 1, evidence: "none"}, []string{name})
		if err != nil {
			t.Fatal(err)
		}
		times, err := timesOf("", suite)
		if err != nil || len(times) == 0 {
			t.Errorf("what was published of %s: %v", name, err)
		}
		var most time.Duration
		d := divide(whole, times, 4)
		for _, s := range d.shards {
			most = max(most, s.CPU)
		}
		if one := plan.Whole(whole, d.costs); most*40 > one*12 {
			t.Errorf("%s: the largest of four shards takes %v, all of it %v", name, most, one)
		}
	}
}
