// Package source finds releases through the module proxy, downloads them and
// verifies what came against the checksum that releases.lock has.
//
// It asks the go command, so that GOPROXY, GONOSUMDB, GOPRIVATE, netrc and the
// module cache mean here what they mean everywhere. An error says what was
// looked for, what the go command said, and what to do next.
package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
)

// limit ends a download that hangs; none that goes on takes as long.
const limit = 10 * time.Minute

// A Proxy is the module proxy as the go command sees it. It is ready for use
// by several goroutines at once.
type Proxy struct {
	Go *gocmd.Go
}

// Fetch downloads a release, or finds it in the module cache, and verifies its
// zip. It fills in the checksum and the time that the release lacks; where it
// has a checksum, another one is a *SumError.
func (p *Proxy) Fetch(ctx context.Context, r matrix.Release) (matrix.Source, error) {
	what := r.Module + "@" + r.Version
	got, err := p.download(ctx, what)
	if err != nil {
		return matrix.Source{}, fmt.Errorf("downloading %s: %w", what, err)
	}
	// The go command trusts what it noted beside the zip when it came; the zip
	// itself is what is built.
	sum, err := dirhash.HashZip(got.Zip, dirhash.Hash1)
	if err != nil {
		return matrix.Source{}, fmt.Errorf("computing the checksum of %s: %w (\"go clean -modcache\" removes a damaged download)", what, err)
	}
	if r.Sum != "" && r.Sum != sum {
		return matrix.Source{}, &SumError{Release: r, Want: r.Sum, Got: sum}
	}
	r.Sum = sum
	if r.Time.IsZero() {
		if r.Time, err = readTime(got.Info); err != nil {
			return matrix.Source{}, fmt.Errorf("reading when %s was made: %w", what, err)
		}
	}
	return matrix.Source{Release: r, Zip: got.Zip, Dir: got.Dir}, nil
}

// Lookup returns a release that the lock lacks, with checksum and time. The
// target says under which of its paths the version is looked for.
func (p *Proxy) Lookup(ctx context.Context, target matrix.Target, version string) (matrix.Release, error) {
	s, err := p.Fetch(ctx, matrix.Release{Version: version, Module: target.ModuleFor(version)})
	return s.Release, err
}

// A SumError says that what was downloaded is not what was locked.
type SumError struct {
	Release   matrix.Release
	Want, Got string // "h1:..."
}

func (e *SumError) Error() string {
	return fmt.Sprintf("%s@%s is not what releases.lock has: want %s, got %s (either the download is damaged, and \"go clean -modcache\" removes it, "+
		"or somebody serves other code under this version: find out which before anything else)", e.Release.Module, e.Release.Version, e.Want, e.Got)
}

// A download is what "go mod download -json" prints, as far as it is used.
type download struct {
	Error string
	Info  string // file with version and time
	Zip   string
	Dir   string // the same, unpacked
}

func (p *Proxy) download(ctx context.Context, what string) (download, error) {
	var d download
	out, err := p.run(ctx, "mod", "download", "-json", what)
	if jsonErr := json.Unmarshal(out, &d); jsonErr != nil && err == nil {
		return download{}, fmt.Errorf("reading what the go command printed: %w", jsonErr)
	}
	if err == nil {
		return d, nil
	}
	// A release that asks for a newer Go than the one at hand is refused after
	// it was stored; the row's own toolchain is what will read it.
	if d.Zip != "" && strings.Contains(d.Error, "requires go >= ") {
		return d, nil
	}
	// With -json the reason goes to standard output, where an Error of the go
	// command does not look for it.
	var failed *gocmd.Error
	if errors.As(err, &failed) && d.Error != "" {
		failed.Stderr = strings.TrimSpace(failed.Stderr + "\n" + d.Error)
	}
	return download{}, err
}

// run calls the go command in an empty folder, where no go.mod, go.sum or
// vendor folder of the user's has a say.
func (p *Proxy) run(ctx context.Context, args ...string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "matrixrun-source-")
	if err != nil {
		return nil, fmt.Errorf("making an empty folder: %w", err)
	}
	defer os.RemoveAll(dir) // nothing is in it
	return p.Go.Run(ctx, gocmd.Call{Dir: dir, Args: args, Limit: limit})
}

func readTime(info string) (time.Time, error) {
	data, err := os.ReadFile(info)
	if err != nil {
		return time.Time{}, err
	}
	var content struct{ Time time.Time }
	if err := json.Unmarshal(data, &content); err != nil {
		return time.Time{}, err
	}
	return content.Time.UTC(), nil
}

// isRelease reports whether a version that a proxy lists is one to ask about.
// Proxies list no pseudo-versions, but nothing keeps them from it.
func isRelease(version string, prerelease bool) bool {
	if module.CanonicalVersion(version) != version || module.IsPseudoVersion(version) {
		return false
	}
	return prerelease || !matrix.IsPrerelease(version)
}
