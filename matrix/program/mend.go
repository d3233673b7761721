package program

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// mend adds the modules to the list that go.mod requires at an excluded version only.
// The go command drops such a requirement, and go mod tidy adds it again at the newest
// version, as go get does here in the copy.
func (r *resolver) mend(ctx context.Context, all []listed) ([]listed, error) {
	var gone []string
	for _, m := range r.b.mods {
		for _, req := range m.file.Require {
			if !r.b.excluded(req.Mod) {
				continue
			}
			r.b.notes = append(r.b.notes, ignored(req.Mod))
			if !slices.ContainsFunc(all, func(l listed) bool { return l.Path == req.Mod.Path }) {
				gone = append(gone, req.Mod.Path)
			}
		}
	}
	if len(gone) == 0 || r.b.work != nil {
		return all, nil
	}
	if _, err := r.run(ctx, append(append([]string{"get"}, r.in()...), gone...)...); err != nil {
		return nil, fmt.Errorf("selecting a version that is not excluded: %w", err)
	}
	return r.list(ctx)
}

// used returns whether a module of the list can have a package in the build. A go.mod
// since Go 1.17 requires all that do. Of others, go mod why knows if the code is there.
func (r *resolver) used(ctx context.Context, all []listed) (func(path string) bool, error) {
	if r.b.isPruned() {
		data, err := readFile(filepath.Join(r.copy, "go.mod"))
		if err != nil {
			return nil, err
		}
		file, err := modfile.ParseLax("go.mod", data, nil)
		if err != nil {
			return nil, err
		}
		required := make(map[string]bool)
		for _, q := range file.Require {
			required[q.Mod.Path] = true
		}
		return func(path string) bool { return required[path] }, nil
	}
	everything := func(string) bool { return true }
	args := append(append([]string{"mod", "why"}, r.in()...), "-m", "-vendor")
	for _, m := range all {
		if !m.Main {
			args = append(args, m.Path)
		}
	}
	if r.b.alone || r.b.without() != "" || len(args) > maxWhy { // only imports could say
		return everything, nil
	}
	out, err := r.run(ctx, args...)
	if err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		r.b.notes = append(r.b.notes, "some of the modules may not be built, because their packages could not be loaded: "+why(err))
		return everything, nil
	}
	unused := parseWhy(string(out))
	return func(path string) bool { return !unused[path] }, nil
}

// maxWhy bounds the arguments of one command.
const maxWhy = 5000

// parseWhy returns the modules of which go mod why says that the main module needs none
// of their packages:
//
//	# example.com/lib
//	(main module does not need to vendor module example.com/lib)
func parseWhy(out string) map[string]bool {
	unused := make(map[string]bool)
	about := ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if path, ok := strings.CutPrefix(line, "# "); ok {
			about = path
		} else if strings.HasPrefix(line, "(main module does not need ") {
			unused[about] = true
		}
	}
	return unused
}
