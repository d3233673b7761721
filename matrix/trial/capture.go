package trial

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/capture"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

// Capture executes up to n trials of a scenario in one process that keeps evidence,
// and returns the evidence of the first trial for which shows is true. The trace has
// every trial that was executed.
//
// If that trial left unusable files, or the process failed before it, the evidence
// has no files and None says why: the reproduction is to blame. If no trial shows
// what is wanted, None is empty too. An error means that the trials could not be
// executed.
func Capture(ctx context.Context, p Program, scenario string, n int, limits Limits, shows func(*matrix.Trial) bool) (*matrix.Trace, matrix.Evidence, error) {
	trace := &matrix.Trace{Scenario: scenario}
	at, err := openPlace(ctx, p)
	if err != nil {
		return trace, matrix.Evidence{}, fmt.Errorf("capturing scenario %s: %w", scenario, err)
	}
	defer at.close()
	folder, err := at.folder("evidence-")
	if err != nil {
		return trace, matrix.Evidence{}, fmt.Errorf("making a folder for evidence: %w", err)
	}
	out := &lines{reported: reported{scenario: scenario, want: n}}
	args := []string{"run", "-scenario", scenario, "-trials", strconv.Itoa(n), "-evidence", folder}
	began := time.Now().UTC()
	failure, err := at.run(ctx, args, limits, folder, out)
	for i := range out.trials {
		out.trials[i].Trial = i
	}
	trace.Trials, trace.CPU = out.trials, matrix.Seconds(out.cpu)
	if err != nil {
		return trace, matrix.Evidence{}, fmt.Errorf("capturing scenario %s: %w", scenario, err)
	}
	if failure != nil {
		trace.Failures = append(trace.Failures, failure.Failure)
	}
	i := slices.IndexFunc(out.trials, func(t matrix.Trial) bool { return shows(&t) })
	switch {
	case i >= 0:
		e := evidence(folder, out.trials[i], began)
		if err := doubt(e.None, folder); err != nil {
			return trace, matrix.Evidence{}, fmt.Errorf("capturing scenario %s: %w", scenario, err)
		}
		return trace, e, nil
	case failure != nil:
		return trace, matrix.Evidence{None: "the reproduction fails where it is to keep evidence: " + failure.Reason}, nil
	default:
		return trace, matrix.Evidence{}, nil
	}
}

// evidence returns the evidence of a trial from the files in a folder.
func evidence(folder string, t matrix.Trial, began time.Time) matrix.Evidence {
	files, err := collect(folder, t, began)
	if err != nil {
		why := scrub.Cut(err.Error(), scrub.Path{Path: folder, Name: "EVIDENCE"})
		return matrix.Evidence{Trial: t, None: "the reproduction left what cannot be used: " + oneLine(why)}
	}
	return matrix.Evidence{Trial: t, Files: files}
}

// collect returns the files that a trial left, sorted by suffix. The capture takes
// the place of the file with the datagrams.
func collect(folder string, t matrix.Trial, began time.Time) ([]matrix.EvidenceFile, error) {
	stem := fmt.Sprintf("%s-%d", t.Scenario, t.Trial)
	left, err := pickUp(folder, stem)
	if err != nil {
		return nil, err
	}
	file, err := packets(left.datagrams, t, began)
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", stem, datagramSuffix, err)
	}
	files := slices.Concat(left.others, []matrix.EvidenceFile{{Suffix: captureSuffix, Data: file}})
	slices.SortFunc(files, func(a, b matrix.EvidenceFile) int { return strings.Compare(a.Suffix, b.Suffix) })
	return files, nil
}

// packets converts the datagrams that a reproduction wrote to a capture in the
// pcapng format.
func packets(written []byte, t matrix.Trial, began time.Time) ([]byte, error) {
	c, err := capture.Parse(written)
	if err != nil {
		return nil, err
	}
	if c.Scenario != t.Scenario || c.Trial != t.Trial {
		return nil, fmt.Errorf("it has trial %d of %s: want trial %d of %s", c.Trial, c.Scenario, t.Trial, t.Scenario)
	}
	var b bytes.Buffer
	comment := oneLine(fmt.Sprintf("%s: %s: %s", t.Scenario, t.Outcome, t.Why))
	if err := capture.Write(&b, c, began, comment); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
