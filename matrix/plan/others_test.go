package plan

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// forked returns a version of a fork that is nearest to releases.
func forked(version string, nearest ...string) matrix.Release {
	l := &matrix.Likeness{}
	for _, v := range nearest {
		l.Nearest = append(l.Nearest, matrix.Nearness{Version: v})
	}
	return matrix.Release{Module: "example.com/fork", Version: version, Origin: &matrix.Origin{
		Kind: matrix.SourceModule, Name: "example.com/fork@" + version, Path: "example.com/fork", Likeness: l,
	}}
}

// TestOthers checks which releases a plan has next to forks, where the forks are in it,
// and that the rules and the patches for the nearest release apply to them.
func TestOthers(t *testing.T) {
	as := forked("v7.0.0", "v0.4.0")
	as.Origin.As = "v0.2.1"
	missing := forked("v8.0.0")
	missing.Origin.Missing = "there is no such version"
	tests := []struct {
		name        string
		sel         Selection
		want, order string
	}{
		{"next to the newest of the nearest", Selection{Others: []matrix.Release{forked("v9.0.0", "v0.3.0", "v0.4.0")}},
			"v0.4.0 example.com/fork@v9.0.0", "v0.4.0 example.com/fork@v9.0.0"},
		{"each once", Selection{Others: []matrix.Release{forked("v0.4.1", "v0.10.0"), forked("v0.4.1", "v0.10.0"), forked("v0.1.0", "v0.10.0")}},
			"v0.10.0 example.com/fork@v0.1.0 example.com/fork@v0.4.1", "v0.10.0 example.com/fork@v0.1.0 example.com/fork@v0.4.1"},
		{"with releases", Selection{Only: []string{"v0.4.1", "v0.2.0"}, Others: []matrix.Release{forked("v9.0.0", "v0.3.0")}},
			"v0.2.0 example.com/fork@v9.0.0 v0.4.1", "v0.4.1 example.com/fork@v9.0.0 v0.2.0"},
		{"by hand", Selection{Others: []matrix.Release{as}}, "v0.2.1 example.com/fork@v7.0.0", "v0.2.1 example.com/fork@v7.0.0"},
		{"missing", Selection{Others: []matrix.Release{missing}}, "example.com/fork@v8.0.0", "example.com/fork@v8.0.0"},
		{"with a patch", Selection{Others: []matrix.Release{forked("v9.0.0", "v0.3.0")}, Patches: []*matrix.Patch{patch("fix", "= 0.3.0")}},
			"v0.3.0 v0.3.0+fix example.com/fork@v9.0.0 example.com/fork@v9.0.0+fix", "v0.3.0 v0.3.0+fix example.com/fork@v9.0.0 example.com/fork@v9.0.0+fix"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := New(demo(), test.sel)
			if err != nil {
				t.Fatal(err)
			}
			if ids(p) != test.want || ordered(p) != test.order {
				t.Errorf("got %s, in the order %s; want %s, in the order %s", ids(p), ordered(p), test.want, test.order)
			}
		})
	}
	p, err := New(demo(), Selection{Others: []matrix.Release{forked("v9.0.0")}})
	if err != nil || len(p.Rows) != 0 || len(p.Skips) != 1 || !strings.Contains(p.Skips[0].Reason, "--as VERSION") {
		t.Errorf("without a nearest release: %+v, %v", p, err)
	}
}

func TestNewEnough(t *testing.T) {
	for _, test := range []struct{ toolchain, goLine, want string }{
		{"go1.20.14", "", "go1.20.14"},
		{"go1.20.14", "1.18", "go1.20.14"},
		{"go1.20.14", "1.20", "go1.20.14"},
		{"go1.18.10", "1.20", "go1.20"},
		{"go1.20.14", "1.23", "go1.23.0"},
		{"go1.20.14", "1.23.4", "go1.23.4"},
		{"go1.20.14", "1.24rc1", "go1.24rc1"},
		{"", "1.99", ""}, // the go command on the PATH chooses by itself
	} {
		if got := newEnough(test.toolchain, test.goLine); got != test.want {
			t.Errorf("%s for a go line %q: got %q, want %q", test.toolchain, test.goLine, got, test.want)
		}
	}
}

// TestNeighbours checks the order in which adapters are tried.
func TestNeighbours(t *testing.T) {
	suite := demo()
	for _, r := range []string{"< 0.2", "< 0.3", "< 0.4", ""} {
		suite.Adapters = append(suite.Adapters, matrix.AdapterRule{Releases: matrix.MustConstraint(r), Tags: []string{r}})
	}
	var got []string
	for _, a := range neighbours(suite, "v0.2.1") {
		got = append(got, strings.Join(a.Tags, ","))
	}
	if diff := cmp.Diff([]string{"< 0.4", "< 0.2", ""}, got); diff != "" {
		t.Error(diff)
	}
}

// TestVariants checks which variant of a patch a target that is no release gets, and the
// order in which the others are tried.
func TestVariants(t *testing.T) {
	fix := patch("fix", "< 0.2", ">= 0.2, < 0.3", ">= 0.3, < 0.4", ">= 0.4, < 0.5")
	for i := range fix.Variants {
		fix.Variants[i].SHA256 = strconv.Itoa(i)
	}
	tests := []struct {
		name    string
		nearest []string
		want    string
	}{
		{"the nearer, then the newer", []string{"v0.2.1"}, ">= 0.2, < 0.3|>= 0.3, < 0.4|>= 0.4, < 0.5|< 0.2"},
		{"after all of them", []string{"v0.4.1"}, ">= 0.4, < 0.5|>= 0.3, < 0.4|>= 0.2, < 0.3|< 0.2"},
		{"by another release that is as near", []string{"v0.4.1", "v0.10.0"}, ">= 0.4, < 0.5|>= 0.3, < 0.4|>= 0.2, < 0.3|< 0.2"},
		{"none", []string{"v0.10.0"}, ""},
	}
	for _, test := range tests {
		p, err := New(demo(), Selection{Others: []matrix.Release{forked("v9.0.0", test.nearest...)}, Patches: []*matrix.Patch{fix}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range p.Rows {
			if row.Release.Origin != nil && len(row.Patches) > 0 {
				for _, v := range append([]matrix.Variant{row.Patches[0]}, row.Patches[0].Others...) {
					got = append(got, v.Releases.String())
				}
			}
			if row.Release.Origin == nil && len(row.Patches) > 0 && len(row.Patches[0].Others) > 0 {
				t.Errorf("%s: a release has other variants", test.name)
			}
		}
		if strings.Join(got, "|") != test.want {
			t.Errorf("%s: got %s, want %s", test.name, strings.Join(got, "|"), test.want)
		}
	}
}

// TestOtherToolchains checks which toolchains are tried if a target does not compile with
// that of its nearest release: those of the rules next to it that are new enough.
func TestOtherToolchains(t *testing.T) {
	suite := demo()
	suite.Toolchains = nil
	for _, rule := range []string{"< 0.2 go1.16.15", "< 0.3 go1.18.10", "< 0.4 go1.20.14", "< 9 go1.26.8"} {
		releases, toolchain, _ := strings.Cut(rule, " go")
		admits, err := matrix.ParseConstraint(releases)
		if err != nil {
			t.Fatal(err)
		}
		suite.Toolchains = append(suite.Toolchains, matrix.ToolchainRule{Releases: admits, Go: "go" + toolchain})
	}
	for _, test := range []struct{ release, goLine, want string }{
		{"v0.1.0", "1.15", "go1.18.10"},
		{"v0.2.1", "", "go1.20.14 go1.16.15"},
		{"v0.3.0", "1.19", "go1.26.8"},
		{"v0.4.0", "1.26.9", ""},
		{"v10.0.0", "", ""},
	} {
		if got := strings.Join(otherToolchains(suite, test.release, test.goLine), " "); got != test.want {
			t.Errorf("%s with the go line %q: got %q, want %q", test.release, test.goLine, got, test.want)
		}
	}
}
