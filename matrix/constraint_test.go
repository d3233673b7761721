package matrix_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestAdmits(t *testing.T) {
	const (
		early  = "v0.0.0-20240101000000-0123456789ab" // of a module without releases
		late   = "v0.0.0-20250101000000-0123456789ab"
		after3 = "v1.2.4-0.20240102030405-0123456789ab" // after v1.2.3
	)
	for _, test := range []struct {
		constraint string
		admits     []string
		not        []string
	}{
		{"", []string{"v1.0.0", early}, nil},
		{">= 1.2, < 1.3", []string{"v1.2.0", "v1.2.9", "v1.2.0-rc.1", after3, "v1.2.0+incompatible"}, []string{"v1.1.9", "v1.3.0", "v1.3.0-rc.1", early}},
		{">= 0", []string{early, late}, nil},
		{"< 1.2.4", []string{after3, "v1.2.3"}, []string{"v1.2.4", "v1.2.4-rc.1"}},
		{">= 1.2.4", []string{"v1.2.4", "v1.2.4-rc.1"}, []string{after3, "v1.2.3"}},
		{"~> 1.2.3", []string{"v1.2.3", after3, "v1.2.9"}, []string{"v1.3.0"}},
		{">= 0.0.0-20240601000000-000000000000", []string{late, "v0.1.0"}, []string{early}},
		{"< v0.0.0-20240601000000-000000000000", []string{early}, []string{late, "v0.1.0"}},
		{"= 0.0.0-20250101000000-0123456789ab", []string{late}, []string{early, "v0.0.0"}},
		{"!= 0.0.0-20250101000000-0123456789ab", []string{early}, []string{late}},
		{"> 1.8.0-rc.1", []string{"v1.8.0-rc.2", "v1.8.0", "v1.9.0"}, []string{"v1.8.0-rc.1", "v1.7.0"}},
		{"<= 1.8.0-rc.1", []string{"v1.8.0-rc.1", "v1.7.0"}, []string{"v1.8.0"}},
	} {
		c := matrix.MustConstraint(test.constraint)
		for _, v := range test.admits {
			if !c.Admits(v) {
				t.Errorf("%q does not admit %s", test.constraint, v)
			}
		}
		for _, v := range test.not {
			if c.Admits(v) {
				t.Errorf("%q admits %s", test.constraint, v)
			}
		}
	}
}

func TestTargetRelease(t *testing.T) {
	target := matrix.Target{Module: "example.com/lib/v5", Former: []matrix.Former{
		{Module: "example.com/lib", Releases: matrix.MustConstraint("< 4")}, {Module: "example.com/lib/v4", Releases: matrix.MustConstraint("< 5")},
	}}
	for version, want := range map[string]string{
		"v1.2.0": "example.com/lib@v1.2.0", "v3.1.0": "example.com/lib@v3.1.0+incompatible", "v3.1.0+incompatible": "example.com/lib@v3.1.0+incompatible",
		"v4.1.0": "example.com/lib/v4@v4.1.0", "v5.0.0": "example.com/lib/v5@v5.0.0",
	} {
		if r := target.Release(version); r.Module+"@"+r.Version != want {
			t.Errorf("%s: got %s@%s, want %s", version, r.Module, r.Version, want)
		}
	}
}
