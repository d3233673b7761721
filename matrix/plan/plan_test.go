package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func demo() *matrix.Spec {
	s := &matrix.Spec{
		Target: matrix.Target{Module: "example.com/lib", Former: []matrix.Former{
			{Module: "example.com/old/lib", Releases: matrix.MustConstraint("< 0.3")},
		}},
		Releases: matrix.MustConstraint(">= 0.2"),
		Scenarios: []matrix.Scenario{
			{Name: "control", Kind: matrix.KindControl}, {Name: "planted", Kind: matrix.KindPlanted},
			{Name: "after-read", Kind: matrix.KindProbe}, {Name: "late-both", Kind: matrix.KindProbe},
		},
	}
	for _, v := range []string{"v0.1.0", "v0.2.0", "v0.2.1", "v0.3.0", "v0.4.0-rc.1", "v0.4.0", "v0.4.1", "v0.10.0"} {
		s.Lock = append(s.Lock, matrix.Release{Version: v, Module: s.Target.ModuleFor(v), Sum: "h1:" + v})
	}
	return s
}

func patch(name string, constraints ...string) *matrix.Patch {
	p := &matrix.Patch{Name: name}
	for _, c := range constraints {
		p.Variants = append(p.Variants, matrix.Variant{Patch: name, Releases: matrix.MustConstraint(c)})
	}
	return p
}

func ids(p *matrix.Plan) string {
	var all []string
	for _, r := range p.Rows {
		all = append(all, r.ID)
	}
	return strings.Join(all, " ")
}

func ordered(p *matrix.Plan) string {
	var all []string
	for _, i := range p.Order {
		all = append(all, p.Rows[i].ID)
	}
	return strings.Join(all, " ")
}

func TestSelection(t *testing.T) {
	tests := []struct {
		name string
		sel  Selection
		want string
	}{
		{"whole suite", Selection{}, "v0.2.0 v0.2.1 v0.3.0 v0.4.0 v0.4.1 v0.10.0"},
		{"pre-releases", Selection{Prerelease: true}, "v0.2.0 v0.2.1 v0.3.0 v0.4.0-rc.1 v0.4.0 v0.4.1 v0.10.0"},
		{"range", Selection{Versions: matrix.MustConstraint(">= 0.3, < 0.10")}, "v0.3.0 v0.4.0 v0.4.1"},
		{"only", Selection{Only: []string{"v0.4.1", "v0.3.0", "v0.4.1"}}, "v0.3.0 v0.4.1"},
		{"only wins over matrix.yaml", Selection{Only: []string{"v0.1.0"}}, "v0.1.0"},
		{"only names a pre-release", Selection{Only: []string{"v0.4.0-rc.1"}}, "v0.4.0-rc.1"},
		{"only and range", Selection{Only: []string{"v0.1.0", "v0.4.0"}, Versions: matrix.MustConstraint("> 0.2")}, "v0.4.0"},
		{"only outside the lock", Selection{Only: []string{"v0.99.0", "v0.4.0"}}, "v0.4.0 v0.99.0"},
		{"last patches", Selection{Sample: "last-patch"}, "v0.2.1 v0.3.0 v0.4.1 v0.10.0"},
		{"last patches of a range", Selection{Sample: "last-patch", Versions: matrix.MustConstraint("< 0.4.1")}, "v0.2.1 v0.3.0 v0.4.0"},
		{"latest", Selection{Sample: "latest-2"}, "v0.4.1 v0.10.0"},
		{"latest of few", Selection{Sample: "latest-20"}, "v0.2.0 v0.2.1 v0.3.0 v0.4.0 v0.4.1 v0.10.0"},
		{"evenly", Selection{Sample: "evenly-3"}, "v0.2.0 v0.4.0 v0.10.0"},
		{"both ends", Selection{Sample: "evenly-2"}, "v0.2.0 v0.10.0"},
		{"evenly one", Selection{Sample: "evenly-1"}, "v0.10.0"},
		{"evenly all", Selection{Sample: "evenly-6"}, "v0.2.0 v0.2.1 v0.3.0 v0.4.0 v0.4.1 v0.10.0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := New(demo(), test.sel)
			if err != nil {
				t.Fatal(err)
			}
			if got := ids(p); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestOnlyOutsideTheLock(t *testing.T) {
	looked := matrix.Release{Version: "v0.50.0", Module: "example.com/lib", Sum: "h1:looked-up"}
	wrong := matrix.Release{Version: "v0.4.0", Module: "example.com/lib", Sum: "h1:other"}
	p, err := New(demo(), Selection{Only: []string{"v0.0.9", "v0.50.0", "v0.4.0"}, Extra: []matrix.Release{wrong, looked}})
	if err != nil {
		t.Fatal(err)
	}
	want := []matrix.Release{
		{Version: "v0.0.9", Module: "example.com/old/lib"}, // unknown until it is fetched
		{Version: "v0.4.0", Module: "example.com/lib", Sum: "h1:v0.4.0"},
		looked,
	}
	var got []matrix.Release
	for _, r := range p.Rows {
		got = append(got, r.Release)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestServer(t *testing.T) {
	s := demo()
	s.Peer = true
	s.Toolchains = []matrix.ToolchainRule{{Releases: matrix.MustConstraint("< 0.2"), Go: "go1.16.15"}, {Go: "go1.26.8"}}
	s.Adapters = []matrix.AdapterRule{{Releases: matrix.MustConstraint("< 0.2"), Tags: []string{"old"}}, {}}
	p, err := New(s, Selection{Only: []string{"v0.4.0"}, Server: "v0.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	want := &matrix.Row{
		ID: "v0.1.0", Release: s.Lock[0], Rehomed: true, Toolchain: "go1.16.15", Adapter: matrix.Adapter{Supported: true, Tags: []string{"old"}},
	}
	if diff := cmp.Diff(want, p.Server); diff != "" || ids(p) != "v0.4.0" {
		t.Errorf("rows %s; server: %s", ids(p), diff)
	}
	if p, err = New(s, Selection{Only: []string{"v0.4.0"}}); err != nil || p.Server != nil {
		t.Errorf("without the flag: %v, %v", p, err)
	}
}

func TestOrder(t *testing.T) {
	s := demo()
	s.First = []string{"v0.4.0", "v0.2.1", "v0.1.0"} // the last has no row
	p, err := New(s, Selection{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ordered(p), "v0.4.0 v0.2.1 v0.10.0 v0.4.1 v0.3.0 v0.2.0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	p, err = New(s, Selection{Versions: matrix.MustConstraint("<= 0.4"), Patches: []*matrix.Patch{patch("x", "> 0.2")}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ordered(p), "v0.4.0 v0.4.0+x v0.2.1 v0.2.1+x v0.3.0 v0.3.0+x v0.2.0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPatchedRows(t *testing.T) {
	one, two := patch("one", ">= 0.3"), patch("two", ">= 0.2.1, < 0.10")
	p, err := New(demo(), Selection{Versions: matrix.MustConstraint(">= 0.2.1, != 0.4.0, != 0.4.1"), Patches: []*matrix.Patch{two, one}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(p), "v0.2.1 v0.3.0 v0.3.0+two+one v0.10.0"; got != want {
		t.Errorf("rows\n got %s\nwant %s", got, want)
	}
	if v := p.Rows[2].Patches; len(v) != 2 || v[0].Patch != "two" || v[1].Patch != "one" {
		t.Errorf("patches of %s: %v", p.Rows[2].ID, v)
	}
	if len(p.Rows[1].Patches) != 0 {
		t.Error("the unpatched row has patches")
	}
	want := []matrix.Skip{
		{ID: "v0.2.1+two+one", Reason: "no variant of one names v0.2.1"},
		{ID: "v0.10.0+two+one", Reason: "no variant of two names v0.10.0"},
	}
	if diff := cmp.Diff(want, p.Skips); diff != "" {
		t.Error(diff)
	}
}

// TestEach plans a row for each patch and, on the last patch release of each minor
// version, one with all patches that name it.
func TestEach(t *testing.T) {
	a, b, c := patch("a", ">= 0.2, < 0.4"), patch("b", ">= 0.3"), patch("c", "< 0.10")
	got, err := New(demo(), Selection{Patches: []*matrix.Patch{a, b, c}, Each: true})
	if err != nil {
		t.Fatal(err)
	}
	want := "v0.2.0 v0.2.0+a v0.2.0+c v0.2.1 v0.2.1+a v0.2.1+c v0.2.1+a+c v0.3.0 v0.3.0+a v0.3.0+b v0.3.0+c v0.3.0+a+b+c " +
		"v0.4.0 v0.4.0+b v0.4.0+c v0.4.1 v0.4.1+b v0.4.1+c v0.4.1+b+c v0.10.0 v0.10.0+b"
	if ids(got) != want {
		t.Errorf("got  %s\nwant %s", ids(got), want)
	}
	for _, row := range got.Rows {
		if id := row.Release.Version; len(row.Patches) > 0 {
			for _, v := range row.Patches {
				id += "+" + v.Patch
			}
			if id != row.ID {
				t.Errorf("row %s has the patches of %s", row.ID, id)
			}
		}
	}
	if len(got.Skips) > 0 {
		t.Errorf("skips: %v", got.Skips)
	}
}

// TestTogether plans one patched row for each release, with all patches that name it.
func TestTogether(t *testing.T) {
	a, b, c := patch("a", ">= 0.2, < 0.4"), patch("b", ">= 0.3, < 0.4.1"), patch("c", "< 0.4")
	got, err := New(demo(), Selection{Patches: []*matrix.Patch{a, b, c}, Together: true})
	want := "v0.2.0 v0.2.0+a+c v0.2.1 v0.2.1+a+c v0.3.0 v0.3.0+a+b+c v0.4.0 v0.4.0+b v0.4.1 v0.10.0"
	if err != nil || ids(got) != want || len(got.Skips) > 0 {
		t.Errorf("got  %s, %v, %v\nwant %s", ids(got), got.Skips, err, want)
	}
}

func TestNamed(t *testing.T) {
	sel := Selection{Patches: []*matrix.Patch{patch("a", "< 0.3"), patch("b", ">= 0.10")}, Each: true, Named: true}
	got, err := New(demo(), sel)
	if want := "v0.2.0 v0.2.0+a v0.2.1 v0.2.1+a v0.10.0 v0.10.0+b"; err != nil || ids(got) != want {
		t.Errorf("got  %v, %v\nwant %s", got, err, want)
	}
	sel.Patches = []*matrix.Patch{patch("a", "> 9")}
	_, err = New(demo(), sel)
	if want := "no variant of the patches names a release: the lock holds v0.1.0 to v0.10.0, of which matrix.yaml asks for \">= 0.2\""; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestRowContents(t *testing.T) {
	s := demo()
	s.Toolchains = []matrix.ToolchainRule{
		{Releases: matrix.MustConstraint("< 0.3"), Go: "go1.20.14"},
		{Releases: matrix.MustConstraint("< 0.10"), Go: "go1.26.0"}, // the first that admits holds
	}
	s.Adapters = []matrix.AdapterRule{
		{Releases: matrix.MustConstraint("< 0.3"), Tags: []string{"old"}},
		{Releases: matrix.MustConstraint("0.4.0")},
	}
	p, err := New(s, Selection{Sample: "last-patch", Patches: []*matrix.Patch{patch("x", "< 0.3")}})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		ID        string
		Rehomed   bool
		Toolchain string
		Adapter   matrix.Adapter
	}
	want := []row{
		{"v0.2.1", true, "go1.20.14", matrix.Adapter{Supported: true, Tags: []string{"old"}}},
		{"v0.2.1+x", true, "go1.20.14", matrix.Adapter{Supported: true, Tags: []string{"old"}}},
		{"v0.3.0", false, "go1.26.0", matrix.Adapter{}},
		{"v0.4.1", false, "go1.26.0", matrix.Adapter{}},
	}
	var got []row
	for _, r := range p.Rows {
		got = append(got, row{r.ID, r.Rehomed, r.Toolchain, r.Adapter})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	reason := "no rule of matrix.yaml's toolchains admits v0.10.0: add one, or end the list with one that has no releases"
	skips := []matrix.Skip{
		{ID: "v0.3.0+x", Reason: "no variant of x names v0.3.0"},
		{ID: "v0.4.1+x", Reason: "no variant of x names v0.4.1"},
		{ID: "v0.10.0", Reason: reason}, {ID: "v0.10.0+x", Reason: reason},
	}
	if diff := cmp.Diff(skips, p.Skips); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutRules(t *testing.T) {
	p, err := New(demo(), Selection{Only: []string{"v0.4.0"}})
	if err != nil {
		t.Fatal(err)
	}
	if r := p.Rows[0]; r.Toolchain != "" || !r.Adapter.Supported || r.Adapter.Tags != nil {
		t.Errorf("got toolchain %q, adapter %+v, want the go command on the PATH and no tags", r.Toolchain, r.Adapter)
	}
}

func TestScenarios(t *testing.T) {
	tests := []struct {
		globs []string
		want  string
	}{
		{nil, "control planted after-read late-both"},
		{[]string{"late-*"}, "control planted late-both"},
		{[]string{"late-both", "*-read"}, "control planted after-read late-both"},
		{[]string{"control"}, "control planted"},
	}
	for _, test := range tests {
		p, err := New(demo(), Selection{Scenarios: test.globs})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range p.Scenarios {
			names = append(names, s.Name)
		}
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%v: got %s, want %s", test.globs, got, test.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	none := demo()
	none.Lock = nil
	serving := demo()
	serving.Peer = true
	serving.Adapters = []matrix.AdapterRule{{Releases: matrix.MustConstraint(">= 0.2")}}
	serving.Toolchains = []matrix.ToolchainRule{{Releases: matrix.MustConstraint("!= 0.2.0"), Go: "go1.26.8"}}
	tests := []struct {
		name string
		spec *matrix.Spec
		sel  Selection
		want []string
	}{
		{"range of nothing", demo(), Selection{Versions: matrix.MustConstraint("> 7")}, []string{
			`--versions "> 7" selects no release: the lock holds v0.1.0 to v0.10.0, of which matrix.yaml asks for ">= 0.2"`}},
		{"only and range", demo(), Selection{Only: []string{"v0.4.0"}, Versions: matrix.MustConstraint("< 0.4")}, []string{
			`--versions "< 0.4" admits none of the versions of --only: take one of the two flags, or widen the range`}},
		{"empty lock", none, Selection{}, []string{
			`there is no release to run: the lock is empty`}},
		{"no versions", demo(), Selection{Only: []string{"0.47.0", "v0.47", "v0.47.0+meta", "newest"}}, []string{
			`--only "0.47.0": not a version: did you mean v0.47.0?`,
			`--only "v0.47": not a version: did you mean v0.47.0?`,
			`--only "v0.47.0+meta": not a version: did you mean v0.47.0?`,
			`--only "newest": not a version: want one such as v0.47.0, several with commas between them`}},
		{"server", demo(), Selection{Server: "v0.4.0"}, []string{
			"--server-version: the reproduction of  cannot run its servers in another process: a suite that can has `peer: true` in matrix.yaml"}},
		{"no server", serving, Selection{Server: "v0.1.0"}, []string{"--server-version v0.1.0: the suite has no adapter for it"}},
		{"no toolchain", serving, Selection{Server: "v0.2.0"}, []string{
			"--server-version v0.2.0: no rule of matrix.yaml's toolchains admits v0.2.0: add one, or end the list with one that has no releases"}},
		{"no version", serving, Selection{Server: "v0.2", Only: []string{"v1"}}, []string{
			`--only "v1": not a version: did you mean v1.0.0?`,
			`--server-version "v0.2": not a version: did you mean v0.2.0?`}},
		{"sample", demo(), Selection{Sample: "latest-0"}, []string{
			`--sample "latest-0": there is no such sample: want last-patch, or latest-N or evenly-N with a number of releases such as latest-5`}},
		{"patch twice", demo(), Selection{Patches: []*matrix.Patch{patch("x", ""), patch("x", "")}}, []string{"--patch x: named twice: a row has a patch only once"}},
		{"all at once", demo(), Selection{Sample: "some", Scenarios: []string{"after-raed", "x*", "a["}}, []string{
			`--sample "some": there is no such sample: want last-patch, or latest-N or evenly-N with a number of releases such as latest-5`,
			`--scenario "after-raed": matches no scenario: did you mean after-read? there are control, planted, after-read, late-both`,
			`--scenario "x*": matches no scenario: there are control, planted, after-read, late-both`,
			`--scenario "a[": not a glob: want a scenario's name, with * for any characters`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := New(test.spec, test.sel)
			var problems matrix.Problems
			if !errors.As(err, &problems) || p != nil {
				t.Fatalf("got %v, %v, want problems", p, err)
			}
			if diff := cmp.Diff(test.want, strings.Split(problems.Error(), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPrereleasesNeedTheirFlag(t *testing.T) {
	s := demo()
	s.Lock = s.Lock[4:5]
	_, err := New(s, Selection{})
	if err == nil || !strings.Contains(err.Error(), "the pre-releases among them need --prerelease") {
		t.Errorf("got %v, want the advice to take --prerelease", err)
	}
}

func TestLastPatches(t *testing.T) {
	var releases []matrix.Release
	for _, v := range []string{"v0.1.0", "v0.1.1", "v0.2.0", "v0.3.0", "v0.3.9", "v0.4.0"} {
		releases = append(releases, matrix.Release{Version: v})
	}
	for most, want := range map[int]string{2: "[v0.1.1 v0.4.0]", 3: "[v0.1.1 v0.3.9 v0.4.0]", 9: "[v0.1.1 v0.2.0 v0.3.9 v0.4.0]"} {
		var got []string
		for _, r := range LastPatches(releases, most) {
			got = append(got, r.Version)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("at most %d: got %v, want %s", most, got, want)
		}
	}
}

// TestKnown leaves out releases that the lock has by name alone, and says that they exist.
func TestKnown(t *testing.T) {
	spec := &matrix.Spec{Scenarios: []matrix.Scenario{{Name: "a", Kind: matrix.KindProbe}}, Target: matrix.Target{Module: "example.com/lib"}}
	spec.Lock = []matrix.Release{{Version: "v0.1.0", Module: "example.com/lib"}, {Version: "v0.3.0", Module: "example.com/lib"}}
	spec.Known = []matrix.Release{{Version: "v0.2.0", Module: "example.com/lib"}, {Version: "v0.2.1-rc.1", Module: "example.com/lib"}, {Version: "v0.4.0", Module: "example.com/lib"}}
	for _, tt := range []struct {
		only          []string
		rows, untried []string
	}{
		{nil, []string{"v0.1.0", "v0.3.0"}, []string{"v0.2.0", "v0.4.0"}},
		{[]string{"v0.4.0"}, []string{"v0.4.0"}, []string{"v0.1.0", "v0.2.0", "v0.3.0"}},
	} {
		p, err := New(spec, Selection{Only: tt.only})
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, row := range p.Rows {
			rows = append(rows, row.ID)
		}
		if diff := cmp.Diff(tt.rows, rows) + cmp.Diff(tt.untried, []string(p.Untried)); diff != "" {
			t.Errorf("only %v: -want +got:\n%s", tt.only, diff)
		}
	}
}
