package sweep

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
	"github.com/matrixrun/matrixrun/matrix/judge"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/tree"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// answer answers one row. An error becomes the row's state and its reason.
// With --sure, a row may be answered again.
func (s *Sweep) answer(ctx context.Context, w *work) matrix.RowResult {
	w.begun = true
	w.effort.took, w.effort.failed = matrix.CPU{}, false
	r, err := w.result(ctx)
	w.unbuilt = false // it has had its turn
	if err != nil {
		w.effort.failed = true
		r.State, r.Reason = matrix.StateUnavailable, reason(err)
	}
	if s.opts.UpstreamTests && len(w.row.Patches) > 0 && r.State == matrix.StateOK && r.Binary != "" {
		r.Upstream = w.upstream(ctx)
	}
	w.explain(ctx)
	return r
}

// reason returns the text of an error for the results: without the paths of this
// machine, and with advice if the file system is the reason.
func reason(err error) string {
	text := err.Error()
	if advice := fault.FileAdvice(err); advice != "" && !strings.Contains(text, advice) {
		text += " (" + advice + ")"
	}
	paths := []scrub.Path{{Path: os.TempDir(), Name: "$TMPDIR"}}
	if own, err := scratch.Root(); err == nil {
		paths = append(paths, scrub.Path{Path: own, Name: "$TMPDIR"})
	}
	for _, key := range []string{"GOCACHE", "GOMODCACHE", "GOROOT"} {
		paths = append(paths, folder(os.Getenv(key), "$"+key)...)
	}
	for proxy := range strings.FieldsFuncSeq(os.Getenv("GOPROXY"), func(r rune) bool { return r == ',' || r == '|' }) {
		if dir, ok := strings.CutPrefix(proxy, "file://"); ok {
			paths = append(paths, folder(dir, "$GOPROXY")...)
		}
	}
	paths = append(paths, scrub.Path{Path: gocmd.Root(), Name: "$GOROOT"})
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, scrub.Path{Path: home, Name: "~"})
	}
	return scrub.Cut(text, paths...)
}

// folder returns a folder that a variable names. If it does not exist, folder also returns
// those above it, up to the first that exists: the go command names one of them if it
// cannot make it. A variable whose value is no absolute path names no folder.
func folder(dir, name string) (paths []scrub.Path) {
	if !filepath.IsAbs(dir) {
		return nil
	}
	for filepath.Dir(dir) != dir {
		paths = append(paths, scrub.Path{Path: dir, Name: name})
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			break
		}
		dir, name = filepath.Dir(dir), name+"/.."
	}
	return paths
}

// result answers the row. If there is an error, the result has what is known
// nevertheless.
func (w *work) result(ctx context.Context) (matrix.RowResult, error) {
	s := w.sweep
	r := s.describe(w.row)
	if !w.row.Adapter.Supported {
		r.Cells = judge.Unsupported(s.plan.Scenarios)
		w.effort.failed = true // which keeps it from counting as recalled
		return r, nil
	}
	err := w.makeParts(ctx)
	r.Source.Sum, r.Source.Time = w.row.Release.Sum, w.row.Release.Time
	w.describeBuild(&r)
	if err == nil {
		err = s.trying.Acquire(ctx, 1)
	}
	if err == nil {
		defer s.trying.Release(1)
	}
	defer w.closeParts()
	if err == nil {
		r.Binary, r.Cgo = w.binaries()
	}
	if r.Binary != "" && !s.opts.Build {
		if err = w.findServer(ctx); err == nil {
			r.Cells, err = w.cells(ctx)
		}
	}
	first := w.parts[0].artifact
	if err == nil {
		err = w.captures(ctx, first, r.Cells)
	}
	switch {
	case err != nil:
	case first.Conflict != "":
		r.State, r.Reason = matrix.StatePatchConflict, first.Conflict
	case r.Binary == "":
		r.State, r.Reason = matrix.StateBuildFailed, w.complaints()
	}
	if err == nil {
		w.rememberParts()
	}
	copy(r.Patches, first.Applied) // shorter after a conflict: the patches after it were not tried
	return r, err
}

// describeBuild adds how the row was built in the end. Its adapter may be a neighbour's.
func (w *work) describeBuild(r *matrix.RowResult) {
	r.Toolchain = w.goVersion
	r.Adapter = strings.Join(w.row.Adapter.Tags, ",")
	r.Required, r.Swap = w.row.Required, w.row.Swap
	r.GoLine = w.parts[0].artifact.GoLine
	for _, p := range w.parts {
		r.CCompiler = cmp.Or(r.CCompiler, p.artifact.CCompiler)
	}
}

// describe returns what the plan knows of a row.
func (s *Sweep) describe(row matrix.Row) matrix.RowResult {
	r := matrix.RowResult{
		ID:        row.ID,
		Source:    row.Release.Result(row.Rehomed),
		Patches:   []matrix.Applied{},
		Toolchain: row.Toolchain,
		Adapter:   strings.Join(row.Adapter.Tags, ","),
		Replace:   tree.ReplaceLine(row),
		State:     matrix.StateOK,
		Cells:     []matrix.Cell{},
	}
	if s.plan.Server != nil {
		r.Server = s.plan.Server.Release.Version
	}
	for _, p := range row.Patches {
		r.Patches = append(r.Patches, matrix.Applied{Name: p.Patch, SHA256: p.SHA256})
	}
	if len(row.Patches) == 0 && row.Release.IsRelease() {
		r.ExpectedState = judge.ExpectedState(s.spec.Expect, row.Release.Version)
	}
	return r
}

// cells tries and judges every scenario of a row.
func (w *work) cells(ctx context.Context) ([]matrix.Cell, error) {
	s := w.sweep
	cells := make([]matrix.Cell, len(s.plan.Scenarios))
	errs := make([]error, len(cells))
	var group errgroup.Group
	group.SetLimit(s.opts.Jobs + s.opts.Jobs/2) // as many as the load has room for
	for i, scenario := range s.plan.Scenarios {
		group.Go(func() error {
			p := w.partFor(scenario)
			if p.artifact.SHA256 == "" {
				cells[i] = judge.Failed(scenario, p.work.unbuiltReason(p.artifact))
				return nil
			}
			cells[i], errs[i] = p.work.cell(ctx, p.artifact, scenario)
			return nil
		})
	}
	_ = group.Wait() // errs has the errors by scenario, so that every run returns the same one
	if err := w.doubt(cells, errs); err != nil {
		return nil, err
	}
	cells = judge.Row(s.plan.Scenarios, cells, s.spec.Words)
	for i, scenario := range s.plan.Scenarios {
		if w.partFor(scenario).artifact.Unlinked {
			cells[i] = judge.Unlinked(s.spec.Target.Module, cells[i])
		}
	}
	if len(w.row.Patches) > 0 {
		return cells, nil
	}
	cells = judge.Expect(s.spec.Expect, s.plan.Scenarios, w.row.Release.Module, w.row.Release.Base(), cells)
	if !w.row.Release.IsRelease() {
		expectNothingKnown(cells)
	}
	return cells, nil
}

// doubt turns each trial.DoubtError into a cell that is an error, and returns the first of the
// other errors. A DoubtError counts as one of these if it is about a control or a planted
// scenario, or if no scenario has a cell without it: then the row as a whole is unavailable.
func (w *work) doubt(cells []matrix.Cell, errs []error) error {
	scenarios := w.sweep.plan.Scenarios
	answered := false
	for i, err := range errs {
		var doubt *trial.DoubtError
		if err != nil && (!errors.As(err, &doubt) || scenarios[i].Kind.Invariant()) {
			return err
		}
		answered = answered || err == nil
	}
	if !answered {
		return errs[0]
	}
	for i, err := range errs {
		var doubt *trial.DoubtError
		if errors.As(err, &doubt) {
			cells[i] = judge.Failed(scenarios[i], reason(doubt))
			w.effort.add(func(e *effort) { e.failed = true })
		}
	}
	return nil
}

// expectNothingKnown drops what is expected of cells, apart from verdicts that are no
// answer: what its nearest release cannot be asked, a fork cannot either. Whether it
// leaks as that release does is the question. So it is for a further toolchain.
func expectNothingKnown(cells []matrix.Cell) {
	for i := range cells {
		if cells[i].Expected.Known() {
			cells[i].Expected = ""
		}
	}
}
