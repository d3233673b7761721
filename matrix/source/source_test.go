package source

import (
	"archive/zip"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/goproxytest"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

var demo = matrix.Target{Module: "example.com/lib", Former: []matrix.Former{
	{Module: "example.com/old/lib", Releases: matrix.MustConstraint("< 0.3")},
}}

// newProxy serves testdata/mod to the go command, with a module cache of its own.
// The server answers 404 to the paths for which missing returns true.
func newProxy(t *testing.T, missing func(path string) bool) *Proxy {
	t.Helper()
	modules := goproxytest.NewTestServer(t, filepath.Join("testdata", "mod"), "")
	to, err := url.Parse(modules.URL)
	if err != nil {
		t.Fatal(err)
	}
	to.Path = ""
	forward := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if missing != nil && missing(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)

	t.Setenv("GOPROXY", server.URL+"/mod")
	t.Setenv("GONOSUMDB", "*")
	t.Setenv("GOPRIVATE", "")
	t.Setenv("GONOPROXY", "none")
	cache := t.TempDir()
	t.Setenv("GOMODCACHE", cache)
	t.Cleanup(func() { makeWritable(t, cache) })
	return &Proxy{Go: new(gocmd.Go)}
}

// makeWritable makes the folders of a module cache removable: the go command makes
// them read-only.
func makeWritable(t *testing.T, dir string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFetch(t *testing.T) {
	p := newProxy(t, nil)
	bare := matrix.Release{Version: "v0.3.0", Module: "example.com/lib"}
	got, err := p.Fetch(t.Context(), bare)
	if err != nil {
		t.Fatal(err)
	}
	// The proxy states the time in another zone.
	if want := time.Date(2023, 5, 1, 10, 0, 0, 0, time.UTC); !got.Time.Equal(want) || got.Time.Location() != time.UTC {
		t.Errorf("time %v, want %v", got.Time, want)
	}
	if !strings.HasPrefix(got.Sum, "h1:") {
		t.Errorf("sum %q", got.Sum)
	}
	if z, err := zip.OpenReader(got.Zip); err != nil {
		t.Error(err)
	} else {
		z.Close()
	}
	// The fields of a locked release do not change.
	locked := got.Release
	locked.Time = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	again, err := p.Fetch(t.Context(), locked)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(matrix.Source{Release: locked, Zip: got.Zip, Dir: got.Dir}, again); diff != "" {
		t.Error(diff)
	}
	// A release in the module cache needs no proxy.
	t.Setenv("GOPROXY", "off")
	if _, err := p.Fetch(t.Context(), bare); err != nil {
		t.Errorf("from the module cache: %v", err)
	}
}

func TestFetchOtherSum(t *testing.T) {
	p := newProxy(t, nil)
	want := "h1:FSU3YN5VnLafHR27Ejs1r1CYMS7XMyIVDzRewkDLNBw="
	locked := matrix.Release{Version: "v0.3.0", Module: "example.com/lib", Sum: want}
	_, err := p.Fetch(t.Context(), locked)
	var other *SumError
	if !errors.As(err, &other) {
		t.Fatalf("got %v, want a SumError", err)
	}
	if other.Release != locked || other.Want != want || other.Got == want {
		t.Errorf("got %+v", other)
	}
	for _, part := range []string{"example.com/lib@v0.3.0", want, other.Got, "go clean -modcache"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

// TestFetchDamagedCache replaces zips in the module cache. The go command computes
// the checksum of a zip only once, when it downloads it.
func TestFetchDamagedCache(t *testing.T) {
	p := newProxy(t, nil)
	good, err := p.Fetch(t.Context(), matrix.Release{Version: "v0.3.0", Module: "example.com/lib"})
	if err != nil {
		t.Fatal(err)
	}
	other, err := p.Fetch(t.Context(), matrix.Release{Version: "v0.4.0-rc.1", Module: "example.com/lib"})
	if err != nil {
		t.Fatal(err)
	}
	replaceFile(t, other.Zip, good.Zip)
	var sums *SumError
	if _, err := p.Fetch(t.Context(), good.Release); !errors.As(err, &sums) {
		t.Errorf("with another zip in the module cache: %v, want a SumError", err)
	}
	if err := os.WriteFile(good.Zip, []byte("no zip"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Fetch(t.Context(), good.Release); err == nil || !strings.Contains(err.Error(), "go clean -modcache") {
		t.Errorf("with a damaged zip: %v, want advice", err)
	}
}

func replaceFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(to); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFetchNeedsNewerGo fetches a release that requires a newer Go than this one.
func TestFetchNeedsNewerGo(t *testing.T) {
	p := newProxy(t, nil)
	got, err := p.Fetch(t.Context(), matrix.Release{Version: "v0.4.0", Module: "example.com/lib"})
	if err != nil || got.Sum == "" || got.Zip == "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFetchErrors(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tests := []struct {
		name, version string
		proxy         string // other GOPROXY
		want          []string
	}{
		{"no such version", "v0.99.0", "", []string{"downloading example.com/lib@v0.99.0", "404 Not Found", "the module proxy has no such version"}},
		{"no network", "v0.3.0", closed.URL, []string{"downloading example.com/lib@v0.3.0", "connection refused", "check the network"}},
		{"disabled", "v0.3.0", "off", []string{"downloading example.com/lib@v0.3.0", "module lookup disabled by GOPROXY=off", "unset it"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProxy(t, nil)
			if test.proxy != "" {
				t.Setenv("GOPROXY", test.proxy)
			}
			_, err := p.Fetch(t.Context(), matrix.Release{Version: test.version, Module: "example.com/lib"})
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "-json example.com/lib@"+test.version+": example.com/lib@") {
				t.Errorf("%q names the release again", err)
			}
			var failed *gocmd.Error
			var problems matrix.Problems
			if !errors.As(err, &failed) || errors.As(err, &problems) {
				t.Errorf("%T: want the go command's error, and no problem of the input", err)
			}
		})
	}
}

func TestFetchCancelled(t *testing.T) {
	p := newProxy(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Fetch(ctx, matrix.Release{Version: "v0.3.0", Module: "example.com/lib"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLookup(t *testing.T) {
	p := newProxy(t, nil)
	tests := []struct{ version, module string }{
		{"v0.1.0", "example.com/old/lib"}, // the present path has that tag too
		{"v0.3.0", "example.com/lib"},
		{"v0.4.0-rc.1", "example.com/lib"},
	}
	for _, test := range tests {
		got, err := p.Lookup(t.Context(), demo, test.version)
		if err != nil {
			t.Fatal(err)
		}
		if got.Version != test.version || got.Module != test.module || got.Sum == "" || got.Time.IsZero() {
			t.Errorf("%s: got %+v, want it from %s", test.version, got, test.module)
		}
	}
}
