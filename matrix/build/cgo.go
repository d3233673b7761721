package build

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostCgo is how many files a message names that need cgo.
const mostCgo = 3

// withCgo is the variable that turns cgo on.
const withCgo = "CGO_ENABLED=1"

// needsCompiler turns cgo off if only packages of the standard library use it. They work
// without it too, and the binary is then the same on every machine. It is an error if another
// package needs cgo and there is no compiler.
func (b *builder) needsCompiler(ctx context.Context, c *gocmd.C) error {
	if !b.cgo {
		return nil
	}
	need, err := b.needCgo(ctx)
	if err != nil {
		return nil //nolint:nilerr // the build fails too, and what it prints is examined
	}
	b.cgo = len(need) > 0
	if b.cgo && c.Compiler == "" {
		module := slices.Sorted(maps.Keys(need))[0]
		return fmt.Errorf("%s needs cgo in %s, and there is no C compiler (%s)", module, text.Some(need[module], mostCgo), gocmd.NoCompiler)
	}
	return nil
}

// needCgo returns the names of the files of the build that need cgo, sorted, by module. Those
// of the standard library do not count. It asks the go command once.
func (b *builder) needCgo(ctx context.Context) (need map[string][]string, err error) {
	if b.c == nil {
		b.c, err = b.listCgo(ctx)
	}
	return b.c, err
}

func (b *builder) listCgo(ctx context.Context) (map[string][]string, error) {
	const template = `{{with .Module}}{{.Path}}{{end}} {{join .CgoFiles " "}}`
	call := b.command(listLimit, append([]string{"list", "-e", "-deps", "-f", template}, b.listed()...)...)
	call.Env = append(call.Env, withCgo) // go list runs no C compiler
	out, err := b.Run(ctx, call)
	if err != nil {
		return nil, err
	}
	need := make(map[string][]string)
	for line := range strings.Lines(string(out)) {
		module, files, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if list := strings.Fields(files); module != "" && len(list) > 0 {
			need[module] = append(need[module], list...)
		}
	}
	for module, files := range need {
		slices.Sort(files)
		need[module] = slices.Compact(files)
	}
	return need, nil
}

// leftOut sets the artifact's Cgo to the files of a module that the build left out, and its NoC
// if it left out no file of any module. If the files cannot be listed, it sets neither.
func (b *builder) leftOut(ctx context.Context, module string, a *matrix.Artifact) {
	if b.cgo {
		return
	}
	if need, err := b.needCgo(ctx); err == nil {
		a.Cgo, a.NoC = need[module], len(need) == 0
	}
}

// withoutCgo puts before a complaint which files of a module need cgo, if there are any: what
// the compiler misses may be in them.
func withoutCgo(module string, files []string, complaint string) string {
	if len(files) == 0 {
		return complaint
	}
	return fmt.Sprintf("%s needs cgo in %s, and cgo is off:\n%s", module, text.Some(files, mostCgo), complaint)
}
