package build_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/build"
)

func TestSince(t *testing.T) {
	tests := map[string]struct {
		change func(r *build.Recipe)
		want   []string
	}{
		"nothing":      {func(*build.Recipe) {}, nil},
		"recipe":       {func(r *build.Recipe) { r.Recipe = 3 }, []string{"this version of matrixrun builds differently (recipe 3, was 1)"}},
		"reproduction": {func(r *build.Recipe) { r.Reproduction = "sha256:2" }, []string{"the reproduction's sources changed"}},
		"target":       {func(r *build.Recipe) { r.Target = "example.com/new" }, []string{"the target is example.com/new, was example.com/lib"}},
		"version":      {func(r *build.Recipe) { r.Version = "v1.2.1" }, []string{"the release is v1.2.1, was v1.2.0"}},
		"module":       {func(r *build.Recipe) { r.Module = "example.com/lib" }, []string{"the release comes from example.com/lib, was example.com/old-lib"}},
		"sum":          {func(r *build.Recipe) { r.Sum = "h1:b" }, []string{"the release's checksum changed"}},
		"rehomed":      {func(r *build.Recipe) { r.Rehomed = true }, []string{"the release now gets another module path"}},
		"required":     {func(r *build.Recipe) { r.Required = "" }, []string{"go.mod now requires the lowest version of the target, was v1.9.0"}},
		"swap":         {func(r *build.Recipe) { r.Swap = matrix.Swap{} }, []string{"the reproduction has the package a, had b"}},
		"a patch":      {func(r *build.Recipe) { r.Patches[1][1] = "3" }, []string{"the patch b changed"}},
		"a patch more": {func(r *build.Recipe) { r.Patches = append(r.Patches, [2]string{"c", "3"}) }, []string{"the patch c is new"}},
		"a patch less": {func(r *build.Recipe) { r.Patches = r.Patches[1:] }, []string{"the patch a is gone"}},
		"order":        {func(r *build.Recipe) { p := r.Patches; p[0], p[1] = p[1], p[0] }, []string{"the patches apply in another order"}},
		"toolchain":    {func(r *build.Recipe) { r.Toolchain = "go1.20.13" }, []string{"the toolchain is go1.20.13, was go1.20.14"}},
		"adapter":      {func(r *build.Recipe) { r.Flags[1] = "-tags=z" }, []string{"the adapter is z, was x,y"}},
		"no tags":      {func(r *build.Recipe) { r.Flags = r.Flags[:1] }, []string{"the adapter is the one without tags, was x,y"}},
		"flags":        {func(r *build.Recipe) { r.Flags[0] = "-race" }, []string{"the flags changed: now with -race, without -trimpath"}},
		"another flag": {func(r *build.Recipe) { r.Flags = append(r.Flags, "-v") }, []string{"the flags changed: now with -v"}},
		"environment":  {func(r *build.Recipe) { r.Environment = []string{"A=2", "B=1"} }, []string{"the environment changed: now with A=2, without A=1"}},
		"its order":    {func(r *build.Recipe) { r.Environment = []string{"B=1", "A=1"} }, []string{"the environment changed in order"}},
		"counts":       {func(r *build.Recipe) { r.Counts = true }, []string{"the program now counts how often the target's code runs"}},
		"C compiler":   {func(r *build.Recipe) { r.C = []string{"gcc 13"} }, []string{"the C compiler or its flags changed: now with gcc 13, without gcc 14"}},
		"platform":     {func(r *build.Recipe) { r.GOARCH = "arm64" }, []string{"the platform is linux/arm64, was linux/amd64"}},
		"two of them":  {func(r *build.Recipe) { r.Sum, r.Reproduction = "", "" }, []string{"the reproduction's sources changed", "the release's checksum changed"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := aRecipe()
			test.change(&r)
			if diff := cmp.Diff(test.want, r.Since(aRecipe())); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func aRecipe() build.Recipe {
	return build.Recipe{
		Recipe: 1, Target: "example.com/lib", Module: "example.com/old-lib", Version: "v1.2.0", Sum: "h1:a",
		Patches: [][2]string{{"a", "1"}, {"b", "2"}}, Toolchain: "go1.20.14", Reproduction: "sha256:1", GoLine: "1.21", Required: "v1.9.0", Swap: matrix.Swap{From: "a", To: "b"}, Test: "./p", C: []string{"gcc 14"},
		Flags: []string{"-trimpath", "-tags=x,y"}, Environment: []string{"A=1", "B=1"}, GOOS: "linux", GOARCH: "amd64",
	}
}

// TestSinceKnowsEachField changes one field after the other. Each needs a phrase of
// its own, and so does a field that is added later.
func TestSinceKnowsEachField(t *testing.T) {
	for i := range reflect.TypeFor[build.Recipe]().NumField() {
		r := aRecipe()
		field := reflect.ValueOf(&r).Elem().Field(i)
		field.SetZero()
		if field.Kind() == reflect.Bool {
			field.SetBool(true)
		}
		name := reflect.TypeFor[build.Recipe]().Field(i).Name
		if got := r.Since(aRecipe()); len(got) == 0 || cmp.Equal(got, []string{"its recipe changed"}) {
			t.Errorf("Since = %q after a change of %s", got, name)
		}
	}
}

// TestSinceAgreesWithTheKey checks that Since reports a change if and only if the
// keys differ.
func TestSinceAgreesWithTheKey(t *testing.T) {
	text := rapid.SampledFrom([]string{"", "a", "b", "-tags=a"})
	recipe := rapid.Custom(func(t *rapid.T) build.Recipe {
		r := build.Recipe{Sum: text.Draw(t, "sum"), GOOS: text.Draw(t, "os"), Rehomed: rapid.Bool().Draw(t, "rehomed")}
		r.Flags = rapid.SliceOfN(text, 1, 3).Draw(t, "flags")
		r.Environment = rapid.SliceOfN(text, 1, 3).Draw(t, "environment")
		for range rapid.IntRange(1, 3).Draw(t, "patches") {
			r.Patches = append(r.Patches, [2]string{text.Draw(t, "patch"), text.Draw(t, "digest")})
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		is, was := recipe.Draw(t, "is"), recipe.Draw(t, "was")
		if got := is.Since(was); (len(got) > 0) != (is.Key() != was.Key()) {
			t.Fatalf("%q of %+v and %+v", got, is, was)
		}
	})
}
