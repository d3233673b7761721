package matrix

import "testing"

func TestPresenceOf(t *testing.T) {
	for want, cells := range map[Presence][]Cell{
		PresenceThere:     {{Verdict: VerdictLeak}, {Verdict: VerdictFlaky}},
		PresenceAbsent:    {{Verdict: VerdictClean}},
		PresenceUnreached: {{Verdict: VerdictVacuous, Inconclusive: 20}},
		PresenceUnknown: {
			{Verdict: VerdictVacuous, Trials: 3, Inconclusive: 20}, {Verdict: VerdictVacuous}, {Verdict: VerdictError, Inconclusive: 3},
			{Verdict: VerdictUnsupported}, {},
		},
	} {
		for _, c := range cells {
			if got := PresenceOf(c); got != want {
				t.Errorf("%+v: got %s, want %s", c, got, want)
			}
		}
	}
}

func TestKindOf(t *testing.T) {
	all := []Presence{PresenceThere, PresenceAbsent, PresenceUnreached, PresenceUnknown}
	want := map[[2]Presence]TurnKind{
		{PresenceAbsent, PresenceThere}: TurnBroken, {PresenceUnreached, PresenceThere}: TurnBroken,
		{PresenceThere, PresenceAbsent}: TurnFixed, {PresenceThere, PresenceUnreached}: TurnHidden,
	}
	for _, before := range all {
		for _, after := range all {
			kind, changes := KindOf(before, after)
			if kind != want[[2]Presence{before, after}] || changes != (kind != "") {
				t.Errorf("from %s to %s: got %q, %v", before, after, kind, changes)
			}
		}
	}
}

func TestPullRequest(t *testing.T) {
	for subject, want := range map[string]string{
		"don't cancel streams after shutdown (#4673)": "4673", "Merge pull request #12 from a/b": "12",
		"fix #3": "", "revert \"x (#4)\"": "", "": "",
	} {
		if got := PullRequest(subject); got != want {
			t.Errorf("%q: got %q, want %q", subject, got, want)
		}
	}
}

func TestShort(t *testing.T) {
	const hash = "0123456789abcdef0123456789abcdef01234567"
	for name, want := range map[string]string{hash: "0123456789ab", hash[:39]: hash[:39], "v1.2.3": "v1.2.3"} {
		if got := (HistoryState{Name: name}).Short(); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}
