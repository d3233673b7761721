package build

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
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

// imported returns the packages of a module that the tests import, directly or
// indirectly. It returns none if they cannot be listed: then the build fails, and its
// complaint says more.
func (b *builder) imported(ctx context.Context, module string) (paths []string) {
	const template = `{{with .Module}}{{.Path}}{{end}} {{.ImportPath}}`
	out, err := b.Run(ctx, b.command(listLimit, append([]string{"list", "-deps", "-f", template}, b.listed()...)...))
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(out)) {
		// A package that is compiled for a test has the name of the test after its own.
		fields := strings.Fields(line)
		if len(fields) > 1 && fields[0] == module && !slices.Contains(paths, fields[1]) {
			paths = append(paths, fields[1])
		}
	}
	return paths
}

// cover returns the flags with which code of packages counts how often it runs. That shows
// whether a test gets there.
func cover(packages []string) []string {
	if len(packages) == 0 {
		return nil
	}
	return []string{"-covermode=count", "-coverpkg=" + strings.Join(packages, ",")}
}

// noTests returns the complaint about a package of which no file with tests is compiled.
func noTests(pkg string, a matrix.Adapter) string {
	text := fmt.Sprintf("the package %s has no tests", pkg)
	if len(a.Tags) > 0 {
		return text + " with the build tags " + strings.Join(a.Tags, ",")
	}
	return text + " that are built for this system and without build tags"
}
