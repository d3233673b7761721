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

	"github.com/matrixrun/matrixrun/matrix/internal/diagnose"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/proc"
	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

// envLimit limits the go command that names the folders of this machine.
const envLimit = time.Minute

// complaint returns why the row does not compile, from what its build printed and
// returned. An error means that this is not known.
func (b *builder) complaint(ctx context.Context, call gocmd.Call, stdout []byte, err error) (string, error) {
	text, err := diagnose.Complaint(ctx, b.Go, diagnose.Failure{
		Call: call, Stdout: stdout, Err: err,
		Packages: b.listed(),
	})
	var failed *gocmd.Error
	switch {
	case err == nil:
		return b.clean(ctx, text), nil
	case errors.As(err, &failed) && failed.TimedOut:
		return "", fmt.Errorf("the build took longer than %v, which is the limit for builds in matrix.yaml: run again when the machine is less busy, or raise it: %w", failed.Limit, err)
	default:
		return "", err
	}
}

// maxComplaint bounds a complaint, in bytes. The compiler stops after ten errors in
// a package, so complaints seldom reach it.
const maxComplaint = 8 << 10

// temporary matches the temporary folder of a go command.
var temporary = regexp.MustCompile(`\S*[/\\]go-build\d+`)

// clean returns what the compiler printed without the paths of this machine.
func (b *builder) clean(ctx context.Context, text string) string {
	kept := proc.Head{Max: maxComplaint}
	text = temporary.ReplaceAllString(text, "$$WORK")
	_, _ = kept.Write([]byte(scrub.Cut(text, b.paths(ctx)...)))
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
	out, err := b.Run(ctx, b.command(envLimit, append([]string{"env"}, names...)...))
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
