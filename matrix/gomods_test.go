package matrix

import (
	"strings"
	"testing"
)

// TestRetractionOf checks that the newest release of the same module decides: a pre-release
// only if there is nothing else, and a +incompatible one only if no other has a go.mod.
func TestRetractionOf(t *testing.T) {
	retract := func(low, high string) []Retraction { return []Retraction{{Low: low, High: high, Why: low}} }
	known := []ReleaseGoMod{
		{Module: "m", Version: "v1.9.0", Retractions: retract("v1.2.0", "v1.3.0")},
		{Module: "m", Version: "v1.10.0", Retractions: retract("v1.4.0", "v1.4.0")},
		{Module: "m", Version: "v2.0.0-rc.1", Retractions: retract("v1.0.0", "v1.10.0")},
		{Module: "other", Version: "v3.0.0", Retractions: retract("v1.0.0", "v1.10.0")},
		{Module: "back", Version: "v1.5.0", Go: "1.19", Retractions: retract("v2.0.0+incompatible", "v2.0.7+incompatible")},
		{Module: "back", Version: "v2.0.3+incompatible"},
		{Module: "without", Version: "v2.0.3+incompatible", Retractions: retract("v1.0.0", "v1.0.0")},
		{Module: "without", Version: "v1.5.0"},
		{Module: "early", Version: "v0.1.0-rc.1", Retractions: retract("v0.0.1", "v0.0.1")},
	}
	for _, test := range []struct{ module, version, why, by string }{
		{"m", "v1.4.0", "v1.4.0", "v1.10.0"},
		{"m", "v1.2.5", "", ""}, // v1.10.0 takes it back
		{"m", "v1.0.0", "", ""},
		{"early", "v0.0.1", "v0.0.1", "v0.1.0-rc.1"},
		{"back", "v2.0.3+incompatible", "v2.0.0+incompatible", "v1.5.0"},
		{"without", "v1.0.0", "v1.0.0", "v2.0.3+incompatible"},
		{"none", "v1.0.0", "", ""},
	} {
		r, by := RetractionOf(known, test.module, test.version)
		if (r != nil) != (test.why != "") || r != nil && r.Why != test.why || by != test.by {
			t.Errorf("%s %s: got %v by %q, want %q by %q", test.module, test.version, r, by, test.why, test.by)
		}
	}
}

func TestMarkRetracted(t *testing.T) {
	known := []ReleaseGoMod{
		{Module: "example.com/lib", Version: "v1.3.0", Retractions: []Retraction{{Low: "v1.1.0", High: "v1.1.9", Why: "loses data"}, {Low: "v1.2.0", High: "v1.2.0"}}},
		{Module: "example.com/lib", Version: "v1.2.0", Retractions: []Retraction{{Low: "v1.0.0", High: "v1.0.0"}}},
	}
	r := &Results{}
	for version := range strings.FieldsSeq("v1.0.0 v1.1.0 v1.2.0 v1.3.0") {
		r.Rows = append(r.Rows, RowResult{ID: version, Source: SourceResult{Version: version, Module: "example.com/lib"}})
	}
	r.Rows = append(r.Rows, RowResult{Source: SourceResult{Kind: SourceModule, Version: "v1.1.0", Module: "example.com/lib"}})
	r.MarkRetracted(known)
	for i, want := range []string{"", "by v1.3.0: loses data", "by v1.3.0", "", ""} {
		if got := r.Rows[i].Source.Retracted; got != want {
			t.Errorf("row %d: %q, want %q", i, got, want)
		}
	}
}
