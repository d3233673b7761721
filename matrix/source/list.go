package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/matrixrun/matrixrun/matrix"
)

// downloads is how many releases are fetched at once. They wait for the
// network more than they use a core.
const downloads = 4

// List returns the releases that the proxy lists for the target, sorted by
// version, each under the path that the target says it belongs to and without
// checksum and time. The same repository often shows its old tags under the
// new path too; those are left out. So are pseudo-versions, and pre-releases
// unless asked for. Retracted releases are in: why they were retracted may be
// the very question. A proxy may know more releases than it lists.
func (p *Proxy) List(ctx context.Context, target matrix.Target, prerelease bool) ([]matrix.Release, error) {
	var releases []matrix.Release
	for _, path := range paths(target) {
		versions, err := p.versions(ctx, path)
		if err != nil {
			return nil, fmt.Errorf("listing the releases of %s: %w", path, err)
		}
		for _, v := range versions {
			if isRelease(v, prerelease) && target.ModuleFor(v) == path {
				releases = append(releases, matrix.Release{Version: v, Module: path})
			}
		}
	}
	slices.SortFunc(releases, byVersion)
	return releases, nil
}

// paths lists the target's module paths, each once.
func paths(target matrix.Target) []string {
	all := []string{target.Module}
	for _, f := range target.Former {
		if !slices.Contains(all, f.Module) {
			all = append(all, f.Module)
		}
	}
	return all
}

func (p *Proxy) versions(ctx context.Context, path string) ([]string, error) {
	out, err := p.run(ctx, "list", "-m", "-versions", "-retracted", "-json", path)
	if err != nil {
		return nil, err
	}
	var listed struct{ Versions []string }
	if err := json.Unmarshal(out, &listed); err != nil {
		return nil, fmt.Errorf("reading what the go command printed: %w", err)
	}
	return listed.Versions, nil
}

// Refresh returns the releases that the proxy lists, that matrix.yaml asks for
// and that the lock lacks, each with checksum and time; and all that a new
// lock would hold: the old one, not a line of it changed, and the added ones.
// Both are sorted by version. Where some releases could not be fetched, the
// error says which and why, and the results hold the others.
func (p *Proxy) Refresh(ctx context.Context, spec *matrix.Spec, prerelease bool) (added, all []matrix.Release, err error) {
	listed, err := p.List(ctx, spec.Target, prerelease)
	if err != nil {
		return nil, slices.Clone(spec.Lock), err
	}
	var wanted []matrix.Release
	for _, r := range listed {
		if spec.Releases.Admits(r.Version) && !holds(spec.Lock, r.Version) {
			wanted = append(wanted, r)
		}
	}
	added, err = p.fetchAll(ctx, wanted)
	all = append(slices.Clone(spec.Lock), added...)
	slices.SortFunc(all, byVersion)
	return added, all, err
}

func holds(lock []matrix.Release, version string) bool {
	return slices.ContainsFunc(lock, func(r matrix.Release) bool {
		return matrix.CompareVersions(r.Version, version) == 0
	})
}

// fetchAll fetches releases side by side; one that fails does not stop the
// others. Results and errors keep the order of the releases.
func (p *Proxy) fetchAll(ctx context.Context, wanted []matrix.Release) ([]matrix.Release, error) {
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
	var fetched []matrix.Release
	for i, s := range sources {
		if errs[i] == nil {
			fetched = append(fetched, s.Release)
		}
	}
	return fetched, errors.Join(errs...)
}

func byVersion(a, b matrix.Release) int {
	return matrix.CompareVersions(a.Version, b.Version)
}
