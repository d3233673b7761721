package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// A Tried has the same test on the same releases by a shell loop and by the command try.
type Tried struct {
	Releases []string `json:"releases"`
	Loop     []Timing `json:"loop"` // cold
	Cold     []Timing `json:"cold"`
	Again    []Timing `json:"again"` // with nothing changed since
}

// The question of the part try: a module, its releases, and a program with a test.
const (
	triedModule = "github.com/tidwall/gjson"
	triedMod    = `module example.com/tried

go 1.21

require (
	github.com/tidwall/gjson v1.14.0
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
)
`
	triedTest = `package tried

import (
	"testing"

	"github.com/tidwall/gjson"
)

func TestCount(t *testing.T) {
	if n := gjson.Get("[1,2,3]", "#").Int(); n != 3 {
		t.Errorf("%d elements, want 3", n)
	}
}
`
	// triedLoop is what a person would write instead, as the manual's page on try has it.
	triedLoop = `for v in $VERSIONS; do
	cp -r "$APP" "$TMPDIR/$v" && cd "$TMPDIR/$v"
	go get ` + triedModule + `@$v
	go test -count=1 . && echo "$v passes" || echo "$v fails"
done
`
)

var triedReleases = []string{"v1.2.0", "v1.6.0", "v1.8.0", "v1.10.0", "v1.12.0", "v1.14.0", "v1.17.0"}

// try measures the command try against the loop, which take turns.
func (l *lab) try(ctx context.Context) (*Tried, error) {
	app := filepath.Join(l.temp, "tried")
	for name, content := range map[string]string{"go.mod": triedMod, "tried_test.go": triedTest} {
		if err := os.MkdirAll(app, 0o777); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(app, name), []byte(content), 0o666); err != nil {
			return nil, err
		}
	}
	l.logf("try: downloading %d releases", len(triedReleases))
	if _, err := cold(l, func(h home) (Timing, error) { return l.loop(ctx, h, app, true) }); err != nil {
		return nil, err
	}
	t := &Tried{Releases: triedReleases}
	for n := range l.set.Runs {
		loop, err := cold(l, func(h home) (Timing, error) { return l.loop(ctx, h, app, false) })
		if err != nil {
			return nil, err
		}
		both, err := cold(l, func(h home) (all []Timing, err error) {
			for range 2 {
				args := []string{"try", triedModule, app, "--only", strings.Join(triedReleases, ","), "--trials", "1", "--cache", h.record()}
				one, _, err := clock(ctx, proc.Cmd{Path: l.tool, Args: args, Env: h.environ(false)})
				if err != nil {
					return nil, err
				}
				all = append(all, one)
			}
			return all, nil
		})
		if err != nil {
			return nil, err
		}
		t.Loop, t.Cold, t.Again = append(t.Loop, loop), append(t.Cold, both[0]), append(t.Again, both[1])
		l.logf("try %d/%d: loop %.1f s, try %.1f s, again %.2f s", n+1, l.set.Runs, loop.Wall, both[0].Wall, both[1].Wall)
	}
	return t, nil
}

// loop runs the shell loop, and checks that the test passed on all releases.
func (l *lab) loop(ctx context.Context, h home, app string, online bool) (Timing, error) {
	var out strings.Builder
	env := append(h.environ(online), "VERSIONS="+strings.Join(triedReleases, " "), "APP="+app, "GOFLAGS=-mod=mod")
	t, _, err := clock(ctx, proc.Cmd{Path: "sh", Args: []string{"-c", triedLoop}, Env: env, Stdout: &out})
	if n := strings.Count(out.String(), " passes\n"); err == nil && n != len(triedReleases) {
		err = fmt.Errorf("the test passed on %d of %d releases in the loop:\n%s", n, len(triedReleases), out.String())
	}
	return t, err
}

// tryFigures returns the figures of the part try.
func tryFigures(t *Tried) []Figure {
	if t == nil {
		return nil
	}
	wall := func(t Timing) float64 { return t.Wall }
	loop, tool := each(t.Loop, wall), each(t.Cold, wall)
	f := Figure{Name: fmt.Sprintf("try of a test on %d releases, time", len(t.Releases)), Unit: "s", Plain: spread(loop), Matrixrun: spread(tool), Ratio: spread(ratios(loop, tool)),
		Note: "against a shell loop of go get and go test, both with an empty build cache; each test ran once"}
	again := Figure{Name: "try again", Unit: "s", Matrixrun: spread(each(t.Again, wall))}
	return []Figure{aim{least: 1}.apply(f, f.Ratio, " times faster"), aim{below: 1}.apply(again, again.Matrixrun, " s")}
}
