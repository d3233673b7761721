package glob

import "testing"

func TestGlob(t *testing.T) {
	for pattern, want := range map[string]struct{ valid, any bool }{
		"late-*": {true, true}, "late-both": {true, true}, "late": {true, false}, "*-read": {true, false}, "late-[": {false, false},
	} {
		if valid, matches := Valid(pattern), Any(pattern, []string{"control", "late-both"}); valid != want.valid || matches != want.any {
			t.Errorf("%s: Valid %v, Any %v, want %v", pattern, valid, matches, want)
		}
	}
	if !Match([]string{"[", "x", "c*"}, "control") || Match(nil, "control") {
		t.Error("Match does not try every pattern, or matches without one")
	}
}
