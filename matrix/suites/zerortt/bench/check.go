package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// checkedMod and checkedMain are a program of 450 packages, with those of the standard
// library. It gets to what leaks, so that check has to follow its calls.
const (
	checkedMod = `module example.com/checked

go 1.26.0

require (
	github.com/alecthomas/chroma/v2 v2.27.0
	github.com/caddyserver/certmagic v0.25.6
	github.com/prometheus/client_golang v1.24.1
	github.com/quic-go/quic-go v0.63.0
	github.com/spf13/cobra v1.10.2
	go.opentelemetry.io/otel/sdk v1.46.0
	google.golang.org/grpc v1.83.2
)
`
	checkedMain = `package main

import (
	"context"
	"net/http"

	_ "github.com/alecthomas/chroma/v2/lexers"
	"github.com/caddyserver/certmagic"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"github.com/spf13/cobra"
	_ "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
)

func main() {
	c := &cobra.Command{Run: func(c *cobra.Command, _ []string) {
		grpc.NewServer()
		http.Handle("/", promhttp.Handler())
		client := http.Client{Transport: &http3.Transport{}}
		client.Get("https://localhost")
		dial(c.Context())
	}}
	c.Execute()
}

func dial(ctx context.Context) {
	config, _ := certmagic.TLS(nil)
	c, err := quic.DialAddrEarly(ctx, "localhost:1", config, nil)
	if err != nil {
		return
	}
	s, _ := c.OpenStream()
	defer s.CancelRead(0)
	defer s.CancelWrite(0)
	s.Close()
	c.SendDatagram(nil)
	c.NextConnection(ctx)
}
`
)

// check measures the command check: on a go.mod alone, the first time and again, with the versions that the go
// command selects, and with what the program reaches, whose memory is measured in runs of
// their own.
func (l *lab) check(ctx context.Context, h home) (*Check, error) {
	dir, alone, err := l.layChecked(ctx, h)
	if err != nil {
		return nil, err
	}
	c := new(Check)
	for n := range l.set.Runs {
		if err := l.checkOnce(ctx, h, c, dir, alone); err != nil {
			return nil, err
		}
		l.logf("check %d/%d: go.mod %.2f s, again %.2f s, with the go command %.2f s, with reach %.1f s", n+1, l.set.Runs, c.First[n].Wall, c.Alone[n].Wall, c.Selected[n].Wall, c.Reach[n].Wall)
	}
	return c, nil
}

// patience lets check find out what the program reaches on a busy machine too. How long it
// takes is a figure, and no failure.
const patience = "10m"

// checkOnce measures each kind of check once.
func (l *lab) checkOnce(ctx context.Context, h home, c *Check, dir, alone string) error {
	empty, err := os.MkdirTemp(l.temp, "memory")
	if err != nil {
		return err
	}
	for _, timings := range []*[]Timing{&c.First, &c.Alone} {
		one, _, err := l.runCheck(ctx, append(h.environ(false), "PATH="), alone, "--offline", "--reach-limit", "0", "--cache", empty)
		if err != nil {
			return err
		}
		*timings = append(*timings, one)
	}
	selected, answer, err := l.runCheck(ctx, h.environ(false), dir, "--reach-limit", "0", "--cache", h.record())
	if err != nil {
		return err
	}
	if !answer.Input.Resolved {
		return fmt.Errorf("check did not ask the go command: %s", answer.Input.Note)
	}
	reach, answer, err := l.runCheck(ctx, h.environ(false), dir, "--reach-limit", patience, "--cache", h.record())
	if err == nil {
		err = followed(answer)
	}
	if err != nil {
		return err
	}
	c.Packages = answer.Scope.Packages
	c.Selected, c.Reach = append(c.Selected, selected), append(c.Reach, reach)
	if files := os.DirFS("/proc"); word(files, "self/smaps_rollup") != "" {
		s := &sampler{proc: files, self: os.Getpid()}
		stop := s.watch()
		_, _, err = l.runCheck(ctx, h.environ(false), dir, "--reach-limit", patience, "--cache", h.record())
		c.Peak = append(c.Peak, stop())
	}
	return err
}

// settling is how old files must be for check to remember what is in them, and a little more.
const settling = 2500 * time.Millisecond

// layChecked writes the program, and downloads what it is built with. It returns its
// folder, and that of its go.mod alone.
func (l *lab) layChecked(ctx context.Context, h home) (dir, alone string, err error) {
	dir, alone = filepath.Join(l.temp, "checked"), filepath.Join(l.temp, "alone")
	for _, file := range []struct{ name, content string }{
		{filepath.Join(dir, "go.mod"), checkedMod}, {filepath.Join(dir, "main.go"), checkedMain},
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file.name), 0o777), os.WriteFile(file.name, []byte(file.content), 0o666)); err != nil {
			return "", "", err
		}
	}
	l.logf("check: downloading what a program is built with")
	for _, args := range [][]string{{"mod", "tidy"}, {"list", "-deps", "-compiled", "-f", ""}} {
		c := proc.Cmd{Path: "/usr/bin/env", Args: append([]string{"go"}, args...), Dir: dir, Env: append(h.environ(true), "GOFLAGS=", "GOWORK=off")}
		if _, _, err := clock(ctx, c); err != nil {
			return "", "", err
		}
	}
	// The go command looks at more modules when it selects versions than it builds.
	if _, _, err := l.runCheck(ctx, h.environ(true), dir, "--reach-limit", "0", "--cache", h.record()); err != nil {
		return "", "", err
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", "", err
	}
	time.Sleep(settling)
	return dir, alone, errors.Join(os.MkdirAll(alone, 0o777), os.WriteFile(filepath.Join(alone, "go.mod"), mod, 0o666))
}

// runCheck runs check once.
func (l *lab) runCheck(ctx context.Context, env []string, dir string, args ...string) (Timing, *matrix.Check, error) {
	var out bytes.Buffer
	c := proc.Cmd{Path: l.tool, Args: append([]string{"check", dir, "--format", "json"}, args...), Env: env, Stdout: &out}
	t, _, err := clock(ctx, c, matrix.ExitDiffers)
	if err != nil {
		return t, nil, err
	}
	var answer struct {
		Suites []*matrix.Check `json:"suites"`
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		return t, nil, fmt.Errorf("reading what check printed: %w", err)
	}
	if len(answer.Suites) < 2 {
		return t, nil, errors.New("check did not answer for all shipped suites")
	}
	return t, answer.Suites[0], nil // the input is the same for all
}

// followed returns an error if check did not find out what the program reaches.
func followed(c *matrix.Check) error {
	if c.Scope == nil || c.Scope.Unknown != "" || len(c.Uses) != 1 {
		return fmt.Errorf("check did not find out what the program reaches: %+v", c.Scope)
	}
	for _, r := range c.Uses[0].Reach {
		if r.State == matrix.Reached {
			return nil
		}
	}
	return errors.New("check did not see that the program gets to what leaks")
}

// checkFigures returns the figures of the part check.
func checkFigures(c *Check) []Figure {
	if c == nil {
		return nil
	}
	wall := func(t Timing) float64 { return t.Wall }
	first := Figure{Name: "check of a go.mod alone, the first time", Unit: "s", Matrixrun: spread(each(c.First, wall)),
		Note: "the code of all modules is read, and the record keeps which have none of the target"}
	alone := Figure{Name: "check of a go.mod alone, again", Unit: "s", Matrixrun: spread(each(c.Alone, wall))}
	selected := Figure{Name: "check with the go command's versions", Unit: "s", Matrixrun: spread(each(c.Selected, wall))}
	reach := Figure{Name: fmt.Sprintf("check of what a program of %d packages reaches", c.Packages), Unit: "s", Matrixrun: spread(each(c.Reach, wall)),
		Note: "the program gets to what leaks, so that all of its calls are followed"}
	all := []Figure{
		first,
		aim{below: 0.1}.apply(alone, alone.Matrixrun, " s"),
		aim{below: 2}.apply(selected, selected.Matrixrun, " s"),
		aim{below: 20}.apply(reach, reach.Matrixrun, " s"),
	}
	if len(c.Peak) > 0 {
		peak := Figure{Name: "peak memory of that", Unit: "MB", Matrixrun: spread(each(c.Peak, func(b int64) float64 { return float64(b) / 1e6 }))}
		all = append(all, aim{below: 2000}.apply(peak, peak.Matrixrun, " MB"))
	}
	return all
}
