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

// examineLimit limits each go command that examines a failed build.
const examineLimit = 5 * time.Minute

// classify finds out what a failed build means. It returns the complaint if the row
// does not compile, and an error if that is unknown.
//
// The go command first loads all packages, and downloads what is missing; then it
// compiles. So classify loads the packages once more. If that works, the compiler
// or the linker failed. If not, either the code imports a package that does not
// exist, or a module could not be downloaded. Only in the second case does "go mod
// download" fail too.
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
			return "", fmt.Errorf("the build failed for a reason that is gone, so run it again: %w", err)
		}
		return b.complaint(ctx, failed.Stderr), nil
	}
	if _, download := b.Run(ctx, b.command(examineLimit, "mod", "download")); download != nil {
		return "", fmt.Errorf("downloading the dependencies: %w; before that: %w", download, err)
	}
	if b.loads(ctx) { // now that everything is downloaded
		return "", fmt.Errorf("the build failed for dependencies that are downloaded now, so run it again: %w", err)
	}
	if ctx.Err() != nil {
		return "", fmt.Errorf("examining a failed build: %w", context.Cause(ctx))
	}
	return b.complaint(ctx, failed.Stderr), nil
}

// loads reports whether the go command can load the packages of the build.
func (b *builder) loads(ctx context.Context) bool {
	args := append([]string{"list", "-deps"}, tags(b.row.Adapter)...)
	_, err := b.Run(ctx, b.command(examineLimit, append(args, b.packages)...))
	return err == nil
}

// blames reports whether the go command names a package that does not compile or
// link. It does so on a line such as "# example.com/lib".
func blames(stderr string) bool {
	return strings.HasPrefix(stderr, "# ") || strings.Contains(stderr, "\n# ")
}

// starvation lists what the go command and its tools print when the machine runs
// out of something.
var starvation = []string{"no space left on device", "disk quota exceeded", "cannot allocate memory", "out of memory", "too many open files", "resource temporarily unavailable", "read-only file system", "signal: killed"}

// inCode matches a line in which the compiler points at code. It may quote the code,
// so it says nothing about the machine.
var inCode = regexp.MustCompile(`^\S+\.(go|s):\d+`)

// starved reports whether a build failed because of the machine and not because of
// the code.
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

// maxComplaint bounds a complaint, in bytes. The compiler stops after ten errors in
// a package, so complaints seldom reach it.
const maxComplaint = 8 << 10

// temporary matches the temporary folder of a go command.
var temporary = regexp.MustCompile(`\S*[/\\]go-build\d+`)

// complaint returns what the compiler printed, without the go command's progress
// and without the paths of this machine.
func (b *builder) complaint(ctx context.Context, stderr string) string {
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

// paths returns the paths of this machine that a complaint can contain.
func (b *builder) paths(ctx context.Context) []scrub.Path {
	paths := []scrub.Path{
		{Path: b.ws.Dir, Name: "."},
		{Path: filepath.Dir(b.ws.Dir), Name: ".."},
	}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, scrub.Path{Path: home, Name: "~"})
	}
	names := []string{"GOROOT", "GOMODCACHE", "GOCACHE"}
	out, err := b.Run(ctx, b.command(examineLimit, append([]string{"env"}, names...)...))
	if err != nil {
		return paths // most of them are in the home folder
	}
	values := strings.Split(strings.TrimRight(string(out), "\r\n"), "\n")
	for i, value := range values[:min(len(values), len(names))] {
		value = strings.TrimSpace(value)
		paths = append(paths, scrub.Path{Path: value, Name: "$" + names[i]})
		// The go command prints a relative path if that is shorter.
		if relative, err := filepath.Rel(b.ws.Dir, value); err == nil {
			paths = append(paths, scrub.Path{Path: relative, Name: "$" + names[i]})
		}
	}
	return paths
}
