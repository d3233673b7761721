package source

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/sync/errgroup"

	"github.com/matrixrun/matrixrun/matrix"
)

// downloads is the number of releases to fetch at once. A download waits for the
// network more than it uses a core.
const downloads = 4

// List returns the releases that the proxy lists for the target, sorted by version
// and without checksum and time. Each has the module path that the target gives its
// version: a repository often shows its old tags under the new path too, and those
// are dropped. So are pseudo-versions and, unless asked for, pre-releases. Retracted
// releases stay, since the suite may ask about the very reason. A proxy can serve
// releases that it does not list.
func (p *Proxy) List(ctx context.Context, target matrix.Target, prerelease bool) ([]matrix.Release, error) {
	var releases []matrix.Release
	for _, at := range target.Paths() {
		versions, err := p.versions(ctx, at)
		if err != nil {
			if parent := p.parent(ctx, at); parent != "" {
				return nil, fmt.Errorf("listing the releases of %s: there is a module %s; if that has the package, name the module: %w", at, parent, err)
			}
			return nil, fmt.Errorf("listing the releases of %s: %w", at, err)
		}
		for _, v := range versions {
			if isRelease(v, prerelease) && target.ModuleFor(v) == at {
				releases = append(releases, matrix.Release{Version: v, Module: at})
			}
		}
	}
	slices.SortFunc(releases, byVersion)
	return releases, nil
}

// parentLimit limits the search for a module around a path, which serves only a message.
const parentLimit = 20 * time.Second

// parent returns the path of the nearest module that the path of a package is below, or "" if
// the proxy knows none with a release.
func (p *Proxy) parent(ctx context.Context, of string) string {
	if _, major, _ := module.SplitPathVersion(of); major != "" {
		return "" // a major version that is not there
	}
	ctx, cancel := context.WithTimeout(ctx, parentLimit)
	defer cancel()
	for dir := path.Dir(of); strings.Contains(dir, "/"); dir = path.Dir(dir) {
		if versions, err := p.ask(ctx, dir); err == nil && len(versions) > 0 {
			return dir
		}
	}
	return ""
}

// versions returns all versions that the proxy lists for a module path. It asks once: a
// list that changed in between would make two answers of one command disagree.
func (p *Proxy) versions(ctx context.Context, path string) ([]string, error) {
	p.mu.Lock()
	if p.lists == nil {
		p.lists = make(map[string]list)
	}
	ask, ok := p.lists[path]
	if !ok {
		ask = sync.OnceValues(func() ([]string, error) { return p.ask(ctx, path) })
		p.lists[path] = ask
	}
	p.mu.Unlock()
	return ask()
}

// ask is versions without the memory.
func (p *Proxy) ask(ctx context.Context, path string) ([]string, error) {
	out, err := p.run(ctx, "list", "-m", "-versions", "-retracted", "-json", path)
	if err != nil {
		return nil, err
	}
	var listed struct{ Versions []string }
	if err := json.Unmarshal(out, &listed); err != nil {
		return nil, fmt.Errorf("parsing the go command's output: %w", err)
	}
	return listed.Versions, nil
}

// Refresh returns the releases to add to a suite's lock, with checksum and time:
// those that the proxy lists and that matrix.yaml asks or calls unaffected, and those of the
// named versions, if the lock does not have them. It also returns all releases of the new
// lock, with those of the old one unchanged. Both are sorted by version. If some releases
// could not be listed or fetched, the error names them with the reasons, and the results
// have the others.
func (p *Proxy) Refresh(ctx context.Context, spec *matrix.Spec, prerelease bool, named []string) (added, all []matrix.Release, err error) {
	listed, unlisted := p.List(ctx, spec.Target, prerelease)
	var wanted []matrix.Release
	for _, version := range named {
		if !holds(spec.Lock, version) && !holds(wanted, version) {
			wanted = append(wanted, spec.Target.Release(version))
		}
	}
	for _, r := range listed {
		if (spec.Releases.Admits(r.Version) || spec.WhyUnaffected(r.Version) != "") && !holds(spec.Lock, r.Version) && !holds(wanted, r.Version) {
			wanted = append(wanted, r)
		}
	}
	sources, err := p.FetchAll(ctx, wanted)
	for _, s := range sources {
		added = append(added, s.Release)
	}
	all = append(slices.Clone(spec.Lock), added...)
	slices.SortFunc(added, byVersion)
	slices.SortFunc(all, byVersion)
	return added, all, errors.Join(unlisted, err)
}

// Newer returns, for each module path of some forks, the newest version that the proxy
// lists, if it is newer than those forks. Pre-releases count, since forks use them for
// numbers of their own. Proxies list no pseudo-versions: of a fork whose newest version
// is one, the last commit of its main branch counts. The error names the paths that
// could not be listed.
func (p *Proxy) Newer(ctx context.Context, forks []matrix.Release) (newer []matrix.Release, err error) {
	newest := make(map[string]string)
	for _, f := range forks {
		if newest[f.Module] == "" || matrix.CompareVersions(newest[f.Module], f.Version) < 0 {
			newest[f.Module] = f.Version
		}
	}
	var errs []error
	for _, path := range slices.Sorted(maps.Keys(newest)) {
		list := p.versions
		if module.IsPseudoVersion(newest[path]) {
			list = p.latest
		}
		versions, err := list(ctx, path)
		if err != nil {
			errs = append(errs, fmt.Errorf("listing the versions of %s: %w", path, err))
			continue
		}
		latest := newest[path]
		for _, v := range versions {
			if module.CanonicalVersion(v) == v && matrix.CompareVersions(latest, v) < 0 {
				latest = v
			}
		}
		if latest != newest[path] {
			newer = append(newer, matrix.Release{Version: latest, Module: path})
		}
	}
	return newer, errors.Join(errs...)
}

// Latest returns the version that the go command takes for the target if none is named:
// for a module without releases, that of its last commit.
func (p *Proxy) Latest(ctx context.Context, path string) (matrix.Release, error) {
	versions, err := p.latest(ctx, path)
	if err != nil {
		return matrix.Release{}, fmt.Errorf("looking up the newest version of %s: %w", path, err)
	}
	return matrix.Release{Version: versions[0], Module: path}, nil
}

// latest returns the version that the go command takes for a module path if none is
// named: the newest release, or else that of the last commit.
func (p *Proxy) latest(ctx context.Context, path string) ([]string, error) {
	out, err := p.run(ctx, "list", "-m", "-json", path+"@latest")
	if err != nil {
		return nil, err
	}
	var found struct{ Version string }
	if err := json.Unmarshal(out, &found); err != nil {
		return nil, fmt.Errorf("parsing the go command's output: %w", err)
	}
	return []string{found.Version}, nil
}

// NewestGoMod returns the go.mod of the newest release of a module path, be it retracted or
// not: it says which releases are. The module must have releases.
func (p *Proxy) NewestGoMod(ctx context.Context, path string) (version string, data []byte, err error) {
	versions, err := p.versions(ctx, path)
	if err == nil && len(versions) == 0 {
		err = errors.New("it has no releases")
	}
	if err != nil {
		return "", nil, err
	}
	// As the go command does, it prefers releases to pre-releases, and those with a go.mod.
	version = slices.MaxFunc(versions, func(a, b string) int {
		return cmp.Or(
			boolean(!matrix.IsPrerelease(a))-boolean(!matrix.IsPrerelease(b)),
			boolean(!strings.HasSuffix(a, "+incompatible"))-boolean(!strings.HasSuffix(b, "+incompatible")),
			matrix.CompareVersions(a, b),
		)
	})
	out, err := p.run(ctx, "list", "-m", "-json", path+"@"+version)
	if err != nil {
		return "", nil, err
	}
	var found struct{ GoMod string }
	if err := json.Unmarshal(out, &found); err != nil {
		return "", nil, fmt.Errorf("parsing the go command's output: %w", err)
	}
	data, err = os.ReadFile(found.GoMod)
	return version, data, err
}

// boolean returns 1 for true.
func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// holds reports whether a lock has a release of a version.
func holds(lock []matrix.Release, version string) bool {
	return slices.ContainsFunc(lock, func(r matrix.Release) bool {
		return matrix.CompareVersions(r.Version, version) == 0
	})
}

// FetchAll fetches releases at the same time. A release that fails does not stop
// the others: the sources are those that were fetched, in the order of the releases,
// and the error has the reasons for all others.
func (p *Proxy) FetchAll(ctx context.Context, wanted []matrix.Release) ([]matrix.Source, error) {
	var group errgroup.Group
	group.SetLimit(downloads)
	sources := make([]matrix.Source, len(wanted))
	errs := make([]error, len(wanted))
	for i, r := range wanted {
		group.Go(func() error {
			sources[i], errs[i] = p.Fetch(ctx, r)
			return nil
		})
	}
	_ = group.Wait() // the errors are in errs
	var fetched []matrix.Source
	for i, s := range sources {
		if errs[i] == nil {
			fetched = append(fetched, s)
		}
	}
	return fetched, errors.Join(errs...)
}

func byVersion(a, b matrix.Release) int {
	return matrix.CompareVersions(a.Version, b.Version)
}
