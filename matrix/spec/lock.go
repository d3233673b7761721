package spec

import (
	"fmt"
	"slices"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// checkLockModules notes the lock's releases that are served under a path that
// the target never had, at least not for that release.
func (l *loader) checkLockModules(doc *document, spec *matrix.Spec, data []byte) {
	if !doc.target.sound() {
		return // noted already, and it would make every line wrong
	}
	for _, r := range spec.Lock {
		if r.Module == spec.Target.Module || servedByFormer(spec.Target, r) {
			continue
		}
		l.problems.Add(l.display(lockfile.Name), lockfile.Line(data, r.Version),
			"%s is neither the path of the target nor a former one of %s: %s says %s", r.Module, r.Version, FileName, spec.Target.ModuleFor(r.Version))
	}
}

// sound reports whether the target's paths and their ranges could be read.
func (t target) sound() bool {
	if module.CheckPath(t.module.value) != nil {
		return false
	}
	return !slices.ContainsFunc(t.former, func(f former) bool {
		return f.releases.line == 0 || module.CheckPath(f.module.value) != nil
	})
}

func servedByFormer(t matrix.Target, r matrix.Release) bool {
	return slices.ContainsFunc(t.Former, func(f matrix.Former) bool {
		return f.Module == r.Module && f.Releases.Admits(r.Version)
	})
}

// checkAgainstLock notes the ranges and versions of matrix.yaml that mean no
// release there is.
func (l *loader) checkAgainstLock(doc *document, spec *matrix.Spec) {
	file := l.display(FileName)
	if len(spec.Lock) == 0 {
		l.problems.Add(l.display(lockfile.Name), 0, "holds no release: `matrixrun lock %s` fills it", l.name)
		return
	}
	if doc.releases.line > 0 && !selects(doc.releases, spec.Lock) {
		l.problems.Add(file, doc.releases.line, "releases %q selects no release: %s", doc.releases, extent(spec.Lock))
	}
	for _, e := range doc.expect {
		if e.releases.line > 0 && !selects(e.releases, spec.Lock) {
			l.problems.Add(file, e.releases.line, "%q in expect selects no release: %s", e.releases, extent(spec.Lock))
		}
	}
	versions := make([]string, len(spec.Lock))
	for i, r := range spec.Lock {
		versions[i] = r.Version
	}
	for _, v := range doc.first {
		// What is no version at all was noted already.
		if matrix.CompareVersions(v.value, "") > 0 && !slices.Contains(versions, v.value) {
			l.problems.Add(file, v.line, "%s in first is not in %s: %s", v.value, lockfile.Name, versionHint(v.value, versions))
		}
	}
}

func selects(s span, lock []matrix.Release) bool {
	return slices.ContainsFunc(lock, func(r matrix.Release) bool { return s.Admits(r.Version) })
}

// extent says what a lock holds; it is not empty.
func extent(lock []matrix.Release) string {
	return fmt.Sprintf("%s holds %s to %s", lockfile.Name, lock[0].Version, lock[len(lock)-1].Version)
}

// versionHint does not list versions, as there may be a hundred.
func versionHint(version string, versions []string) string {
	if guess, ok := text.Nearest(version, versions); ok {
		return fmt.Sprintf("did you mean %s?", guess)
	}
	return fmt.Sprintf("it holds %s to %s", versions[0], versions[len(versions)-1])
}
