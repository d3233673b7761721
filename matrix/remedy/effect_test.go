package remedy

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestHasEffect checks that a plan has an effect only if the target is built as it
// promises.
func TestHasEffect(t *testing.T) {
	release := &Plan{module: "m", version: "v1.2.0", Fix: matrix.Fix{Kind: matrix.FixUpgrade}}
	fork := &Plan{module: "m", steps: []step{{fork: &forking{name: "m-patched"}}}, Fix: matrix.Fix{Kind: matrix.FixFork}}
	move := &Plan{module: "new", version: "v1.2.0", steps: []step{{move: &moving{}}}}
	for _, test := range []struct {
		name  string
		plan  *Plan
		after state
		want  bool
	}{
		{"required", release, state{target: "v1.2.0"}, true},
		{"replaced", release, state{target: "=> m@v1.2.0"}, true},
		{"another", release, state{target: "v1.20.0"}, false},
		{"another that ends like it", release, state{target: "=> m@v11.2.0"}, false},
		{"a folder", release, state{target: "=> ../m"}, false},
		{"none", release, state{}, false},
		{"fork", fork, state{target: "=> ./m-patched"}, true},
		{"another folder", fork, state{target: "=> ./m"}, false},
		{"another version", fork, state{target: "=> m@v1.2.0"}, false},
		{"no fork", fork, state{target: "v1.2.0"}, false},
		{"moved", move, state{modules: map[string]string{"new": "v1.2.0"}}, true},
		{"both", move, state{target: "v1.0.0", modules: map[string]string{"new": "v1.2.0"}}, false},
		{"not moved", move, state{target: "v1.0.0"}, false},
	} {
		if got := test.plan.hasEffect(test.after); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}
