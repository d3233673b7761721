package content

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestGoMods checks that an index keeps what the go.mod files of its releases say.
func TestGoMods(t *testing.T) {
	var x Index
	for version, gomod := range map[string]string{
		"v1.0.0": "module example.com/old/lib\n",
		"v1.1.0": "module example.com/lib\n\ngo 1.21\n",
		"v1.2.0": "module example.com/lib\n\ngo 1.23.0\n\n// It loses\n// data.\nretract v1.1.0\n\nretract [v1.0.0, v1.0.9]\n",
	} {
		if err := x.Add(t.Context(), source(t, version, first.with("go.mod", gomod)), target); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Parse("releases.index", x.Format())
	if err != nil {
		t.Fatal(err)
	}
	path := func(version string) string { return "path of " + version }
	want := []matrix.ReleaseGoMod{
		{Module: "path of v1.0.0", Version: "v1.0.0"},
		{Module: "path of v1.1.0", Version: "v1.1.0", Go: "1.21"},
		{Module: "path of v1.2.0", Version: "v1.2.0", Go: "1.23.0", Retractions: []matrix.Retraction{
			{Low: "v1.1.0", High: "v1.1.0", Why: "It loses data."}, {Low: "v1.0.0", High: "v1.0.9"},
		}},
	}
	if diff := cmp.Diff(want, again.GoMods(path)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
