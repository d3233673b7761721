// Package build is the fourth stage: it compiles a workspace to one binary, or
// returns the compiler's complaint.
//
// A row that does not compile is an answer. A toolchain or a dependency that cannot
// be downloaded is not, and is an error. The go command exits with 1 for both, so a
// failed build is examined before it counts as an answer (see package diagnose). A
// build that succeeds costs nothing extra.
package build

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/diagnose"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// Options are the means of a build. None of them changes the binary.
type Options struct {
	Target   string        // the module path to look for in the binary
	Test     string        // the package with the tests to compile, such as ./parse; empty to compile the program in the workspace
	Out      string        // the file to write; missing folders are made
	Parallel int           // compilers at a time; 0 for the go command's default
	Limit    time.Duration // of the whole build; 0 for none

	Count bool     // count how often code of the target runs, as tests always do; see Counts
	C     *gocmd.C // what compiles files that need cgo; nil to leave them out
}

// Build compiles the workspace of a row to the file opts.Out. The artifact has
// either the binary's SHA256 and Path, or the reason why there is no binary: the
// workspace's conflict, its toolchain that is too old, or the compiler's complaint
// without any path of this machine. A complaint is proven: see package diagnose.
//
// An error means that Build could not find out whether the row compiles: no
// toolchain, no dependencies, a full disk, too little time, or a cancelled context.
func Build(ctx context.Context, g *gocmd.Go, ws *matrix.Workspace, row matrix.Row, opts Options) (matrix.Artifact, error) {
	a := matrix.Artifact{Applied: ws.Applied, Conflict: ws.Conflict, GoLine: ws.GoLine}
	if ws.Conflict != "" {
		return a, nil
	}
	if ws.TooOld != "" {
		a.Complaint, a.Proven = ws.TooOld, true
		return a, nil
	}
	version, err := g.Version(ctx, row.Toolchain)
	if err != nil {
		return a, fmt.Errorf("finding the toolchain: %w", err)
	}
	if a.Path, err = makeRoom(opts.Out); err != nil {
		return a, err
	}
	b := builder{Go: g, ws: ws, row: row, version: version, packages: ".", test: opts.Test != "", cgo: opts.C != nil}
	var covered []string
	if b.test {
		b.packages = opts.Test
		covered, err = b.resolve(ctx, opts.Target)
		if err != nil {
			return a, err
		}
	}
	if opts.Count {
		if covered, err = b.countable(ctx, opts.Target); err != nil {
			return a, err
		}
	}
	if err := b.needsCompiler(ctx, opts.C); err != nil {
		return a, err
	}
	if b.cgo {
		a.CCompiler = opts.C.Compiler
	}
	call := b.call(opts, a.Path, covered)
	var took time.Duration
	call.CPU = &took
	stdout, err := g.Run(ctx, call)
	a.CPU, a.Tools = matrix.Seconds(took), toolTime(b.graph())
	if err != nil {
		a.Path = ""
		f := failure{call, stdout, err}
		if len(covered) > 0 {
			if f, err = b.uncounted(ctx, opts, f); err != nil {
				return a, err
			}
		}
		a.Complaint, err = b.complaint(ctx, f.call, f.stdout, f.err)
		if unknown := b.incompleteness(a.Complaint); unknown != nil {
			a.Complaint, err = "", unknown
		}
		if a.Proven = a.Complaint != ""; a.Proven {
			b.leftOut(ctx, opts.Target, &a)
			a.Complaint = withoutCgo(opts.Target, a.Cgo, b.withRequirement(ctx, a.Complaint))
		}
		return a, err
	}
	if b.unlisted != nil {
		return a, fmt.Errorf("listing the packages of the program, which builds: %w", b.unlisted)
	}
	if a.SHA256, err = checksum.File(a.Path); b.test && errors.Is(err, fs.ErrNotExist) {
		a.Path, a.Complaint, a.Proven = "", noTests(b.packages, row.Adapter), true
		return a, nil
	}
	if err != nil {
		return a, fmt.Errorf("reading the binary: %w", err)
	}
	linked := len(covered) > 0
	if !b.test {
		linked, err = links(a.Path, opts.Target)
	}
	if err != nil {
		return a, fmt.Errorf("reading the binary: %w", err)
	}
	a.Unlinked = !linked
	b.leftOut(ctx, opts.Target, &a)
	return a, ctx.Err()
}

// links reports whether a binary has a package of a module. The go command writes into a
// binary which modules its packages belong to.
func links(binary, module string) (bool, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(info.Deps, func(m *debug.Module) bool { return m.Path == module }), nil
}

// makeRoom makes the folder of the binary, removes a file in the binary's place,
// and returns the absolute path.
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

// A builder is a build in progress.
type builder struct {
	*gocmd.Go
	ws       *matrix.Workspace
	row      matrix.Row
	version  string // what the toolchain reports, such as "go1.20.14"
	packages string // to compile, as the go command takes them
	test     bool   // compile the tests of one package
	cgo      bool   // compile files that need cgo

	c          map[string][]string // see needCgo; nil before it was asked
	unlisted   error               // why the packages could not be listed that are to count how often they run
	unresolved error               // why the go.mod of the tests could not be completed; nil if it could, or was complete
}

// call returns the go command that builds. GOGC and GOMAXPROCS do not change the
// binary. Compilers are Go programs that live for a second: they need not collect
// much garbage, nor use cores on which other builds run.
//
// Code of the covered packages counts how often it runs.
func (b *builder) call(opts Options, out string, covered []string) gocmd.Call {
	verb := []string{"build"}
	if b.test {
		verb = []string{"test", "-c"}
	}
	args := slices.Concat(verb, cover(covered), diagnose.Flags(b.version), flags(b.version))
	args = append(args, tags(b.row.Adapter)...)
	args = append(args, "-debug-actiongraph="+b.graph())
	env := []string{"GOGC=800"}
	if opts.Parallel > 0 {
		n := strconv.Itoa(opts.Parallel)
		args = append(args, "-p", n)
		env = append(env, "GOMAXPROCS="+n)
	}
	call := b.command(opts.Limit, append(args, "-o", out, b.packages)...)
	call.Env = append(call.Env, env...)
	return call
}

// command returns a go command to run in the row's workspace with its toolchain.
func (b *builder) command(limit time.Duration, args ...string) gocmd.Call {
	env := environment()
	if b.cgo {
		env = append(env, withCgo)
	}
	return gocmd.Call{Dir: b.ws.Dir, Args: args, Toolchain: b.row.Toolchain, Env: env, Limit: limit}
}

// environment returns the variables of a build, in addition to gocmd.Fixed.
func environment() []string {
	// With -mod=mod the go command would rewrite the row's go.mod, and would accept
	// dependencies that go.sum does not list.
	return []string{"GOFLAGS=-mod=readonly"}
}
