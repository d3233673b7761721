package build

import (
	"cmp"
	"encoding/json"
	"runtime"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// recipeVersion counts the ways in which rows were laid out and built. Increase it
// with every change, here or in package tree, that makes another binary of the same
// row: how patches apply, what go.mod has, which go line a toolchain gets.
const recipeVersion = 2

// A Recipe is everything that could change a row's binary, or whether the row
// compiles. Its JSON is hashed for the record.
type Recipe struct {
	Recipe       int
	Target       string
	Module       string
	Version      string
	Sum          string
	Rehomed      bool
	Patches      [][2]string // name and SHA-256, in the order in which they apply
	Toolchain    string
	Reproduction string
	GoLine       string      `json:",omitempty"` // of the reproduction, which the row keeps if it can
	Required     string      `json:",omitempty"`
	Swap         matrix.Swap `json:",omitzero"`
	Test         string      `json:",omitempty"` // the package with the tests
	Counts       bool        `json:",omitempty"` // see Counts
	C            []string    `json:",omitempty"` // what compiles files that need cgo, and its flags; empty if they are left out
	Flags        []string
	Environment  []string
	GOOS, GOARCH string
}

// NewRecipe returns the recipe of a row, whose release must have its checksum. The pkg is
// the folder of the package whose tests are compiled, or empty for a program. The
// goVersion is what gocmd's Version returns for the row's toolchain: it tells apart
// what "the go command on the PATH" was on two days. The c is what compiles
// files that need cgo; nil if they are left out.
func NewRecipe(spec *matrix.Spec, row matrix.Row, pkg, goVersion string, c *gocmd.C) Recipe {
	r := Recipe{
		Recipe: recipeVersion,
		Target: spec.Target.Module,
		Module: row.Release.Module, Version: row.Release.Version, Sum: row.Release.Sum, Rehomed: row.Rehomed,
		Toolchain:    goVersion,
		Reproduction: spec.ReproductionDigest,
		GoLine:       spec.GoLine,
		Required:     row.Required,
		Swap:         row.Swap,
		Flags:        append(flags(goVersion), tags(row.Adapter)...),
		Environment:  append(gocmd.Fixed(), environment()...),
		GOOS:         runtime.GOOS, GOARCH: runtime.GOARCH,
	}
	if pkg != "" {
		r.Test = matrix.PackageArg(pkg)
	}
	r.Counts = Counts(spec.Speaks, goVersion)
	if c != nil {
		r.C = append([]string{cmp.Or(c.Compiler, "no C compiler")}, c.Flags...)
	}
	for _, p := range row.Patches {
		r.Patches = append(r.Patches, p.Identity())
	}
	return r
}

// Key returns the SHA-256 of the recipe, in hex.
func (r Recipe) Key() string {
	// JSON separates the fields, and cannot fail for such a struct.
	text, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return checksum.Bytes(text)
}

// flags returns the flags of every build with a version of Go.
func flags(goVersion string) []string {
	// Without paths and debugging data, neighbouring releases share compiled
	// packages, or even the binary. Stack traces still have line numbers. The
	// linker drops the debugging data, so compilers need not write it.
	list := []string{"-trimpath", "-gcflags=all=-dwarf=0", "-ldflags=-s -w"}
	// The go command would stamp the state of a repository around the workspace
	// into the binary. Before Go 1.18 it had neither the stamp nor the flag.
	if gocmd.AtLeast(goVersion, "go1.18") {
		list = append(list, "-buildvcs=false")
	}
	return list
}

// tags returns the flags that select an adapter.
func tags(a matrix.Adapter) []string {
	if len(a.Tags) == 0 {
		return nil
	}
	return []string{"-tags=" + strings.Join(a.Tags, ",")}
}
