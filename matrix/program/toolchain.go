package program

import (
	"context"
	goversion "go/version"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// Toolchain returns the Go release that compiles a program, such as "go1.26.8": the one that
// compiled a binary, and for a module on this machine the one that the go command chooses in
// its folder. It is empty if that is not known, or not a release.
func Toolchain(ctx context.Context, p *matrix.Program, o Options) string {
	if p.Toolchain != "" || p.Dir == "" {
		return p.Toolchain
	}
	out, err := o.run(ctx, gocmd.Call{Dir: p.Dir, Args: []string{"env", "GOVERSION"}, Own: true, Limit: patience})
	if err != nil {
		return "" // whoever builds the program will be told
	}
	return released(strings.TrimSpace(string(out)))
}

// released returns the Go release that a version of Go is, "" if it is none. Experiments, as in
// "go1.26.8 X:rangefunc", change the compiler.
func released(goVersion string) string {
	if !goversion.IsValid(goVersion) {
		return ""
	}
	return goVersion
}
