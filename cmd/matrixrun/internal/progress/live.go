package progress

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// live draws one line on a terminal: how many rows are answered, an estimate of the
// time left, and what is being done. Lines for answered rows scroll by above it.
type live struct {
	bars  *mpb.Progress
	bar   *mpb.Bar
	tally tally
	began time.Time
	mu    sync.Mutex
	doing map[string]string // stage by row
}

// newLive returns a live line on a terminal.
func newLive(w io.Writer, words matrix.Words) *live {
	return &live{
		bars:  mpb.New(mpb.WithOutput(text.Unguarded(w)), mpb.WithWidth(24)), // it moves the cursor
		doing: make(map[string]string),
		tally: tally{suite: words},
	}
}

func (l *live) Event(e matrix.Event) {
	for _, line := range l.tally.lines(e) {
		fmt.Fprintln(l.bars, text.Harmless(line))
	}
	switch {
	case e.Planned != nil:
		l.begin(len(e.Planned.Rows))
	case e.Refined != nil:
		l.bar.Abort(true)
		l.begin(len(e.Refined.Rows))
	case e.Surer != nil: // a round of its own, with its own estimate
		l.bar.Abort(true)
		l.begin(len(e.Surer.Rows))
	case e.Step != nil:
		l.set(e.Step.Row, e.Step.Stage)
	case e.Row != nil:
		l.set(e.Row.ID, "")
		l.bar.Increment()
	}
}

// begin draws the line for a number of rows.
func (l *live) begin(rows int) {
	l.began = time.Now()
	l.bar = l.bars.New(int64(rows), mpb.BarStyle().Rbound("]").Lbound("["), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d/%d rows ")),
		mpb.AppendDecorators(decor.Any(l.left), decor.Any(l.now)))
}

// gerunds are the stages as the line words them.
var gerunds = map[string]string{
	"fetch": "fetching", "lay": "laying", "build": "building",
	"run": "trying", "apart": "trying apart from all others", "capture": "capturing",
	"upstream": "running the tests of", "wait": "waiting for another matrixrun that does",
}

// set notes which stage a row is in, or that it is done if stage is empty.
func (l *live) set(row, stage string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if stage == "" {
		delete(l.doing, row)
		return
	}
	l.doing[row] = gerunds[stage]
}

// left estimates the time left by the rows that are answered. There is no estimate
// until the first one is.
func (l *live) left(s decor.Statistics) string {
	if s.Current == 0 {
		return "no estimate yet"
	}
	left := time.Since(l.began) / time.Duration(s.Current) * time.Duration(s.Total-s.Current)
	return left.Round(time.Second).String() + " left"
}

// now lists what is being done.
func (l *live) now(decor.Statistics) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for row, stage := range l.doing {
		all = append(all, text.Harmless(stage+" "+text.Line(short(row))))
	}
	slices.Sort(all)
	return "  " + strings.Join(all, ", ")
}

// Close removes the line, whether or not all rows are answered.
func (l *live) Close() {
	if l.bar != nil {
		l.bar.Abort(true)
	}
	l.bars.Wait()
}
