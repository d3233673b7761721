package build

import (
	"encoding/json"
	"go/version"
	"runtime"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// recipeVersion counts the ways in which rows were laid and built. It must go
// up with every change, in this stage or in laying, that makes another binary
// of the same row: how patches go on, what go.mod says, which go line a
// toolchain gets.
const recipeVersion = 2

// A Recipe is everything that could change a row's binary, or whether there is
// one.
type Recipe struct {
	Recipe       int
	Target       string
	Module       string
	Version      string
	Sum          string
	Rehomed      bool
	Patches      [][2]string // name and SHA-256, in the order in which they go on
	Toolchain    string
	Reproduction string
	Flags        []string
	Environment  []string
	GOOS, GOARCH string
}

// NewRecipe returns the recipe of a row. The version of Go is what gocmd's
// Version says of the row's toolchain: it tells apart what "the go command at
// hand" is on two days. The row's release must have its checksum.
func NewRecipe(spec *matrix.Spec, row matrix.Row, goVersion string) Recipe {
	r := Recipe{
		Recipe: recipeVersion,
		Target: spec.Target.Module,
		Module: row.Release.Module, Version: row.Release.Version, Sum: row.Release.Sum, Rehomed: row.Rehomed,
		Toolchain:    goVersion,
		Reproduction: spec.ReproductionDigest,
		Flags:        append(flags(goVersion), tags(row.Adapter)...),
		Environment:  append(gocmd.Fixed(), environment()...),
		GOOS:         runtime.GOOS, GOARCH: runtime.GOARCH,
	}
	for _, p := range row.Patches {
		r.Patches = append(r.Patches, [2]string{p.Patch, p.SHA256})
	}
	return r
}

// Key returns the hex SHA-256 over the recipe.
func (r Recipe) Key() string {
	// JSON keeps neighbouring fields apart, and cannot fail for such a struct.
	text, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return checksum.Bytes(text)
}

// flags are those of every build with a version of Go.
func flags(goVersion string) []string {
	// Without paths and debugging data, neighbouring releases share compiled
	// packages, or even the binary; traces of crashes keep their lines. The linker
	// would drop the debugging data, so that compilers need not write it.
	list := []string{"-trimpath", "-gcflags=all=-dwarf=0", "-ldflags=-s -w"}
	// A workspace inside of somebody's repository would have that one's state
	// stamped into the binary. Before Go 1.18 there was no stamp, and no flag.
	if !version.IsValid(goVersion) || version.Compare(goVersion, "go1.18") >= 0 {
		list = append(list, "-buildvcs=false")
	}
	return list
}

// tags are the flags that select an adapter.
func tags(a matrix.Adapter) []string {
	if len(a.Tags) == 0 {
		return nil
	}
	return []string{"-tags=" + strings.Join(a.Tags, ",")}
}
