package text

import "testing"

func TestHint(t *testing.T) {
	known := []string{"scenarios", "releases", "verdict", "state", "go"}
	tests := []struct{ word, want string }{
		{"scenrios", `did you mean "scenarios"?`},
		{"Releases", `did you mean "releases"?`},
		{"release", `did you mean "releases"?`},
		{"verdcit", `did you mean "verdict"?`},
		{"og", `did you mean "go"?`},
		{"rel", `did you mean "releases"?`},
		{"zzz", "want one of scenarios, releases, verdict, state, go"},
		{"", "want one of scenarios, releases, verdict, state, go"},
	}
	for _, test := range tests {
		if got := Hint(test.word, known); got != test.want {
			t.Errorf("Hint(%q) = %q, want %q", test.word, got, test.want)
		}
	}
	if got := Hint("x", nil); got != "there are none" {
		t.Errorf("Hint without known words = %q", got)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"run", "report", "verdicts", "trials", "json"}
	for word, want := range map[string]string{
		"rum": "run", "urn": "run", "verdict": "verdicts", "ver": "verdicts", "Trials": "trials", "trails": "trials", "reprot": "report",
		"": "", "cache": "", "x": "", "quit": "",
	} {
		if got, ok := Nearest(word, known); got != want || ok != (want != "") {
			t.Errorf("Nearest(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"", "abc", 3}, {"abc", "", 3},
		{"kitten", "sitting", 3}, {"abcd", "badc", 2}, {"abcd", "abdc", 1}, {"ab", "ba", 1}, {"héllo", "hello", 1},
	}
	for _, test := range tests {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
