package bisects

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/bisect"
	"github.com/matrixrun/matrixrun/matrix/output"
)

// readLog reads the log that --log names, if there is one already. It must be from the
// same suite, reproduction and scenario.
func (b *Bisect) readLog(ctx context.Context) error {
	question := []string{b.suite.Suite, b.suite.ReproductionDigest}
	if b.opts.Toolchain != "" {
		question = append(question, b.opts.Toolchain)
	}
	b.log = &bisect.Log{Suite: strings.Join(question, " "), Scenario: b.opts.Scenario}
	file := b.opts.Log
	if file == "" {
		return nil
	}
	if err := output.CheckFile("--log", file); err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the log: %w", err)
	}
	l, err := bisect.ParseLog(file, data)
	switch {
	case err != nil:
		return err
	case l.Suite != b.log.Suite:
		return matrix.Mistake("%s: it is the log of the suite %s, and not of %s: the suite or its reproduction is another one, so start a new log", file, l.Suite, b.log.Suite)
	case l.Scenario != b.log.Scenario:
		return matrix.Mistake("%s: it is the log of the scenario %s: want --scenario %[2]s, or another log", file, l.Scenario)
	}
	b.log = l
	return nil
}

// writeLog adds a visit to the log.
func (t *tries) writeLog(v matrix.Visit) error {
	t.log.Entries = append(t.log.Entries, bisect.Entry{
		Presence: v.Presence, State: v.Name, Verdict: cmp.Or(string(v.Verdict), string(v.State)), Leaks: v.Leaks, Trials: v.Trials, From: v.From,
	})
	if t.opts.Log == "" {
		return nil
	}
	text := t.log.Header()
	for _, e := range t.log.Entries {
		text += e.Line()
	}
	return output.WriteFile(t.ctx, t.opts.Log, []byte(text), t.stdout, t.stderr)
}

// fromLog returns what a log says about a state.
func fromLog(s matrix.HistoryState, e bisect.Entry) matrix.Visit {
	v := matrix.Visit{HistoryState: s, Presence: e.Presence, State: matrix.StateOK, Leaks: e.Leaks, Trials: e.Trials, From: e.From, Log: true}
	if state := matrix.State(e.Verdict); state == matrix.StateBuildFailed || state == matrix.StateUnavailable || state == matrix.StatePatchConflict {
		v.State = state
		return v
	}
	v.Verdict = matrix.Verdict(e.Verdict)
	return v
}
