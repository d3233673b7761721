package plans

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
		s, ok := ParseShard(test.text)
		if ok != test.ok || ok && (s.Index != test.index || s.Of != test.of) {
			t.Errorf("%q: got %v, %v", test.text, s, ok)
		}
	}
}

// TestShippedShards checks that the published results can be read, and that the
// largest of four shards of a shipped suite takes at most 1.2 times a quarter of
// the whole.
// In a small suite, what a single row takes decides.
func TestShippedShards(t *testing.T) {
	const spare = 5 * time.Second
	for _, name := range find.Shipped() {
		suite, err := find.Suite([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		whole, err := plan.New(suite, plan.Selection{})
		if err != nil {
			t.Fatal(err)
		}
		for _, sure := range []bool{false, suite.Sure != nil} {
			times, err := Times(t.Context(), "", suite, whole, Effort{Trials: -1, Sure: sure})
			if err != nil || len(times) == 0 {
				t.Errorf("what was published of %s: %v", name, err)
			}
			var most time.Duration
			for _, s := range divide(whole, times, 4) {
				most = max(most, s.CPU)
			}
			if one := plan.Whole(whole, plan.Costs(whole, times)); most > one*3/10+spare {
				t.Errorf("%s, sure %v: the largest of four shards takes %v, all of it %v", name, sure, most, one)
			}
		}
	}
}
