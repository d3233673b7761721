package starter

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostReleases is how many releases a new suite has at most. Each has to be downloaded for
// its checksum.
const mostReleases = 100

// Filled says what Fill found.
type Filled struct {
	Releases []matrix.Release // of the suite, by version
	Left     []matrix.Release // others that the proxy lists, and that are not tried: they are too many, or could not be had
	Failed   error            // why others could not be had; may be nil
}

// fetch downloads the releases of the suite.
func (d *Draft) fetch(ctx context.Context, p *source.Proxy) ([]matrix.Source, Filled, error) {
	listed, failed, err := d.list(ctx, p)
	filled := Filled{Failed: failed}
	if err != nil {
		return nil, filled, err
	}
	wanted := listed
	if len(listed) > mostReleases {
		wanted = plan.LastPatches(listed, mostReleases)
	}
	wanted = append(slices.Clone(wanted), d.bounds(listed)...)
	slices.SortFunc(wanted, func(a, b matrix.Release) int { return matrix.CompareVersions(a.Version, b.Version) })
	sources, failed := p.FetchAll(ctx, wanted)
	if ctx.Err() != nil {
		return nil, filled, ctx.Err()
	}
	if len(sources) == 0 {
		return nil, filled, failed
	}
	filled.Failed = errors.Join(filled.Failed, failed)
	filled.Left = slices.DeleteFunc(listed, func(r matrix.Release) bool {
		return slices.ContainsFunc(sources, func(s matrix.Source) bool { return s.Version == r.Version })
	})
	return sources, filled, nil
}

// list returns the releases of all paths of the target in the range of the order, by
// version. If the target has no releases, it is the newest version. Failed says why a path
// that only the record names could not be listed: that path is dropped.
func (d *Draft) list(ctx context.Context, p *source.Proxy) (all []matrix.Release, failed, err error) {
	for _, modulePath := range d.Target.Paths() {
		releases, err := d.listPath(ctx, p, modulePath)
		switch {
		case err == nil:
			all = append(all, releases...)
		case modulePath == d.Target.Module || ctx.Err() != nil:
			return nil, nil, err
		default:
			failed = errors.Join(failed, err)
			d.Target.Former = slices.DeleteFunc(slices.Clone(d.Target.Former), func(f matrix.Former) bool { return f.Module == modulePath })
		}
	}
	// Which path has a version depends on the paths that are left.
	all = slices.DeleteFunc(all, func(r matrix.Release) bool {
		return d.Target.ModuleFor(r.Version) != r.Module || !d.releases.Admits(r.Version)
	})
	if len(all) == 0 {
		return nil, failed, matrix.Mistake("the module proxy lists no release of %s%s", strings.Join(d.Target.Paths(), ", "), d.inRange())
	}
	slices.SortFunc(all, func(a, b matrix.Release) int { return matrix.CompareVersions(a.Version, b.Version) })
	return all, failed, nil
}

// bounds returns the releases at which a range of the record begins or ends and that the
// proxy does not list: a pre-release, a commit, or one that it lists no more. Without them, a
// run might not have a release on either side.
func (d *Draft) bounds(listed []matrix.Release) (all []matrix.Release) {
	if d.record.advisory == nil {
		return nil
	}
	for _, m := range d.record.advisory.Affected {
		for _, r := range m.Ranges {
			for _, version := range []string{r.Introduced, r.Fixed, r.LastAffected} {
				release := d.Target.Release(version)
				same := func(other matrix.Release) bool {
					return matrix.CompareVersions(other.Version, release.Version) == 0
				}
				if version == "" || version == matrix.FromStart || release.Module != m.Module || !d.releases.Admits(version) ||
					slices.ContainsFunc(listed, same) || slices.ContainsFunc(all, same) {
					continue
				}
				all = append(all, release)
			}
		}
	}
	return all
}

// Prerelease reports whether some of the releases are pre-releases, which run leaves out
// unless it is asked for them.
func (f Filled) Prerelease() bool {
	return slices.ContainsFunc(f.Releases, func(r matrix.Release) bool {
		return matrix.IsPrerelease(r.Version) && !module.IsPseudoVersion(r.Version)
	})
}

// Unclaimed returns the ID of the record if it calls none of the releases affected, and
// otherwise "".
func (d *Draft) Unclaimed(f Filled) string {
	record := d.record.advisory
	if record == nil || slices.ContainsFunc(f.Releases, func(r matrix.Release) bool { return record.Affects(r.Module, r.Base()) }) {
		return ""
	}
	return record.ID
}

// inRange ends a sentence about the releases of the order.
func (d *Draft) inRange() string {
	if d.order.Versions == "" {
		return ""
	}
	return " in the range of --versions " + d.order.Versions
}

// listPath returns the releases of a module path: without releases its pre-releases, and
// without these its last commit.
func (d *Draft) listPath(ctx context.Context, p *source.Proxy, modulePath string) ([]matrix.Release, error) {
	alone := matrix.Target{Module: modulePath}
	for _, prerelease := range []bool{false, true} {
		releases, err := p.List(ctx, alone, prerelease)
		if err != nil || len(releases) > 0 {
			return releases, err
		}
	}
	latest, err := p.Latest(ctx, modulePath)
	return []matrix.Release{latest}, err
}

// packageToImport returns the import path of a package that a new reproduction can import:
// one that the record calls vulnerable, or else the first of the newest release that others
// may import. If no package can be imported, the path is empty.
func (d *Draft) packageToImport(sources []matrix.Source) (string, error) {
	newest := d.newest(sources)
	packages, err := packagesIn(newest)
	if err != nil {
		return "", err
	}
	// The releases of former paths are given that of the target.
	for i, p := range packages {
		packages[i] = d.Target.Module + strings.TrimPrefix(p, newest.Module)
	}
	for _, i := range d.record.imports {
		if slices.Contains(packages, i.Path) {
			return i.Path, nil
		}
	}
	if len(packages) == 0 {
		return "", nil
	}
	return packages[0], nil
}

// newest returns the newest release with the target's present path, or else the newest.
func (d *Draft) newest(sources []matrix.Source) matrix.Source {
	for _, src := range slices.Backward(sources) {
		if src.Module == d.Target.Module {
			return src
		}
	}
	return sources[len(sources)-1]
}

// usesC reports whether a package of a release needs cgo. Those in folders that the go command
// ignores do not count.
func usesC(src matrix.Source) (bool, error) {
	z, err := zip.OpenReader(src.Zip)
	if err != nil {
		return false, fmt.Errorf("reading the files of %s: %w", src.Version, err)
	}
	defer z.Close()
	root := src.Module + "@" + src.Version + "/"
	for _, f := range z.File {
		name := strings.TrimPrefix(f.Name, root)
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || ignored(path.Dir(name)) {
			continue
		}
		file, err := parse(f, parser.ImportsOnly)
		if err != nil {
			return false, err
		}
		if file != nil && slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` }) {
			return true, nil
		}
	}
	return false, nil
}

// packagesIn returns the import paths of the packages of a release that other modules may
// import, the one of the module's folder first, then by length.
func packagesIn(src matrix.Source) (paths []string, err error) {
	z, err := zip.OpenReader(src.Zip)
	if err != nil {
		return nil, fmt.Errorf("reading the files of %s: %w", src.Version, err)
	}
	defer z.Close()
	root := src.Module + "@" + src.Version + "/"
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, root)
		importPath := path.Join(src.Module, path.Dir(name))
		if !ok || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || hidden(path.Dir(name)) || slices.Contains(paths, importPath) {
			continue
		}
		if is, err := isLibrary(f); err != nil {
			return nil, err
		} else if is {
			paths = append(paths, importPath)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return paths, nil
}

// hidden reports whether packages in a folder are not for other modules.
func hidden(dir string) bool {
	return ignored(dir) || slices.Contains(strings.Split(dir, "/"), "internal")
}

// ignored reports whether no package imports those in a folder.
func ignored(dir string) bool {
	return slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool {
		return part == "testdata" || part == "vendor" || part != "." && strings.HasPrefix(part, ".") || strings.HasPrefix(part, "_")
	})
}

// parse parses a Go file. It returns nil for a file that is not Go.
func parse(f *zip.File, mode parser.Mode) (*ast.File, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", data, mode)
	if err != nil {
		return nil, nil // the go command will say so, if it matters
	}
	return file, nil
}

// isLibrary reports whether a Go file belongs to a package that can be imported, and that
// builds everywhere as far as its file says.
func isLibrary(f *zip.File) (bool, error) {
	file, err := parse(f, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil || file == nil || file.Name.Name == "main" || file.Name.Name == "documentation" {
		return false, err
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:build ") || strings.HasPrefix(c.Text, "// +build ") {
				return false, nil
			}
		}
	}
	return true, nil
}

// Extent says which releases a suite has: "22 releases, v1.0.2 to v5.3.1".
func (f Filled) Extent() string {
	first, last := f.Releases[0].Version, f.Releases[len(f.Releases)-1].Version
	if first == last {
		return "1 release, " + first
	}
	return fmt.Sprintf("%s, %s to %s", text.Count(len(f.Releases), "release"), first, last)
}
