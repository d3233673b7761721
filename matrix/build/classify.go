package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

// looking is the time that each go command has that looks into a failure.
const looking = 5 * time.Minute

// classify finds out what a failed build means. It returns the complaint where
// the row does not compile, and an error where that is not known.
//
// The go command first loads all packages, downloading what it lacks, and then
// compiles. So the same loading is done once more: where it succeeds, the
// compiler or the linker failed. Where it fails, the code may name a package
// that does not exist, or a module could not be had; the latter alone makes
// "go mod download" fail too.
func (b *builder) classify(ctx context.Context, err error) (complaint string, _ error) {
	var failed *gocmd.Error
	var flood *proc.FloodError
	switch {
	case !errors.As(err, &failed) || ctx.Err() != nil:
		return "", err
	case failed.TimedOut:
		return fmt.Sprint(tooLong, failed.Limit), nil
	case errors.As(err, &flood):
		return "the compiler wrote " + flood.Error(), nil
	case failed.ExitCode <= 0 || starved(failed.Stderr):
		return "", err
	}
	if b.loads(ctx) {
		if !blames(failed.Stderr) {
			return "", fmt.Errorf("building failed for a reason that is no longer there, so run it again: %w", err)
		}
		return b.words(ctx, failed.Stderr), nil
	}
	if _, download := b.Run(ctx, b.in(looking, "mod", "download")); download != nil {
		return "", fmt.Errorf("downloading the dependencies: %w; before that: %w", download, err)
	}
	if b.loads(ctx) { // now that all is there
		return "", fmt.Errorf("building failed for the lack of dependencies that are there now, so run it again: %w", err)
	}
	if ctx.Err() != nil {
		return "", fmt.Errorf("looking into a failed build: %w", context.Cause(ctx))
	}
	return b.words(ctx, failed.Stderr), nil
}

// loads reports whether the packages of the build can be loaded.
func (b *builder) loads(ctx context.Context) bool {
	args := append([]string{"list", "-deps"}, tags(b.row.Adapter)...)
	_, err := b.Run(ctx, b.in(looking, append(args, b.what)...))
	return err == nil
}

// blames reports whether the go command names a package that does not compile
// or link, in a line such as "# example.com/lib".
func blames(stderr string) bool {
	return strings.HasPrefix(stderr, "# ") || strings.Contains(stderr, "\n# ")
}

// starvation are the words of a machine that has run out of something.
var starvation = []string{"no space left on device", "disk quota exceeded", "cannot allocate memory", "out of memory", "too many open files", "resource temporarily unavailable", "read-only file system", "signal: killed"}

// inCode matches a line in which the compiler points at code: what it quotes
// there is not the machine's.
var inCode = regexp.MustCompile(`^\S+\.(go|s):\d+`)

// starved reports whether the machine, and not the code, made a build fail.
func starved(stderr string) bool {
	for line := range strings.Lines(stderr) {
		if inCode.MatchString(line) {
			continue
		}
		for _, words := range starvation {
			if strings.Contains(line, words) {
				return true
			}
		}
	}
	return false
}

// maxComplaint bounds what is kept of a complaint, in bytes. The compiler
// stops after ten errors in a package, so that is seldom reached.
const maxComplaint = 8 << 10

// temporary matches the folder that a go command works in.
var temporary = regexp.MustCompile(`\S*[/\\]go-build\d+`)

// words are the compiler's, without the go command's progress and without the
// paths of this machine.
func (b *builder) words(ctx context.Context, stderr string) string {
	kept := proc.Head{Max: maxComplaint}
	text := temporary.ReplaceAllString(stderr, "$$WORK")
	text = scrub.Cut(text, b.paths(ctx)...)
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "go: downloading ") {
			_, _ = kept.Write([]byte(line))
		}
	}
	return strings.TrimSpace(kept.String())
}

// paths are those of this machine that a complaint can have.
func (b *builder) paths(ctx context.Context) []scrub.Path {
	paths := []scrub.Path{
		{Path: b.ws.Dir, Name: "."},
		{Path: filepath.Dir(b.ws.Dir), Name: ".."},
	}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, scrub.Path{Path: home, Name: "~"})
	}
	names := []string{"GOROOT", "GOMODCACHE", "GOCACHE"}
	out, err := b.Run(ctx, b.in(looking, append([]string{"env"}, names...)...))
	if err != nil {
		return paths // the home folder covers them mostly
	}
	values := strings.Split(strings.TrimRight(string(out), "\r\n"), "\n")
	for i, value := range values[:min(len(values), len(names))] {
		value = strings.TrimSpace(value)
		paths = append(paths, scrub.Path{Path: value, Name: "$" + names[i]})
		// The go command shortens a path to a relative one where it can.
		if relative, err := filepath.Rel(b.ws.Dir, value); err == nil {
			paths = append(paths, scrub.Path{Path: relative, Name: "$" + names[i]})
		}
	}
	return paths
}
