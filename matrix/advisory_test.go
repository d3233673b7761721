package matrix_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// TestAffects checks the bounds of ranges, which are those of semantic versions: a
// pre-release comes before its release.
func TestAffects(t *testing.T) {
	const lib, pseudo = "example.com/lib", "v0.0.0-20150717181359-44718f8a89b0"
	a := matrix.Advisory{ID: "GO-1", Affected: []matrix.AffectedModule{
		{Module: lib, Ranges: []matrix.AffectedRange{{Introduced: "0", Fixed: "v1.2.0"}, {Introduced: "v1.4.0-rc.1", LastAffected: "v1.4.3"}}, Versions: []string{"v3.1.0"}},
		{Module: lib + "/v5", Ranges: []matrix.AffectedRange{{Introduced: "v5.1.0"}}},
		{Module: "example.com/old", Ranges: []matrix.AffectedRange{{Introduced: pseudo}}},
	}}
	for module, versions := range map[string]map[string]bool{
		lib: {
			pseudo: true, "v0.0.0": true, "v1.2.0-rc.1": true, "v1.2.0": false, "v1.3.9": false, "v1.4.0-rc.0": false, "v1.4.0-rc.1": true,
			"v1.4.3": true, "v1.4.4-0.20240102030405-0123456789ab": false, "v3.1.0+incompatible": true, "v3.1.1+incompatible": false,
		},
		lib + "/v5":        {"v5.0.0": false, "v5.1.0": true, "v5.99.0": true},
		"example.com/old":  {"v0.0.0-20150717181358-44718f8a89b0": false, pseudo: true, "v1.0.0": true},
		"example.com/none": {"v1.0.0": false},
	} {
		for version, want := range versions {
			if got := a.Affects(module, version); got != want {
				t.Errorf("%s@%s: %v, want %v", module, version, got, want)
			}
		}
	}
}

func TestAffectedRangeString(t *testing.T) {
	for want, r := range map[string]matrix.AffectedRange{
		"all versions":               {Introduced: "0"},
		"before v1.2.0":              {Introduced: "0", Fixed: "v1.2.0"},
		"from v1.0.0, up to v1.2.0":  {Introduced: "v1.0.0", LastAffected: "v1.2.0"},
		"from v1.0.0":                {Introduced: "v1.0.0"},
		"from v1.0.0, before v1.2.0": {Introduced: "v1.0.0", Fixed: "v1.2.0"},
	} {
		if got := r.String(); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}
