package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadSettings(t *testing.T) {
	tests := []struct {
		name string
		env  map[string]string
		want Settings
		errs []string // parts of the error, one for each line
	}{
		{"none", nil, Settings{Releases: ">= 0.46, < 0.56", Runs: 5, Trials: 10, Parts: parts}, nil},
		{"all", map[string]string{"BENCH_RELEASES": "< 1", "BENCH_RUNS": "2", "BENCH_TRIALS": "3", "BENCH_ONLY": "memory,cold"},
			Settings{Releases: "< 1", Runs: 2, Trials: 3, Parts: []string{"cold", "memory"}}, nil},
		{"every mistake", map[string]string{"BENCH_RELEASES": "new ones", "BENCH_RUNS": "0", "BENCH_TRIALS": "ten", "BENCH_ONLY": "cold,lukewarm"},
			Settings{}, []string{"BENCH_RUNS=0", "BENCH_TRIALS=ten", "BENCH_RELEASES", `"lukewarm"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := readSettings(func(key string) string { return test.env[key] })
			if test.errs == nil {
				if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
					t.Errorf("error %v, settings (-want +got):\n%s", err, diff)
				}
				return
			}
			if err == nil || strings.Count(err.Error(), "\n")+1 != len(test.errs) {
				t.Fatalf("got %v: want %d problems", err, len(test.errs))
			}
			for _, part := range test.errs {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v\nhas no %q", err, part)
				}
			}
		})
	}
}

// TestNewLab checks that settings that a part cannot use are an error before
// anything is measured.
func TestNewLab(t *testing.T) {
	t.Chdir("../../../..")
	tests := []struct{ releases, part, want string }{
		{">= 0.37.4", "cold", ""},
		{"= 0.47.0", "cold", ""},
		{"= 0.47.0", "first", "v0.48.0"},
		{"= 0.47.0", "release", "at least two"},
		{"> 100", "cold", "100"},
	}
	for _, test := range tests {
		l, err := newLab(Settings{Releases: test.releases, Parts: []string{test.part}}, t.TempDir())
		if test.want != "" {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s, %s: got %v: want %q", test.releases, test.part, err, test.want)
			}
			continue
		}
		if err != nil || len(l.set.Rows) == 0 || l.set.Suite <= len(l.set.Rows) || l.set.Scenarios == 0 {
			t.Errorf("%s, %s: %v, %+v", test.releases, test.part, err, l.set)
		}
	}
}
