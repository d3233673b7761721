package trial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox"
)

// An outputError means that a reproduction printed something that it should not.
type outputError struct{ text string }

func (e *outputError) Error() string { return e.text }

// wrongf returns an outputError.
func wrongf(format string, args ...any) error { return &outputError{fmt.Sprintf(format, args...)} }

// A report is an output of processes that becomes trials.
type report interface {
	output
	base() *reported
}

// A reported has the trials of a scenario that processes have reported so far.
type reported struct {
	scenario string
	want     int // number of trials
	trials   []matrix.Trial
	cpu      time.Duration // of the processes
	env      []string      // more variables for them, as NAME=VALUE
}

func (s *reported) base() *reported { return s }

// lines reads trials from the output of a process, one JSON object a line.
type lines struct {
	reported
	partial  []byte // the start of a line without its end
	progress func() // called for each trial; may be nil
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

// doubtful reports whether some trial proved nothing for another reason than that the
// scenario is unsupported.
func (s *reported) doubtful() bool {
	return slices.ContainsFunc(s.trials, func(t matrix.Trial) bool { return t.Outcome == matrix.OutcomeInconclusive && !t.Unsupported })
}

// suspect returns a sentence if a trial proved nothing, maybe because of the sandbox,
// and forgets the trials from there on. Otherwise it returns "".
func (s *reported) suspect(box *sandbox.Sandbox) string {
	for i, t := range s.trials {
		if t.Outcome != matrix.OutcomeInconclusive || t.Unsupported {
			continue
		}
		if why := box.Suspect(t.Why); why != "" {
			s.trials = s.trials[:i]
			return fmt.Sprintf("a trial proves nothing: %s (%s)", oneLine(t.Why), why)
		}
	}
	return ""
}

// finish reads a last line without a line end. After a process that failed such a line
// may be cut.
func (l *lines) finish(end ending) error {
	if end.err != nil {
		return end.err
	}
	return l.line(l.partial)
}

// line reads one line. It is strict about every field that a verdict depends on: a
// report that is half understood could pass for a clean trial.
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
	severity, ok := matrix.ReportedSeverity(t.Severity)
	if !ok {
		return wrongf("a trial with the severity %q: want mild or severe: %s", t.Severity, excerpt(line))
	}
	t.Severity = severity
	if t.Scenario != l.scenario {
		return wrongf("a trial of the scenario %q, which was not asked for: %s", t.Scenario, excerpt(line))
	}
	t.Observed = "" // nobody but matrixrun can say that
	if len(l.trials) == l.want {
		return wrongf("more trials than were asked for: %s", excerpt(line))
	}
	l.trials = append(l.trials, t)
	if l.progress != nil {
		l.progress()
	}
	return nil
}

// excerpt quotes the start of a line.
func excerpt(line []byte) string {
	const most = 120
	if len(line) > most {
		return fmt.Sprintf("%q...", line[:most])
	}
	return fmt.Sprintf("%q", line)
}
