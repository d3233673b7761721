package recognise

import (
	"errors"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
)

// TestAllClear checks what it takes to say that no scenario can happen in some code, or that
// it was measured and is clean: the code must be that of the release, by its checksum or by
// its content. A label on other code is no proof.
func TestAllClear(t *testing.T) {
	const version, other = "v0.9.0", "example.com/other"
	early := with(tree(9), "b/c.go", "package b\n"+function("Early", 9))
	dir, edited := write(t, early), write(t, with(early, "a.go", tree(12)["a.go"]))
	sum := content.Sum(dir, lib, version)
	folder := &matrix.Replacement{Path: "../lib"}
	s := sources(t)
	suite := &matrix.Spec{
		Releases:   matrix.MustConstraint(">= 1"),
		Lock:       []matrix.Release{{Version: version, Module: lib, Sum: sum}},
		Unaffected: []matrix.Unaffected{{Releases: matrix.MustConstraint("< 1"), Why: "it has no method A"}},
	}
	s.Suite = func() (*matrix.Spec, error) { return suite, nil }
	src := matrix.Source{Release: suite.Lock[0], Zip: early.zip(t, version)}
	if err := s.Index.Add(t.Context(), src, matrix.Target{Module: lib}); err != nil {
		t.Fatal(err)
	}
	measured := sources(t)
	measured.Index = s.Index
	measured.row(version, matrix.VerdictClean)
	measured.Results.Rows[len(measured.Results.Rows)-1].Source.Sum = sum
	for name, test := range map[string]struct {
		m     matrix.BuiltModule
		proof bool
	}{
		"label of a release, code not here": {matrix.BuiltModule{Path: lib, Version: version, Missing: "only its go.mod was given"}, true},
		"checksum":                          {matrix.BuiltModule{Path: lib, Version: version, Sum: sum, Missing: "only its go.mod was given"}, true},
		"folder of the module cache":        {matrix.BuiltModule{Path: lib, Version: version, Sum: sum, Dir: dir}, true},
		"replaced by its folder":            {matrix.BuiltModule{Path: lib, Version: "v1.0.0", Replaced: folder, Dir: dir}, true},
		"vendored":                          {matrix.BuiltModule{Path: lib, Version: version, Vendored: true, Dir: dir}, true},
		"under another path":                {matrix.BuiltModule{Path: other, Version: "v1.0.0", Dir: write(t, at(other, early))}, true},

		"no such release":               {matrix.BuiltModule{Path: lib, Version: "v0.9.9", Missing: "only its go.mod was given"}, false},
		"no such release, edited":       {matrix.BuiltModule{Path: lib, Version: "v0.9.9", Dir: edited}, false},
		"another checksum":              {matrix.BuiltModule{Path: lib, Version: version, Sum: "h1:other", Missing: "only its go.mod was given"}, false},
		"module cache, edited":          {matrix.BuiltModule{Path: lib, Version: version, Sum: sum, Dir: edited}, false},
		"module cache, edited, no sum":  {matrix.BuiltModule{Path: lib, Version: version, Dir: edited}, false},
		"vendored, edited":              {matrix.BuiltModule{Path: lib, Version: version, Vendored: true, Dir: edited}, false},
		"replaced by an edited folder":  {matrix.BuiltModule{Path: lib, Version: version, Replaced: folder, Dir: edited}, false},
		"replaced by a later release":   {matrix.BuiltModule{Path: lib, Version: version, Replaced: folder, Dir: write(t, tree(10))}, false},
		"replaced by another module":    {matrix.BuiltModule{Path: lib, Version: version, Replaced: &matrix.Replacement{Path: other, Version: version}, Missing: "not here"}, false},
		"replaced by an unknown folder": {matrix.BuiltModule{Path: lib, Version: version, Replaced: folder, Missing: "the folder is not there"}, false},
	} {
		for _, s := range []*Sources{s, measured} {
			uses, _, err := s.Uses(t.Context(), &matrix.Program{Modules: []matrix.BuiltModule{test.m}}, new(Seen))
			if err != nil || len(uses) != 1 {
				t.Fatalf("%s: %d uses, %v", name, len(uses), err)
			}
			row := s.Row(&uses[0])
			proof := uses[0].Unknown == "" && (s.Unaffected(uses[0].Version) != "" || row != nil && len(row.Advice.Leaks) == 0)
			if proof != test.proof {
				t.Errorf("%s, measured %v: all clear %v, want %v: %+v", name, s == measured, proof, test.proof, uses[0])
			}
		}
	}
	s.Suite, s.unaffected = func() (*matrix.Spec, error) { return nil, errors.New("gone") }, nil
	if s.Unaffected(version) != "" {
		t.Error("a suite that cannot be read proves something")
	}
	s.Results.Unaffected, s.unaffected = suite.UnaffectedReleases(), nil
	if s.Unaffected(version) == "" {
		t.Error("results do not prove what they say")
	}
}
