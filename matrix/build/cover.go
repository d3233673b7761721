package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// Counts reports whether a program that speaks this way counts how often its target's code
// runs, if a version of Go compiles it. Before Go 1.20, only tests could count. On Windows there
// is no file for standard output, through which the counts are read.
func Counts(speaks matrix.Speech, goVersion string) bool {
	return speaks == matrix.SpeechExit && gocmd.AtLeast(goVersion, "go1.20") && runtime.GOOS != "windows"
}

// idleFile is the file of a program that ends it. Functions called init run in the order of the
// names of their files, so that few of the program's own run before.
const idleFile = "0_matrixrun_idle.go"

const idleCode = `package main

import matrixrunOS "os"

func init() {
	if matrixrunOS.Getenv("` + matrix.IdleVariable + `") != "" {
		matrixrunOS.Exit(0)
	}
}
`

// countable returns the packages of a module that a program imports, and makes the program one
// that counts. It returns none if they cannot be listed: then the build should fail, and its
// complaint says more.
func (b *builder) countable(ctx context.Context, module string) (paths []string, err error) {
	if paths, b.unlisted = b.imported(ctx, module); len(paths) == 0 {
		return nil, nil
	}
	if err := os.WriteFile(filepath.Join(b.ws.Dir, idleFile), []byte(idleCode), 0o666); err != nil {
		return nil, fmt.Errorf("writing what lets a program count: %w", err)
	}
	return append(paths, "."), nil // a program counts only if its main package does
}

// imported returns the packages of a module that the program or the tests import.
func (b *builder) imported(ctx context.Context, module string) (paths []string, err error) {
	const template = `{{with .Module}}{{.Path}}{{end}} {{.ImportPath}}`
	out, err := b.Run(ctx, b.command(listLimit, append([]string{"list", "-deps", "-f", template}, b.listed()...)...))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(out)) {
		// A package that is compiled for a test has the name of the test after its own.
		fields := strings.Fields(line)
		if len(fields) > 1 && fields[0] == module && !slices.Contains(paths, fields[1]) {
			paths = append(paths, fields[1])
		}
	}
	return paths, nil
}

// cover returns the flags with which code of packages counts how often it runs. That shows
// whether a test gets there.
func cover(packages []string) []string {
	if len(packages) == 0 {
		return nil
	}
	return []string{"-covermode=count", "-coverpkg=" + strings.Join(packages, ",")}
}

// uncounted repeats a build that failed, without the code that counts, and returns how that one
// failed. With the code that counts, the compiler's columns are not those of the source, and a
// package may fail to compile for it alone: if the repeated build succeeds, that is an error.
func (b *builder) uncounted(ctx context.Context, opts Options, f failure) (failure, error) {
	plain := b.call(opts, os.DevNull, nil)
	plain.CPU = f.call.CPU
	stdout, err := b.Run(ctx, plain)
	switch {
	case ctx.Err() != nil:
		return f, context.Cause(ctx)
	case err == nil:
		return f, fmt.Errorf("it builds, but not with what counts how often code of %s runs: %w", opts.Target, f.err)
	}
	return failure{plain, stdout, err}, nil
}

// A failure is a go command that failed, with what it printed.
type failure struct {
	call   gocmd.Call
	stdout []byte
	err    error
}
