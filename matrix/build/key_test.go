package build_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// A recipe holds the arguments of NewRecipe.
type recipe struct {
	spec      matrix.Spec
	row       matrix.Row
	pkg       string
	goVersion string
	c         *gocmd.C
}

func newRecipe() *recipe {
	return &recipe{
		spec: matrix.Spec{Target: matrix.Target{Module: "example.com/lib"}, ReproductionDigest: "sha256:1"},
		row: matrix.Row{
			Release: matrix.Release{Version: "v1.2.0", Module: "example.com/old-lib", Sum: "h1:a"},
			Patches: []matrix.Variant{{Patch: "a", SHA256: "1"}, {Patch: "b", SHA256: "2"}},
			Adapter: matrix.Adapter{Supported: true, Tags: []string{"x", "y"}},
		},
		goVersion: "go1.20.14",
	}
}

func (r *recipe) key() string { return build.NewRecipe(&r.spec, r.row, r.pkg, r.goVersion, r.c).Key() }

func TestKeyCoversWhatChangesTheBinary(t *testing.T) {
	changes := map[string]func(r *recipe){
		"nothing":      func(*recipe) {},
		"target":       func(r *recipe) { r.spec.Target.Module = "example.com/lib2" },
		"reproduction": func(r *recipe) { r.spec.ReproductionDigest = "sha256:2" },
		"go line":      func(r *recipe) { r.spec.GoLine = "1.21" },
		"version":      func(r *recipe) { r.row.Release.Version = "v1.2.1" },
		"module":       func(r *recipe) { r.row.Release.Module = "example.com/lib" },
		"sum":          func(r *recipe) { r.row.Release.Sum = "h1:b" },
		"required":     func(r *recipe) { r.row.Required = "v1.999999.0" },
		"package":      func(r *recipe) { r.pkg = "sub" },
		"swap":         func(r *recipe) { r.row.Swap = matrix.Swap{From: "a", To: "b"} },
		"rehomed":      func(r *recipe) { r.row.Rehomed = true },
		"no patches":   func(r *recipe) { r.row.Patches = nil },
		"patch":        func(r *recipe) { r.row.Patches[1].SHA256 = "3" },
		"patch's name": func(r *recipe) { r.row.Patches[1].Patch = "c" },
		"order":        func(r *recipe) { p := r.row.Patches; p[0], p[1] = p[1], p[0] },
		"moved border": func(r *recipe) { r.row.Patches[0] = matrix.Variant{Patch: "a1", SHA256: ""} },
		"go":           func(r *recipe) { r.goVersion = "go1.20.13" },
		"newer go":     func(r *recipe) { r.goVersion = "go1.26.8" },
		"counts":       func(r *recipe) { r.spec.Speaks = matrix.SpeechExit },
		"cgo":          func(r *recipe) { r.c = new(gocmd.C) },
		"compiler":     func(r *recipe) { r.c = &gocmd.C{Compiler: "gcc 14"} },
		"C flags":      func(r *recipe) { r.c = &gocmd.C{Compiler: "gcc 14", Flags: []string{"CGO_CFLAGS=-g"}} },
		"no tags":      func(r *recipe) { r.row.Adapter.Tags = nil },
		"one tag":      func(r *recipe) { r.row.Adapter.Tags = []string{"x"} },
	}
	seen := map[string]string{}
	for name, change := range changes {
		r := newRecipe()
		change(r)
		key := r.key()
		if other, ok := seen[key]; ok {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[key] = name
	}
}

func TestKeyIgnoresTheRest(t *testing.T) {
	changes := map[string]func(r *recipe){
		"nothing":                         func(*recipe) {},
		"suite":                           func(r *recipe) { r.spec.Suite = "another" },
		"expectation":                     func(r *recipe) { r.spec.Expect = []matrix.Expectation{{}} },
		"row's name":                      func(r *recipe) { r.row.ID = "v1.2.0+a+b" },
		"description":                     func(r *recipe) { r.row.Patches[0].Description = "better words" },
		"how the toolchain was asked for": func(r *recipe) { r.row.Toolchain = r.goVersion },
	}
	want := newRecipe().key()
	for name, change := range changes {
		r := newRecipe()
		change(r)
		if got := r.key(); got != want {
			t.Errorf("%s changes the key", name)
		}
	}
}
