// Package diagnose separates code that does not compile from a machine that cannot compile
// it. The go command exits with 1 for both.
//
// That code does not compile takes proof: diagnostics of the compiler or the linker in
// the packages of the build that are not of the standard library, or an import that
// the go command cannot resolve. Everything else is an error.
package diagnose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// limit limits each go command that examines a failed build.
const limit = 5 * time.Minute

// Flags returns the flags with which a version of the go command reports its failures
// in a structured form. They change nothing else.
func Flags(goVersion string) []string {
	if gocmd.AtLeast(goVersion, "go1.24") {
		return []string{"-json"}
	}
	return nil
}

// A Failure is a "go build" or a "go test -c" that failed.
type Failure struct {
	Call   gocmd.Call // the command, with Flags among its arguments
	Stdout []byte     // what it printed there
	Err    error      // what gocmd.Go.Run returned

	Packages []string // flags and arguments of "go list" for the packages that were to be built
}

// Complaint returns what the go command printed if it proves that the code does not
// compile. Its paths are those of this machine. An error means that there is no proof:
// it wraps the command's error and says what to do.
func Complaint(ctx context.Context, g *gocmd.Go, f Failure) (string, error) {
	var failed *gocmd.Error
	if !errors.As(f.Err, &failed) || failed.TimedOut || failed.ExitCode <= 0 || ctx.Err() != nil {
		return "", f.Err
	}
	out := readOutput([]byte(failed.Cut(string(f.Stdout))), failed.Stderr)
	failed.Stderr = strings.TrimLeft(out.text+"\n"+out.rest, "\n") // so that the error quotes all of it
	e := examination{Go: g, Failure: f}
	listed, err := e.list(ctx)
	if err := checkIncludes(out.blocks, listed); err != nil {
		return "", err
	}
	if err := e.checkC(out, listed); err != nil {
		return "", err
	}
	var refused *gocmd.Error
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("examining a failed build: %w", context.Cause(ctx))
	case errors.As(err, &refused):
		if !e.refusesModule(refused.Stderr) {
			return "", e.unproven(ctx)
		}
	case err != nil:
		return "", err
	case listed.failed():
		if err := e.checkImports(ctx, listed); err != nil {
			return "", err
		}
	default:
		if err := e.checkBlocks(ctx, out.blocks, listed); err != nil {
			return "", err
		}
	}
	complaint := cmp.Or(out.text, out.rest)
	if err := e.verify(ctx); err != nil {
		return "", err
	}
	if err := e.checkToolchain(ctx, complaint, listed); err != nil {
		return "", err
	}
	return complaint, nil
}

// An examination looks for proof in a failed build.
type examination struct {
	*gocmd.Go
	Failure
}

// command returns a go command to run where the build ran. It reads the files of all
// modules itself: the go command keeps lists of them in the build cache, and takes
// packages whose lists it cannot read for missing ones.
func (e examination) command(args ...string) gocmd.Call {
	c := e.Call
	c.Args, c.Limit, c.CPU = args, limit, nil
	c.Env = append(slices.Clone(c.Env), "GODEBUG=goindex=0")
	return c
}

// unproven returns the error for a build that failed without proof. If the reason is
// that modules cannot be downloaded, the error says that, since the go command then
// reports what it missed in many ways.
func (e examination) unproven(ctx context.Context) error {
	if _, err := e.Run(ctx, e.command("mod", "download")); err != nil && ctx.Err() == nil {
		var failed *gocmd.Error
		if errors.As(err, &failed) && failed.Advice() != "" {
			return fmt.Errorf("downloading the dependencies: %w; before that: %w", err, e.Err)
		}
	}
	return e.doubt(ctx, "")
}

// doubt returns the error for a build that failed without proof. It is one line, which
// is what tables have room for. Its advice is that of the go command, or about a build
// cache that cannot be used, or else the given one.
func (e examination) doubt(ctx context.Context, advice string) error {
	u := &UnprovenError{Err: e.Err, Advice: advice}
	var failed *gocmd.Error
	if !errors.As(e.Err, &failed) {
		return u
	}
	u.Said = failed.Stderr
	if found := failed.Advice(); found != "" {
		u.Advice = found
	} else if found := e.cacheAdvice(ctx); found != "" {
		u.Advice = found
	}
	return u
}

// cacheAdvice returns what to do about a build cache that cannot be used, and "" if it
// can be.
func (e examination) cacheAdvice(ctx context.Context) string {
	dir, err := e.Run(ctx, e.command("env", "GOCACHE"))
	if err != nil {
		return ""
	}
	return fault.CacheAdvice(strings.TrimSpace(string(dir)))
}

// An UnprovenError reports a build that failed, without proof that the code is the
// reason.
type UnprovenError struct {
	Err    error  // of the go command
	Said   string // what the go command and its tools printed
	Advice string // empty if nothing is known that helps
}

// Unwrap returns e.Err.
func (e *UnprovenError) Unwrap() error { return e.Err }

// mostSaid is how many lines of what was printed the message has.
const mostSaid = 3

func (e *UnprovenError) Error() string {
	var lines []string
	for line := range strings.Lines(e.Said) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "# ") {
			lines = append(lines, line)
		}
	}
	lines = lines[:min(len(lines), mostSaid)]
	if len(lines) == 0 {
		lines = []string{"the go command printed nothing"}
	}
	text := "the build failed, and nothing shows that the code is the reason: " + strings.Join(lines, "; ")
	if e.Advice == "" {
		return text + " (run again)"
	}
	return text + " (" + e.Advice + ")"
}
