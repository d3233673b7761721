package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// listLimit limits the go command that lists the packages of a test.
const listLimit = 5 * time.Minute

// listed returns flags and arguments of "go list" for what the builder compiles.
func (b *builder) listed() []string {
	list := tags(b.row.Adapter)
	if b.test {
		list = append(list, "-test")
	}
	return append(list, b.packages)
}

// resolve returns the packages of a module that the tests import, directly or
// indirectly. If the go.mod and the go.sum of the row do not say all that the build needs,
// it completes them: a release can need other versions than the user's module does. It
// returns no package if the tests cannot be listed: then the build fails, and its
// complaint says more. See incompleteness for when it could not complete them.
func (b *builder) resolve(ctx context.Context, module string) ([]string, error) {
	paths, err := b.imported(ctx, module)
	var failed *gocmd.Error
	if !errors.As(err, &failed) || !incomplete.MatchString(failed.Stderr) {
		return paths, nil
	}
	var graph []byte
	if graph, b.unresolved = b.Run(ctx, b.update("list", "-m", "all")); b.unresolved != nil {
		return nil, nil //nolint:nilerr // see incompleteness
	}
	file := filepath.Join(b.ws.Dir, "go.mod")
	before, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if _, b.unresolved = b.Run(ctx, b.update(append([]string{"list", "-deps", "-f", "{{.ImportPath}}"}, b.listed()...)...)); b.unresolved != nil {
		return nil, os.WriteFile(file, before, 0o666)
	}
	if err := dropUnknown(file, string(graph)); err != nil {
		return nil, err
	}
	paths, _ = b.imported(ctx, module)
	return paths, nil
}

// incompleteness returns why go.mod or go.sum could not be completed, if that is all that a
// complaint is about: then it says nothing about the release. A proxy that does not answer
// is one reason.
func (b *builder) incompleteness(complaint string) error {
	if b.unresolved == nil || !outdated.MatchString(complaint) {
		return nil
	}
	return fmt.Errorf("completing the go.mod of the tests for this release: %w", b.unresolved)
}

const outdatedText = `updates to go\.(mod|sum) needed|missing go\.sum entry`

var (
	// outdated matches what the go command reports if go.mod or go.sum do not have all that
	// the modules need.
	outdated = regexp.MustCompile(outdatedText)
	// incomplete also matches what it reports of a package in none of the modules.
	incomplete = regexp.MustCompile(outdatedText + `|no required module provides package`)
)

// update returns a go command that may complete go.mod and go.sum.
func (b *builder) update(args ...string) gocmd.Call {
	call := b.command(listLimit, args...)
	call.Env = []string{"GOFLAGS=-mod=mod"}
	return call
}

// dropUnknown removes from a go.mod the modules that are not in the graph, which is what
// "go list -m all" printed. The go command looks for a missing package, and adds the newest
// module that has it, which may be another one tomorrow.
func dropUnknown(file, graph string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	f, err := modfile.Parse(file, data, nil)
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for line := range strings.Lines(graph) {
		path, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		known[path] = true
	}
	for _, r := range slices.Clone(f.Require) {
		if !known[r.Mod.Path] {
			if err := f.DropRequire(r.Mod.Path); err != nil {
				return err
			}
		}
	}
	f.Cleanup()
	return os.WriteFile(file, modfile.Format(f.Syntax), 0o666)
}

// noTests returns the complaint about a package of which no file with tests is compiled.
func noTests(pkg string, a matrix.Adapter) string {
	text := fmt.Sprintf("the package %s has no tests", pkg)
	if len(a.Tags) > 0 {
		return text + " with the build tags " + strings.Join(a.Tags, ",")
	}
	return text + " that are built for this system and without build tags"
}
