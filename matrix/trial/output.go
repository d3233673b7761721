package trial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// An outputError says that a reproduction wrote something else than it should.
type outputError struct{ text string }

func (e *outputError) Error() string { return e.text }

func wrongf(format string, args ...any) error { return &outputError{fmt.Sprintf(format, args...)} }

// lines reads trials, a JSON object a line, as they come.
type lines struct {
	scenario string
	want     int // trials
	trials   []matrix.Trial

	partial  []byte        // the line that has not ended yet
	progress func()        // nil where nobody is to be told
	cpu      time.Duration // that the processes took
}

func (l *lines) onProgress(f func()) { l.progress = f }

func (l *lines) Write(p []byte) (int, error) {
	for rest := p; ; {
		line, after, ended := bytes.Cut(rest, []byte("\n"))
		l.partial = append(l.partial, line...)
		if !ended {
			return len(p), nil
		}
		err := l.line(l.partial)
		l.partial, rest = l.partial[:0], after
		if err != nil {
			return 0, err
		}
	}
}

// doubtful reports whether a trial proved nothing, and not since none could.
func (l *lines) doubtful() bool {
	return slices.ContainsFunc(l.trials, func(t matrix.Trial) bool { return t.Outcome == matrix.OutcomeInconclusive && !t.Unsupported })
}

// finish takes a last line that has no end. Where the process was ended, such
// a line is left out: it was cut.
func (l *lines) finish() error { return l.line(l.partial) }

// line reads one line, and is strict about what a judge will go by: a report
// that is half understood could pass for a clean trial.
func (l *lines) line(line []byte) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	var t matrix.Trial
	if err := json.Unmarshal(line, &t); err != nil {
		return wrongf("a line that is no trial (%v): %s", err, excerpt(line))
	}
	switch t.Outcome {
	case matrix.OutcomeLeak, matrix.OutcomeClean, matrix.OutcomeInconclusive:
	default:
		return wrongf("a trial with the outcome %q: want leak, clean or inconclusive: %s", t.Outcome, excerpt(line))
	}
	switch t.Severity {
	case "", matrix.SeverityStream, matrix.SeverityConnection:
	default:
		return wrongf("a trial with the severity %q: want stream or connection: %s", t.Severity, excerpt(line))
	}
	if t.Scenario != l.scenario {
		return wrongf("a trial of the scenario %q, which was not asked for: %s", t.Scenario, excerpt(line))
	}
	if len(l.trials) == l.want {
		return wrongf("more trials than were asked for: %s", excerpt(line))
	}
	l.trials = append(l.trials, t)
	if l.progress != nil {
		l.progress()
	}
	return nil
}

// excerpt quotes the beginning of a line.
func excerpt(line []byte) string {
	const most = 120
	if len(line) > most {
		return fmt.Sprintf("%q...", line[:most])
	}
	return fmt.Sprintf("%q", line)
}
