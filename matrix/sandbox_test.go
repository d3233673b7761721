package matrix_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestSandboxSummary(t *testing.T) {
	in, not := matrix.Contained{Applies: true}, matrix.Contained{Why: "no"}
	partly := matrix.Contained{Applies: true, Why: "all but one"}
	for _, test := range []struct {
		s    matrix.Sandbox
		gaps bool
		want string
	}{
		{matrix.Sandbox{Files: in, Network: in, Processes: in, Memory: in}, false, "contains files, network, processes, memory"},
		{matrix.Sandbox{Files: in, Network: not, Processes: partly, Memory: in}, true, "contains files, processes, memory; not network: no; processes: all but one"},
		{matrix.Sandbox{Files: not, Network: not, Processes: not, Memory: not}, true, "contains nothing: no"},
		{matrix.Sandbox{Files: not, Network: not, Processes: matrix.Contained{Why: "nor this"}, Memory: not}, true, "contains nothing; not files: no; not network: no; not processes: nor this; not memory: no"},
	} {
		if got := test.s.Summary(); got != test.want || test.s.Gaps() != test.gaps {
			t.Errorf("got %q, gaps %v: want %q, %v", got, test.s.Gaps(), test.want, test.gaps)
		}
	}
}

// TestSandboxWeaker checks that the results of several machines claim no more than each
// of them contained.
func TestSandboxWeaker(t *testing.T) {
	in, not := matrix.Contained{Applies: true}, matrix.Contained{Why: "no"}
	partly := matrix.Contained{Applies: true, Why: "all but one"}
	a := &matrix.Sandbox{Files: in, Network: not, Processes: partly, Memory: in}
	b := &matrix.Sandbox{Files: partly, Network: in, Processes: not, Memory: in}
	want := matrix.Sandbox{Files: partly, Network: not, Processes: not, Memory: in}
	if got := a.Weaker(b); *got != want {
		t.Errorf("got %+v, want %+v", *got, want)
	}
	if got := b.Weaker(a); *got != want {
		t.Errorf("the other way round: got %+v, want %+v", *got, want)
	}
	if a.Weaker(nil) != nil || (*matrix.Sandbox)(nil).Weaker(a) != nil {
		t.Error("something is claimed of a machine that is not known")
	}
}
