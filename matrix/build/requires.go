package build

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
)

// withRequirement adds to a complaint the requirement that may be the reason. The row's
// release takes the place of whatever version of the target the go command would select. So
// the build can have an older one than another module requires, and newer dependencies than
// the release was made for.
func (b *builder) withRequirement(ctx context.Context, complaint string) string {
	var r matrix.Requirement
	ok := false
	if m, other := matrix.ModuleOf(complaint); other {
		r, ok = b.requiredBy(ctx, m)
	} else if matrix.InTarget(complaint) {
		r, ok = b.outrun(ctx, matrix.Gist(complaint))
	}
	if !ok {
		return complaint
	}
	return complaint + "\n" + r.String()
}

// requiredBy returns what a dependency requires of the target, if it is newer than the row's
// release.
func (b *builder) requiredBy(ctx context.Context, by module.Version) (r matrix.Requirement, ok bool) {
	file, err := b.Run(ctx, b.command(listLimit, "list", "-m", "-f", "{{.GoMod}}", by.Path))
	if err != nil {
		return r, false
	}
	for _, of := range requires(strings.TrimSpace(string(file))) {
		if of.Mod.Path == b.row.Release.Module && semver.Compare(of.Mod.Version, b.row.Release.Base()) > 0 {
			return matrix.Requirement{By: by, Of: of.Mod}, true
		}
	}
	return r, false
}

// outrun returns what the release requires of a module of which the build has a newer
// version, and whose package is in the complaint.
func (b *builder) outrun(ctx context.Context, gist string) (r matrix.Requirement, ok bool) {
	out, err := b.Run(ctx, b.command(listLimit, "list", "-m", "-f", "{{.Path}} {{.Version}}", "all"))
	if err != nil {
		return r, false
	}
	has := make(map[string]string)
	for line := range strings.Lines(string(out)) {
		if name, version, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			has[name] = version
		}
	}
	_, message, _ := strings.Cut(gist, ": ")
	for _, of := range requires(filepath.Join(filepath.Dir(b.ws.Dir), "target", "go.mod")) {
		if names(message, of.Mod.Path) && semver.Compare(has[of.Mod.Path], of.Mod.Version) > 0 {
			by := module.Version{Path: b.row.Release.Module, Version: b.row.Release.Version}
			return matrix.Requirement{By: by, Of: of.Mod, Has: has[of.Mod.Path]}, true
		}
	}
	return r, false
}

// names reports whether the message of a compiler names a module, or what may be its package:
// "undefined: sys.Exit" is about golang.org/x/sys.
func names(message, modulePath string) bool {
	prefix, _, _ := module.SplitPathVersion(modulePath)
	return strings.Contains(message, modulePath) || regexp.MustCompile(`\b`+regexp.QuoteMeta(path.Base(prefix))+`\.\w`).MatchString(message)
}

// requires returns what a go.mod requires; nothing if it cannot be read.
func requires(file string) []*modfile.Require {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	f, err := modfile.ParseLax(file, data, nil)
	if err != nil {
		return nil
	}
	return f.Require
}
