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

// withoutCgo puts before a complaint which files of a module are left out because they need
// cgo, which is off: what the compiler misses may be in them. Without such files the
// complaint stays as it is.
func (b *builder) withoutCgo(ctx context.Context, module, complaint string) string {
	const template = `{{with .Module}}{{.Path}}{{end}} {{join .CgoFiles " "}}`
	call := b.command(listLimit, append([]string{"list", "-e", "-deps", "-f", template}, b.listed()...)...)
	call.Env = append(call.Env, "CGO_ENABLED=1") // go list runs no C compiler
	out, err := b.Run(ctx, call)
	if err != nil {
		return complaint
	}
	var files []string
	for line := range strings.Lines(string(out)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == module {
			files = append(files, fields[1:]...)
		}
	}
	if len(files) == 0 {
		return complaint
	}
	slices.Sort(files)
	return fmt.Sprintf("%s needs cgo in %s, and cgo is off:\n%s", module, text.Some(slices.Compact(files), mostCgo), complaint)
}
