package osv

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// several is a record with several modules, ranges and events that are not sorted.
const several = `{
  "schema_version": "1.3.1", "id": "GO-2025-1",
  "details": "an emoji \ud83d\ude00 that YAML would refuse",
  "affected": [
    {"package": {"name": "example.com/lib", "ecosystem": "Go"},
     "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}], "ecosystem_specific": {"imports": [{"path": "x"}]}},
    {"package": {"name": "lib", "ecosystem": "npm"}, "ranges": [{"type": "ODD", "events": []}]},
    {"package": {"name": "example.com/lib/v5", "ecosystem": "Go"},
     "ranges": [
       {"type": "GIT", "repo": "https://example.com/lib", "events": [{"introduced": "0"}]},
       {"type": "ECOSYSTEM", "events": [{"fixed": "5.2.2"}, {"introduced": "5.4.0"}, {"introduced": "5.0.0-rc.1"}, {"last_affected": "5.4.3"}]}]},
    {"package": {"name": "example.com/lib", "ecosystem": "Go"}, "versions": ["0.0.0-20150717181359-44718f8a89b0", "3.2.1+incompatible"]}
  ]
}`

func TestRead(t *testing.T) {
	got, err := Read("a.json", []byte(several))
	if err != nil {
		t.Fatal(err)
	}
	want := &matrix.Advisory{ID: "GO-2025-1", Affected: []matrix.AffectedModule{
		{Module: "example.com/lib", Ranges: []matrix.AffectedRange{{Introduced: "0"}}, Versions: []string{"v0.0.0-20150717181359-44718f8a89b0", "v3.2.1+incompatible"}},
		{Module: "example.com/lib/v5", Ranges: []matrix.AffectedRange{{Introduced: "v5.0.0-rc.1", Fixed: "v5.2.2"}, {Introduced: "v5.4.0", LastAffected: "v5.4.3"}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestImports checks that packages come once, and that a record without any has none.
func TestImports(t *testing.T) {
	data := `{"affected": [{"ecosystem_specific": {"imports": [{"path": "a", "symbols": ["B.C"]}, {"path": "a"}]}}, {"ecosystem_specific": {}}]}`
	if diff := cmp.Diff([]Import{{Path: "a", Symbols: []string{"B.C"}}}, Imports([]byte(data))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := Imports([]byte("{")); got != nil {
		t.Errorf("of no record: %v", got)
	}
}

// TestReadMistakes checks that each mistake is reported with its line, all at once.
func TestReadMistakes(t *testing.T) {
	entry := func(rest string) string {
		return `{"id": "GO-1", "affected": [` + "\n" + `{"package": {"ecosystem": "Go", "name": "example.com/lib"}` + rest + `}]}`
	}
	events := func(list string) string {
		return entry(`, "ranges": [` + "\n" + `{"type": "SEMVER", "events": [` + list + `]}]`)
	}
	for name, test := range map[string]struct{ data, want string }{
		"empty":          {"", "a:1: this is not a complete OSV record: unexpected end of JSON input"},
		"torn":           {"{\n\"id\": ", "a:2: this is not a complete OSV record: unexpected end of JSON input"},
		"a list":         {"[]", "a:1: array: want an object"},
		"another format": {`{"cveMetadata": {}}`, "a:1: the record has no id: want an OSV record, such as that of https://vuln.go.dev/ID/GO-2025-3553.json"},
		"types": {`{"id": 7,
"affected": [{"package":
 {"name": true}, "versions": "1.0.0"}]}`, `a:1: id: number: want a string
a:3: affected[0].package.name: bool: want a string
a:3: affected[0].versions: string: want a list`},
		"withdrawn":    {`{"id": "GO-1", "withdrawn": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "Go", "name": "example.com/lib"}, "versions": ["1.0.0"]}]}`, "a:1: GO-1 was withdrawn on 2024-01-01T00:00:00Z: it claims nothing any more"},
		"nothing":      {`{"id": "GO-1"}`, "a:1: GO-1 is about no Go module: none of the affected packages has the ecosystem Go"},
		"no versions":  {entry(`, "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]`), "a:2: example.com/lib has no versions: want a range of type SEMVER, or a list of versions"},
		"no such type": {entry(`, "versions": ["1.0.0"], "ranges": [{"type": "SEMVR"}]`), `a:2: "SEMVR" is not a type of range: did you mean "SEMVER"?`},
		"path":         {`{"id": "GO-1", "affected": [{"package": {"ecosystem": "Go", "name": "./lib"}, "versions": ["1.0.0"]}]}`, `a:1: malformed module path "./lib": invalid path element "."`},
		"no events":    {events(``), `a:3: the range has no events: want at least {"introduced": "0"}`},
		"two in one":   {events(`{"introduced": "0", "fixed": "1.0.0"}`), `a:3: an event with 2 keys: want one, such as {"fixed": "1.2.3"}`},
		"odd event":    {events(`{"introduced": "0"}, {"limit": "1.0.0"}`), `a:3: unknown event "limit": want one of introduced, fixed, last_affected`},
		"versions": {events(`{"introduced": "v1.0.0"},
{"fixed": "0"}, {"fixed": "1.2"}`), `a:3: "v1.0.0" is not a version of a Go module: want all three numbers and no leading v, such as 1.2.3
a:4: "0" is not a version of a Go module: want all three numbers and no leading v, such as 1.2.3
a:4: "1.2" is not a version of a Go module: want all three numbers and no leading v, such as 1.2.3`},
		"twice introduced": {events(`{"introduced": "0"}, {"introduced": "1.0.0"}`), "a:3: affected from v1.0.0 on again, without a version that fixes it before"},
		"only fixed":       {events(`{"fixed": "1.0.0"}`), "a:3: fixed v1.0.0 ends no range: no version before it is called affected"},
		"fixed twice":      {events(`{"introduced": "0"}, {"fixed": "1.0.0"}, {"last_affected": "1.1.0"}`), "a:3: last_affected v1.1.0 ends no range: no version before it is called affected"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := Read("a", []byte(test.data))
			var problems matrix.Problems
			if !errors.As(err, &problems) || a != nil {
				t.Fatalf("read as %v, error %v", a, err)
			}
			if diff := cmp.Diff(test.want, problems.Error()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(several)
	f.Add(strings.ReplaceAll(several, "5.", "v"))
	f.Fuzz(func(t *testing.T, data string) {
		a, err := Read("a", []byte(data))
		if (a == nil) != (err != nil) {
			t.Fatalf("advisory %v, error %v", a, err)
		}
		if a == nil {
			return
		}
		for _, m := range a.Affected {
			for _, r := range m.Ranges {
				first := r.Introduced
				if first == matrix.FromStart {
					first = "v0.0.0-0"
				}
				if !a.Affects(m.Module, first) && r.Fixed != "v0.0.0-0" {
					t.Errorf("%s@%s begins a range, and is not affected: %+v", m.Module, first, r)
				}
			}
		}
	})
}
