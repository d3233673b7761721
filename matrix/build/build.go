// Package build is the fourth stage: it compiles a workspace to one binary, or
// brings back the compiler's complaint.
//
// That a row does not compile is something that was found out. That its
// toolchain or its dependencies could not be had is not, and is an error. The
// go command exits with 1 for both, so a failed build is looked into before it
// is believed (see classify.go). A build that succeeds pays nothing for that.
package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// Options are what a build may use. None of them changes the binary.
type Options struct {
	Out      string        // the file to write; its folder is made where it is missing
	Parallel int           // compilers at a time; 0 for as many as the go command likes
	Limit    time.Duration // that the build may take; 0 for no limit
}

// Build compiles the workspace of a row to the file opts.Out. The artifact has
// either the binary's SHA256 and Path, or the reason why there is none: the
// patch's conflict, which the workspace came with, or the compiler's complaint,
// free of the paths of this machine. A build that reaches its limit is a
// complaint too (see Settled).
//
// An error means that it could not be found out whether the row compiles: no
// toolchain, no dependencies, no room on the disk, or the context has ended.
func Build(ctx context.Context, g *gocmd.Go, ws *matrix.Workspace, row matrix.Row, opts Options) (matrix.Artifact, error) {
	a := matrix.Artifact{Applied: ws.Applied, Conflict: ws.Conflict}
	if ws.Conflict != "" {
		return a, nil
	}
	version, err := g.Version(ctx, row.Toolchain)
	if err != nil {
		return a, fmt.Errorf("finding the toolchain: %w", err)
	}
	if a.Path, err = makeRoom(opts.Out); err != nil {
		return a, err
	}
	b := builder{Go: g, ws: ws, row: row, version: version, what: "."}
	call := b.call(opts, a.Path)
	var took time.Duration
	call.CPU = &took
	_, err = g.Run(ctx, call)
	a.CPU, a.Tools = matrix.Seconds(took), toolTime(b.graph())
	if err != nil {
		a.Path = ""
		a.Complaint, err = b.classify(ctx, err)
		return a, err
	}
	if a.SHA256, err = checksum.File(a.Path); err != nil {
		return a, fmt.Errorf("reading the binary: %w", err)
	}
	return a, nil
}

// makeRoom makes the folder that the binary goes to, and removes what is in
// its place: the go command refuses to write over a file that it does not
// recognize, such as half a binary. It returns the file's absolute path.
func makeRoom(out string) (string, error) {
	path, err := filepath.Abs(out)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return "", err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return path, nil
}

// A builder is one build under way.
type builder struct {
	*gocmd.Go
	ws      *matrix.Workspace
	row     matrix.Row
	version string // of the toolchain
	what    string // the packages to compile
}

// call is the go command that builds. GOGC and GOMAXPROCS change no binary: they let
// compilers, which are Go programs that live for a second, collect less garbage, and
// keep each from using cores that others are busy on.
func (b *builder) call(opts Options, out string) gocmd.Call {
	args := append([]string{"build"}, flags(b.version)...)
	args = append(args, tags(b.row.Adapter)...)
	args = append(args, "-debug-actiongraph="+b.graph())
	env := []string{"GOGC=800"}
	if opts.Parallel > 0 {
		n := strconv.Itoa(opts.Parallel)
		args = append(args, "-p", n)
		env = append(env, "GOMAXPROCS="+n)
	}
	call := b.in(opts.Limit, append(args, "-o", out, b.what)...)
	call.Env = append(call.Env, env...)
	return call
}

// in is a go command in the row's workspace, with its toolchain.
func (b *builder) in(limit time.Duration, args ...string) gocmd.Call {
	return gocmd.Call{Dir: b.ws.Dir, Args: args, Toolchain: b.row.Toolchain, Env: environment(), Limit: limit}
}

// environment is what a build's environment has beyond gocmd.Fixed.
func environment() []string {
	// With -mod=mod the go command would rewrite the row's go.mod, and let
	// dependencies in that go.sum does not know.
	return []string{"GOFLAGS=-mod=readonly"}
}

// tooLong begins the complaint on a build that reached its limit.
const tooLong = "the build took longer than "

// Settled reports whether building again would come to the same. It would for
// all artifacts but those of builds that reached their limit: another time the
// machine may be less busy, or the limit another one. They are not worth a
// record.
func Settled(a matrix.Artifact) bool { return !strings.HasPrefix(a.Complaint, tooLong) }
