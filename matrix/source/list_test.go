package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestList(t *testing.T) {
	p := newProxy(t, nil)
	want := []matrix.Release{
		{Version: "v0.1.0", Module: "example.com/old/lib"},
		{Version: "v0.3.0", Module: "example.com/lib"},
		{Version: "v0.4.0-rc.1", Module: "example.com/lib"},
		{Version: "v0.4.0", Module: "example.com/lib"},
	}
	got, err := p.List(t.Context(), demo, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with pre-releases: %s", diff)
	}
	got, err = p.List(t.Context(), demo, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]matrix.Release{want[0], want[1], want[3]}, got); diff != "" {
		t.Errorf("without pre-releases: %s", diff)
	}
}

// TestNewer looks for newer versions of a fork with tags, and of one without, of which
// the proxy lists no version.
func TestNewer(t *testing.T) {
	const last = "v0.0.0-20240301100000-123456789abc"
	dir := t.TempDir()
	for name, text := range map[string]string{
		"example.com/tagged/@v/list":               "v1.0.0\nv1.1.0-mod.2\n",
		"example.com/tagged/@v/v1.0.0.mod":         "module example.com/tagged\n",
		"example.com/tagged/@v/v1.1.0-mod.2.mod":   "module example.com/tagged\n",
		"example.com/tagged/@v/v1.0.0.info":        `{"Version": "v1.0.0", "Time": "2024-01-01T10:00:00Z"}`,
		"example.com/untagged/@v/list":             "",
		"example.com/untagged/@latest":             `{"Version": "` + last + `", "Time": "2024-03-01T10:00:00Z"}`,
		"example.com/untagged/@v/" + last + ".mod": "module example.com/untagged\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	p := newProxy(t, nil)
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(dir))
	newer, err := p.Newer(t.Context(), []matrix.Release{
		{Module: "example.com/tagged", Version: "v1.0.0"},
		{Module: "example.com/untagged", Version: "v0.0.0-20240201100000-0123456789ab"},
		{Module: "example.com/gone", Version: "v1.0.0"},
	})
	if err == nil || !strings.Contains(err.Error(), "listing the versions of example.com/gone") {
		t.Errorf("got %v", err)
	}
	want := []matrix.Release{{Module: "example.com/tagged", Version: "v1.1.0-mod.2"}, {Module: "example.com/untagged", Version: last}}
	if diff := cmp.Diff(want, newer); diff != "" {
		t.Error(diff)
	}
	if newer, err = p.Newer(t.Context(), newer); err != nil || len(newer) > 0 {
		t.Errorf("of the newest ones: got %v, %v", newer, err)
	}
}

func TestListError(t *testing.T) {
	p := newProxy(t, nil)
	target := demo
	target.Former = append(target.Former, matrix.Former{Module: "example.com/nowhere"})
	_, err := p.List(t.Context(), target, false)
	if err == nil || !strings.Contains(err.Error(), "listing the releases of example.com/nowhere: ") || strings.Contains(err.Error(), "there is a module") {
		t.Errorf("got %v", err)
	}
	_, err = p.List(t.Context(), matrix.Target{Module: "example.com/lib/internal/parse"}, false)
	if err == nil || !strings.Contains(err.Error(), "listing the releases of example.com/lib/internal/parse: there is a module example.com/lib; ") {
		t.Errorf("a package: got %v", err)
	}
}

func TestIsRelease(t *testing.T) {
	tests := []struct {
		version      string
		plain, asked bool // without and with pre-releases
	}{
		{"v1.2.3", true, true},
		{"v1.2.3-rc.1", false, true},
		{"v2.0.0+incompatible", true, true},
		{"v0.0.0-20240914100000-d22d57973abc", false, false},
		{"v1.2.4-0.20240914100000-d22d57973abc", false, false},
		{"v1.2", false, false},
		{"1.2.3", false, false},
	}
	for _, test := range tests {
		if got := isRelease(test.version, false); got != test.plain {
			t.Errorf("isRelease(%s, false) = %v", test.version, got)
		}
		if got := isRelease(test.version, true); got != test.asked {
			t.Errorf("isRelease(%s, true) = %v", test.version, got)
		}
	}
}

func versionsOf(releases []matrix.Release) string {
	var all []string
	for _, r := range releases {
		all = append(all, r.Version)
	}
	return strings.Join(all, " ")
}

func TestRefresh(t *testing.T) {
	p := newProxy(t, nil)
	spec := &matrix.Spec{
		Target:   demo,
		Releases: matrix.MustConstraint(">= 0.2"), // so not v0.1.0
		Lock: []matrix.Release{
			{Version: "v0.3.0", Module: "example.com/lib", Sum: "h1:locked"}, // unchanged, whatever the proxy serves
			{Version: "v0.7.0", Module: "example.com/lib", Sum: "h1:unlisted"},
		},
	}
	before := versionsOf(spec.Lock)
	added, all, err := p.Refresh(t.Context(), spec, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := versionsOf(added); got != "v0.4.0" || added[0].Sum == "" || added[0].Time.IsZero() {
		t.Errorf("added %+v, want v0.4.0 with checksum and time", added)
	}
	if got, want := versionsOf(all), "v0.3.0 v0.4.0 v0.7.0"; got != want {
		t.Errorf("all: got %s, want %s", got, want)
	}
	if diff := cmp.Diff(spec.Lock, []matrix.Release{all[0], all[2]}); diff != "" {
		t.Errorf("a locked release changed: %s", diff)
	}
	if versionsOf(spec.Lock) != before {
		t.Error("the suite's own lock changed")
	}
	spec.Unaffected = []matrix.Unaffected{{Releases: matrix.MustConstraint("< 0.2"), Why: "it has no method"}}
	if added, _, err = p.Refresh(t.Context(), spec, false, nil); err != nil || versionsOf(added) != "v0.1.0 v0.4.0" {
		t.Errorf("with unaffected releases: added %s, %v", versionsOf(added), err)
	}
	added, _, err = p.Refresh(t.Context(), &matrix.Spec{Target: demo, Lock: all}, true, nil)
	if got, want := versionsOf(added), "v0.1.0 v0.4.0-rc.1"; err != nil || got != want {
		t.Errorf("with pre-releases: added %s, %v, want %s", got, err, want)
	}
}

// TestRefreshInPart checks that a release that cannot be fetched keeps no other out
// of the lock.
func TestRefreshInPart(t *testing.T) {
	p := newProxy(t, func(path string) bool { return strings.HasSuffix(path, "/lib/@v/v0.3.0.zip") })
	added, all, err := p.Refresh(t.Context(), &matrix.Spec{Target: demo}, false, nil)
	if err == nil || !strings.Contains(err.Error(), "downloading example.com/lib@v0.3.0") || strings.Contains(err.Error(), "v0.4.0") {
		t.Errorf("got %v, want the one that failed", err)
	}
	if got, want := versionsOf(added), "v0.1.0 v0.4.0"; got != want || versionsOf(all) != want {
		t.Errorf("added %s, all %s, want %s", got, versionsOf(all), want)
	}
}

func TestRefreshWithoutProxy(t *testing.T) {
	p := newProxy(t, nil)
	t.Setenv("GOPROXY", "off")
	lock := []matrix.Release{{Version: "v0.3.0", Module: "example.com/lib", Sum: "h1:locked"}}
	added, all, err := p.Refresh(t.Context(), &matrix.Spec{Target: demo, Lock: lock}, false, nil)
	if err == nil || added != nil || versionsOf(all) != "v0.3.0" {
		t.Errorf("got %v, %v, %v, want the old lock and an error", added, all, err)
	}
}
