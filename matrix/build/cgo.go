package build

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostCgo is how many files a complaint names that need cgo.
const mostCgo = 3

// needCgo returns the names of the files of a module that the build leaves out because they
// need cgo, which is off, sorted. It returns none if they cannot be listed.
func (b *builder) needCgo(ctx context.Context, module string) (files []string) {
	const template = `{{with .Module}}{{.Path}}{{end}} {{join .CgoFiles " "}}`
	call := b.command(listLimit, append([]string{"list", "-e", "-deps", "-f", template}, b.listed()...)...)
	call.Env = append(call.Env, "CGO_ENABLED=1") // go list runs no C compiler
	out, err := b.Run(ctx, call)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == module {
			files = append(files, fields[1:]...)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// withoutCgo puts before a complaint which files of a module need cgo, if there are any: what
// the compiler misses may be in them.
func withoutCgo(module string, files []string, complaint string) string {
	if len(files) == 0 {
		return complaint
	}
	return fmt.Sprintf("%s needs cgo in %s, and cgo is off:\n%s", module, text.Some(files, mostCgo), complaint)
}
