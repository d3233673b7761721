package main

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
)

// live draws one line on a terminal with how far the run is, an estimate of
// what is left, and what is being done; rows scroll by above it.
type live struct {
	bars  *mpb.Progress
	bar   *mpb.Bar
	tally tally
	began time.Time
	mu    sync.Mutex
	doing map[string]string // stage by row
}

func newLive(w io.Writer) *live {
	return &live{
		bars:  mpb.New(mpb.WithOutput(w), mpb.WithWidth(24)),
		doing: make(map[string]string),
	}
}

func (l *live) event(e matrix.Event) {
	for _, line := range l.tally.lines(e) {
		fmt.Fprintln(l.bars, line)
	}
	switch {
	case e.Planned != nil:
		l.began = time.Now()
		l.bar = l.bars.New(int64(len(e.Planned.Rows)), mpb.BarStyle().Rbound("]").Lbound("["), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.CountersNoUnit("%d/%d rows ")),
			mpb.AppendDecorators(decor.Any(l.left), decor.Any(l.now)))
	case e.Step != nil:
		l.set(e.Step.Row, e.Step.Stage)
	case e.Row != nil:
		l.set(e.Row.ID, "")
		l.bar.Increment()
	}
}

// gerunds word the stages.
var gerunds = map[string]string{
	"fetch": "fetching", "lay": "laying", "build": "building",
	"run": "trying", "apart": "trying apart from all others", "capture": "capturing",
	"upstream": "running the tests of", "wait": "waiting for another matrixrun that does",
}

// set notes which stage a row is in; none where it is done.
func (l *live) set(row, stage string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if stage == "" {
		delete(l.doing, row)
		return
	}
	l.doing[row] = gerunds[stage]
}

// left estimates what the rows to come will take by those that came. The first
// rows to be answered may be long in coming, and until then nobody knows.
func (l *live) left(s decor.Statistics) string {
	if s.Current == 0 {
		return "no estimate yet"
	}
	left := time.Since(l.began) / time.Duration(s.Current) * time.Duration(s.Total-s.Current)
	return left.Round(time.Second).String() + " left"
}

// now says what is being done.
func (l *live) now(decor.Statistics) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for row, stage := range l.doing {
		all = append(all, stage+" "+short(row))
	}
	slices.Sort(all)
	return "  " + strings.Join(all, ", ")
}

// close ends the line, whether or not all rows came in.
func (l *live) close() {
	if l.bar != nil {
		l.bar.Abort(true)
	}
	l.bars.Wait()
}
