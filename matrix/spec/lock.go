package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/lockfile"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// checkLockModules reports releases of the lock under a module path that the target
// did not have for that release.
func (l *loader) checkLockModules(doc *document, spec *matrix.Spec, data []byte) {
	if !doc.target.sound() {
		return // already reported; every line of the lock would seem wrong
	}
	for _, r := range slices.Concat(spec.Lock, spec.Known) {
		if r.Module == spec.Target.Module || servedByFormer(spec.Target, r) {
			continue
		}
		l.problems.Add(l.display(lockfile.Name), lockfile.Line(data, r.Version),
			"%s is neither the target's path nor a former path of %s: %s says %s", r.Module, r.Version, FileName, spec.Target.ModuleFor(r.Version))
	}
}

// readForks reads forks.lock into the spec, if the suite has one.
func (l *loader) readForks(doc *document, spec *matrix.Spec) error {
	file := l.display(lockfile.ForksName)
	data, err := readBounded(l.files, lockfile.ForksName, file, lockfile.MaxSize)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return l.problems.Join(err)
	}
	if spec.Forks, err = lockfile.ParseForks(file, data); err != nil {
		return l.problems.Join(err)
	}
	for _, r := range spec.Forks {
		if doc.target.sound() && spec.Target.Has(r.Module) {
			l.problems.Add(file, lockfile.ForkLine(data, r), "%s@%s is no fork: %[1]s is a path of the target, whose releases are in %[3]s", r.Module, r.Version, lockfile.Name)
		}
	}
	return nil
}

// sound reports whether the target's paths and their ranges are valid.
func (t target) sound() bool {
	if module.CheckPath(t.module.value) != nil {
		return false
	}
	return !slices.ContainsFunc(t.former, func(f former) bool {
		return f.releases.line == 0 || module.CheckPath(f.module.value) != nil
	})
}

// servedByFormer reports whether a release has a former path that may serve it.
func servedByFormer(t matrix.Target, r matrix.Release) bool {
	return slices.ContainsFunc(t.Former, func(f matrix.Former) bool {
		return f.Module == r.Module && f.Releases.Admits(r.Version)
	})
}

// checkAgainstLock reports ranges and versions of matrix.yaml that select no release.
func (l *loader) checkAgainstLock(doc *document, spec *matrix.Spec) {
	file := l.display(FileName)
	if len(spec.Lock) == 0 {
		l.problems.Add(l.display(lockfile.Name), 0, "has no releases: `matrixrun lock %s` adds them", l.name)
		return
	}
	if doc.releases.line > 0 && !selects(doc.releases, spec.Lock) {
		l.problems.Add(file, doc.releases.line, "releases %q selects no release: %s", doc.releases, extent(spec.Lock))
	}
	for _, u := range doc.unaffected {
		for _, r := range spec.Lock {
			if u.releases.line > 0 && u.releases.Admits(r.Version) && spec.Releases.Admits(r.Version) {
				l.problems.Add(file, u.releases.line, "%q in unaffected admits %s, which the suite asks: a release is one or the other", u.releases, r.Version)
				break
			}
		}
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
	l.checkFamilyReleases(doc, versions)
	for _, v := range doc.first {
		// A text that is not a version was already reported.
		if matrix.CompareVersions(v.value, "") > 0 && !slices.Contains(versions, v.value) {
			l.problems.Add(file, v.line, "%s in first is not in %s: %s", v.value, lockfile.Name, versionHint(v.value, versions))
		}
	}
}

// selects reports whether a range admits a release of the lock.
func selects(s span, lock []matrix.Release) bool {
	return slices.ContainsFunc(lock, func(r matrix.Release) bool { return s.Admits(r.Version) })
}

// extent describes the releases in a lock that is not empty.
func extent(lock []matrix.Release) string {
	return fmt.Sprintf("%s holds %s to %s", lockfile.Name, lock[0].Version, lock[len(lock)-1].Version)
}

// versionHint suggests a version. It does not list all of them, since there may be a
// hundred.
func versionHint(version string, versions []string) string {
	if guess, ok := text.Nearest(version, versions); ok {
		return fmt.Sprintf("did you mean %s?", guess)
	}
	return fmt.Sprintf("it holds %s to %s", versions[0], versions[len(versions)-1])
}
