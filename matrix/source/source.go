// Package source is the first stage: it lists the releases of a module, downloads
// them through the module proxy, and verifies each against the checksum in
// releases.lock.
//
// It runs the go command, so that GOPROXY, GONOSUMDB, GOPRIVATE, netrc and the
// module cache work as everywhere. An error says what was looked for, what the go
// command reported, and what to do next.
package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// limit ends a download that hangs. No download that makes progress takes as long.
const limit = 10 * time.Minute

// A Proxy is the module proxy that the go command uses. It is safe for concurrent
// use. It lists the versions of a module once, and then remembers them.
type Proxy struct {
	Go *gocmd.Go

	mu    sync.Mutex
	lists map[string]list // by module path
}

// A list is what the proxy lists for a module path, or why it could not be asked.
type list func() ([]string, error)

// Fetch downloads a release, or finds it in the module cache, and verifies its zip.
// The source has the checksum and the time, even if r has none. If r has a checksum
// and the zip has another one, the error is a *SumError.
//
// The zip of a folder or a commit was made already, so it is only verified.
func (p *Proxy) Fetch(ctx context.Context, r matrix.Release) (matrix.Source, error) {
	if r.Origin != nil && r.Origin.Missing != "" {
		return matrix.Source{}, errors.New(r.Origin.Missing)
	}
	if r.Origin != nil && r.Origin.Zip != "" {
		return verifyMade(r)
	}
	name := r.Module + "@" + r.Version
	got, err := p.download(ctx, name)
	if err != nil {
		return matrix.Source{}, fmt.Errorf("downloading %s: %w", name, err)
	}
	// The go command trusts the checksum that it stored when it downloaded the
	// zip. The build uses the zip, so compute it again.
	sum, err := dirhash.HashZip(got.Zip, dirhash.Hash1)
	if err != nil {
		return matrix.Source{}, fmt.Errorf("computing the checksum of %s: %w (\"go clean -modcache\" removes a damaged download)", name, err)
	}
	if r.Sum != "" && r.Sum != sum {
		return matrix.Source{}, &SumError{Release: r, Want: r.Sum, Got: sum}
	}
	r.Sum = sum
	if r.Time.IsZero() {
		if r.Time, err = readTime(got.Info); err != nil {
			return matrix.Source{}, fmt.Errorf("reading the time of %s: %w", name, err)
		}
	}
	return matrix.Source{Release: r, Zip: got.Zip, Dir: got.Dir}, nil
}

// Lookup fetches a version that the lock does not have, from the path that the target
// gives it, and returns the release with checksum and time.
func (p *Proxy) Lookup(ctx context.Context, target matrix.Target, version string) (matrix.Release, error) {
	s, err := p.Fetch(ctx, target.Release(version))
	return s.Release, err
}

// A SumError means that a downloaded release differs from the locked one.
type SumError struct {
	Release   matrix.Release
	Want, Got string // "h1:..."
}

func (e *SumError) Error() string {
	lock := LockName
	if e.Release.Origin != nil {
		lock = ForksName
	}
	return fmt.Sprintf("%s@%s is not what %s has: want %s, got %s (either the download is damaged, and \"go clean -modcache\" removes it, "+
		"or the proxy serves other code under this version: find out which before anything else)", e.Release.Module, e.Release.Version, lock, e.Want, e.Got)
}

// A download has the fields of "go mod download -json" that are used.
type download struct {
	Error string
	Info  string // a file with version and time
	Zip   string
	Dir   string // the zip, unpacked
}

// download runs "go mod download" for a MODULE@VERSION.
func (p *Proxy) download(ctx context.Context, name string) (download, error) {
	var d download
	out, err := p.run(ctx, "mod", "download", "-json", name)
	if jsonErr := json.Unmarshal(out, &d); jsonErr != nil && err == nil {
		return download{}, fmt.Errorf("parsing the go command's output: %w", jsonErr)
	}
	if err == nil {
		return d, nil
	}
	// The go command refuses a release that requires a newer Go, but only after it
	// has stored the zip. The row's own toolchain will build it.
	if d.Zip != "" && strings.Contains(d.Error, "requires go >= ") {
		return d, nil
	}
	// With -json the reason is on standard output, and gocmd.Error only has
	// standard error.
	var failed *gocmd.Error
	if errors.As(err, &failed) && d.Error != "" {
		failed.Stderr = strings.TrimSpace(failed.Stderr + "\n" + failed.Cut(strings.TrimPrefix(d.Error, name+": ")))
	}
	return download{}, err
}

// run runs the go command in an empty folder, so that no go.mod, go.sum or vendor
// folder of the user's has an effect.
func (p *Proxy) run(ctx context.Context, args ...string) ([]byte, error) {
	dir, err := scratch.Dir("source-")
	if err != nil {
		return nil, fmt.Errorf("making an empty folder: %w", err)
	}
	defer os.RemoveAll(dir) // it is empty
	return p.Go.Run(ctx, gocmd.Call{Dir: dir, Args: args, Limit: limit})
}

// readTime reads the time of a version from an info file, in UTC.
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

// isRelease reports whether a listed version is a release to ask about. Proxies
// should not list pseudo-versions, but nothing stops them.
func isRelease(version string, prerelease bool) bool {
	if module.CanonicalVersion(version) != version || module.IsPseudoVersion(version) {
		return false
	}
	return prerelease || !matrix.IsPrerelease(version)
}

// verifyMade returns the source of a release whose zip was made here.
func verifyMade(r matrix.Release) (matrix.Source, error) {
	sum, err := dirhash.HashZip(r.Origin.Zip, dirhash.Hash1)
	if err != nil {
		return matrix.Source{}, fmt.Errorf("computing the checksum of %s: %w", r.Origin.Name, err)
	}
	if r.Sum != sum {
		return matrix.Source{}, fmt.Errorf("the copy of %s that was made in the folder for temporary files has changed: run again", r.Origin.Name)
	}
	return matrix.Source{Release: r, Zip: r.Origin.Zip}, nil
}
