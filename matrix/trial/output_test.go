package trial

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// read reads an output in pieces of some bytes. Only a process that exits finishes it.
func read(data []byte, piece int) (*lines, error) {
	l := &lines{reported: reported{scenario: "s", want: 3}}
	for len(data) > 0 {
		n := min(piece, len(data))
		if _, err := l.Write(data[:n]); err != nil {
			return l, err
		}
		data = data[n:]
	}
	err := l.finish(ending{})
	return l, err
}

// FuzzOutput reads what a reproduction prints. How the output is divided changes
// nothing. What is not a trial of the scenario that was asked for is a mistake of the
// reproduction, in a few harmless words; what is one can be recorded and read again.
func FuzzOutput(f *testing.F) {
	const good = `{"scenario": "s", "trial": 0, "outcome": "clean", "proof": {"attempted": true}, "elapsed_us": 7}`
	for _, data := range []string{
		"", "\n\r\n", good, good + "\n" + good + "\r\n", good + good, good + "\n" + good[:20], "no trial\n", "null\n", "[]\n", "{}\n", "\x00\xff\n",
		`{"scenario": "s", "outcome": "leak", "severity": "severe", "saw": [{"side": "server", "error": "x"}]}`,
		`{"scenario": "s", "outcome": "leak", "severity": "stream", "saw": [{"side": "server", "stream": 0, "code": 4919, "error": "x"}]}`,
		`{"scenario": "s", "outcome": "clean", "wire": {"agrees": true, "frames": [{"from": "client", "us": -1, "number": 7, "type": "T"}]}}`,
		`{"scenario": "s", "outcome": "clean", "severity": "fatal"}`, `{"scenario": "other", "outcome": "clean"}`, `{"scenario": "s", "outcome": "::error::x"}`,
		`{"scenario": "s", "outcome": "clean", "proof": {"n": 1e400, "deep": [[[[{}]]]]}}`, `{"scenario": "s", "outcome": "inconclusive", "unsupported": true, "why": "\u001b[2J"}`,
		`{"scenario": "s", "outcome": "clean", "elapsed_us": 99999999999999999999}`, good + "\n" + good + "\n" + good + "\n" + good + "\n",
		`{"scenario": "s", "outcome": "clean", "outcome": "leak"}`, "\x1b]0;title\x07\u202e\n",
	} {
		f.Add([]byte(data), 1)
		f.Add([]byte(data), 64)
	}
	f.Fuzz(func(t *testing.T, data []byte, piece int) {
		l, err := read(data, max(1, piece))
		whole, wholeErr := read(data, len(data)+1)
		if diff := cmp.Diff(whole.trials, l.trials); diff != "" || (err == nil) != (wholeErr == nil) || err != nil && err.Error() != wholeErr.Error() {
			t.Fatalf("in one piece: %v; in pieces: %v\n%s", wholeErr, err, diff)
		}
		var wrong *outputError
		if err != nil && (!errors.As(err, &wrong) || len(err.Error()) > 2000 || strings.ContainsFunc(err.Error(), controls)) {
			t.Errorf("the error is %q", err)
		}
		for _, trial := range l.trials {
			checkTrial(t, trial)
		}
		if len(l.trials) > l.want {
			t.Errorf("%d trials were read, and %d asked for", len(l.trials), l.want)
		}
	})
}

// controls reports whether a character controls a terminal.
func controls(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }

// checkTrial checks that a trial is one of the scenario, and can be recorded.
func checkTrial(t *testing.T, trial matrix.Trial) {
	t.Helper()
	switch trial.Outcome {
	case matrix.OutcomeLeak, matrix.OutcomeClean, matrix.OutcomeInconclusive:
	default:
		t.Errorf("the outcome %q", trial.Outcome)
	}
	if trial.Scenario != "s" {
		t.Errorf("the scenario %q", trial.Scenario)
	}
	data, err := json.Marshal(trial)
	if err != nil {
		t.Fatal(err)
	}
	var again matrix.Trial
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	once, err := json.Marshal(again)
	if err != nil || string(once) != string(data) {
		t.Errorf("recorded as %s and read as %s, %v", data, once, err)
	}
}
