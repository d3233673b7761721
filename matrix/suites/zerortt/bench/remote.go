package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// A Remote has cold runs of the whole suite with a full remote record, and those of several
// machines that fill one together. The registry is on loopback.
type Remote struct {
	Push     Tool   `json:"push"`     // the run that filled it, from a record with everything
	Without  []Tool `json:"without"`  // runs without a remote record
	Binaries []Tool `json:"binaries"` // runs that fetch the binaries, and run the trials
	Traces   []Tool `json:"traces"`   // runs that fetch the traces, too
	Machines []Four `json:"machines"` // runs on several machines, whose remote record starts empty
}

// Four machines share a remote record: four parts of a run, each with a record and a build
// cache of its own, one after the other, and the merge of what they wrote.
type Four struct {
	Parts []Tool `json:"parts"`
	Merge Timing `json:"merge"`
}

// machines is how many machines share a run.
const machines = 4

// longRuns is how often runs that take many minutes are made, at most.
const longRuns = 1

// remote measures runs with a remote record against those without. It fills that with all rows
// of the suite from the record of the home, which it completes first.
func (l *lab) remote(ctx context.Context, h home) (r *Remote, err error) {
	l.logf("remote: filling the record with all %d releases", l.set.Suite)
	if _, _, err := l.run(ctx, h, job{trials: l.set.Trials, online: true}); err != nil {
		return nil, err
	}
	full, stop, err := serveRegistry()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	r = new(Remote)
	if r.Push, _, err = l.run(ctx, h, job{trials: l.set.Trials, args: []string{"--remote", full, "--push"}}); err != nil {
		return nil, err
	}
	l.logf("remote: %.1f MB written in %.1f s", float64(r.Push.Written)/1e6, r.Push.Wall)
	for n := range l.set.Runs {
		if err := l.remoteOnce(ctx, r, full, n < longRuns); err != nil {
			return nil, err
		}
	}
	for n := range min(l.set.Runs, longRuns) {
		four, err := l.four(ctx)
		if err != nil {
			return nil, err
		}
		l.logf("remote, %d machines %d: at most %.1f s, merged in %.2f s", machines, n+1, slowest(four), four.Merge.Wall)
		r.Machines = append(r.Machines, *four)
	}
	return r, nil
}

// remoteOnce runs the suite with each kind of use of the remote record, each with a cold
// start.
func (l *lab) remoteOnce(ctx context.Context, r *Remote, ref string, long bool) error {
	for _, kind := range []struct {
		name string
		into *[]Tool
		args []string
		long bool
	}{
		{"without", &r.Without, nil, true},
		{"binaries", &r.Binaries, []string{"--remote", ref}, true},
		{"traces", &r.Traces, []string{"--remote", ref, "--trust", "traces"}, false},
	} {
		if kind.long && !long {
			continue
		}
		t, err := cold(l, func(h home) (Tool, error) {
			t, _, err := l.run(ctx, h, job{trials: l.set.Trials, args: kind.args})
			return t, err
		})
		if err == nil && kind.args != nil {
			err = t.fromElsewhere(kind.into == &r.Traces)
		}
		if err != nil {
			return err
		}
		l.logf("remote, %s: %.1f s, %.1f CPU s, %.1f MB fetched", kind.name, t.Wall, t.CPU, float64(t.Fetched)/1e6)
		*kind.into = append(*kind.into, t)
	}
	return nil
}

// fromElsewhere checks that a run built nothing, and with all traces from elsewhere tried
// nothing.
func (t *Tool) fromElsewhere(traces bool) error {
	if t.Built != 0 || traces != (t.Trials == 0) || t.Fetched == 0 {
		return fmt.Errorf("with a remote record that has everything, matrixrun made %d builds and %d trials, and fetched %d bytes", t.Built, t.Trials, t.Fetched)
	}
	return nil
}

// four runs the suite in four parts, with a remote record that is empty at first.
func (l *lab) four(ctx context.Context) (four *Four, err error) {
	ref, stop, err := serveRegistry()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	four = new(Four)
	for n := range machines {
		t, err := cold(l, func(h home) (Tool, error) {
			args := []string{"--shard", fmt.Sprintf("%d/%d", n+1, machines), "--remote", ref, "--push", "--run", "bench", "-o", filepath.Join(h.out(), "part")}
			t, _, err := l.run(ctx, h, job{trials: l.set.Trials, args: args})
			return t, err
		})
		if err != nil {
			return nil, err
		}
		four.Parts = append(four.Parts, t)
	}
	four.Merge, err = cold(l, func(h home) (Timing, error) {
		t, _, err := clock(ctx, proc.Cmd{Path: l.tool, Args: []string{"merge", "--remote", ref, "--run", "bench"}, Env: h.environ(false)}, 1)
		return t, err
	})
	return four, err
}

// slowest returns the time of the machine that takes longest.
func slowest(f *Four) (wall float64) {
	for _, t := range f.Parts {
		wall = max(wall, t.Wall)
	}
	return wall
}

// serveRegistry starts an empty registry on loopback, which keeps everything in memory. It
// returns the reference of a remote record there.
func serveRegistry() (ref string, stop func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	s := &http.Server{Handler: ociserver.New(ocimem.New(), nil), ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(l) }()
	return "oci://" + l.Addr().String() + "/bench", s.Close, nil
}

// remoteFigures returns the figures of the part remote.
func remoteFigures(r *Remote) (all []Figure) {
	if r == nil {
		return nil
	}
	moved := func(runs []Tool) string {
		return fmt.Sprintf("nothing was built, %d trials were run, and %.1f MB were fetched", runs[0].Trials, float64(runs[0].Fetched)/1e6)
	}
	if len(r.Binaries) > 0 {
		f := r.against("cold, all %d releases, with their binaries in a remote record", "without", each(r.Binaries, wall))
		f.Note = fmt.Sprintf("%s; it took %.1f s to write all %.1f MB there from a record that had everything", moved(r.Binaries), r.Push.Wall, float64(r.Push.Written)/1e6)
		all = append(all, aim{below: 20}.apply(f, f.Matrixrun, " s"))
	}
	if len(r.Traces) > 0 {
		f := r.against("cold, all %d releases, with --trust traces", "without", each(r.Traces, wall))
		f.Note = moved(r.Traces)
		all = append(all, aim{below: 5}.apply(f, f.Matrixrun, " s"))
	}
	if len(r.Machines) > 0 {
		all = append(all, r.machines())
	}
	return all
}

func wall(t Tool) float64 { return t.Wall }

// against returns a figure of runs of the whole suite against those of one machine without
// a remote record.
func (r *Remote) against(name, what string, walls []float64) Figure {
	without := each(r.Without, wall)
	pairs := min(len(without), len(walls))
	return Figure{
		Name: fmt.Sprintf(name, r.Push.Rows), Unit: "s", Against: what, Plain: spread(without),
		Matrixrun: spread(walls), Ratio: spread(ratios(without[:pairs], walls[:pairs])),
	}
}

// machines returns the figure of several machines that fill one remote record.
func (r *Remote) machines() Figure {
	f := r.against("cold, all %d releases, by "+fmt.Sprint(machines)+" machines with one remote record", "one machine", each(r.Machines, func(f Four) float64 { return slowest(&f) + f.Merge.Wall }))
	built, cpu := 0, 0.0
	for _, t := range r.Machines[0].Parts {
		built, cpu = built+t.Built, cpu+t.CPU
	}
	f.Note = fmt.Sprintf("the slowest machine, and the merge; they ran one after the other, so that each had all cores, with an empty record and build cache of its own. Together they made %d builds in %.0f CPU s; the one machine made %d in %.0f",
		built, cpu, r.Without[0].Built, r.Without[0].CPU)
	return f
}
