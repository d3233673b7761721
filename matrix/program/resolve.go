package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/scratch"
)

// patience bounds each call of the go command, which may download go.mod files.
const patience = 2 * time.Minute

// choose selects the modules of a build without a vendor folder: by the go command, or
// else by the rules.
func (b *build) choose(ctx context.Context, o Options, p *matrix.Program) error {
	if o.FilesOnly {
		b.byRules(p)
		return nil
	}
	notes := b.notes
	err := b.resolve(ctx, o, p)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		p.Input.Resolved = true
		return nil
	}
	p.Modules = nil
	b.notes = append(slices.Clip(notes), "the versions could not be selected as for a build: "+why(err))
	b.byRules(p)
	return nil
}

// why returns why the go command failed, in a line.
func why(err error) string {
	var e *gocmd.Error
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "there is no go command in PATH"
	case errors.As(err, &e) && e.TimedOut:
		return fmt.Sprintf("it took longer than %v", e.Limit)
	case errors.As(err, &e) && e.Stderr != "":
		return gocmd.Complaint(e.Stderr)
	default:
		return err.Error()
	}
}

// A resolver runs the go command on copies of the files that it could write.
type resolver struct {
	b    *build
	o    Options
	copy string // folder with the copies

	partial string // why modules may be missing from the list
}

// unplaced returns an error if a text without a folder names folders relative to it.
func (b *build) unplaced() error {
	for _, m := range b.mods {
		for _, r := range m.file.Replace {
			if m.path == "" && r.New.Version == "" && !filepath.IsAbs(filepath.FromSlash(r.New.Path)) {
				return fmt.Errorf("%s is replaced by %s, which is relative to the folder of the go.mod, and that is not known", r.Old.Path, r.New.Path)
			}
		}
	}
	return nil
}

// resolve selects the modules of a build by the go command.
func (b *build) resolve(ctx context.Context, o Options, p *matrix.Program) error {
	if gocmd.Root() == "" {
		return exec.ErrNotFound // before any file is copied for it
	}
	if err := b.unplaced(); err != nil {
		return err
	}
	dir, err := scratch.Dir("program-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r := &resolver{b: b, o: o, copy: dir}
	if err := r.copyFiles(); err != nil {
		return err
	}
	all, err := r.list(ctx)
	if err != nil {
		return err
	}
	if all, err = r.mend(ctx, all); err != nil {
		return err
	}
	used, err := r.used(ctx, all)
	if err != nil {
		return err
	}
	graph, err := r.run(ctx, append([]string{"mod", "graph"}, r.in()...)...)
	if err != nil {
		return err
	}
	setParents(all, string(graph))
	p.Partial = r.partial
	for i := range all {
		if m := all[i].built(); !m.Main && used(m.Path) {
			p.Modules = append(p.Modules, m)
		}
	}
	return nil
}

// run runs a go command.
func (r *resolver) run(ctx context.Context, args ...string) ([]byte, error) {
	c := gocmd.Call{Dir: r.b.in.dir, Args: args, Own: true, Limit: patience, Env: []string{"GOWORK=off"}}
	switch {
	case r.b.work != nil:
		c.Env = []string{"GOWORK=" + filepath.Join(r.copy, "go.work")}
	case r.b.alone:
		c.Dir = r.copy
	default:
		c.Dir = r.b.mods[0].dir
	}
	out, err := r.o.run(ctx, c)
	if failed, ok := errors.AsType[*gocmd.Error](err); ok {
		failed.Stderr = ofUser(failed.Stderr, r.copy, c.Dir)
	}
	return out, err
}

// ofUser returns a complaint of a go command in which the copies in a folder have the names of
// the files of the user that they stand for. Dir is the folder in which the command ran: it
// prints a path relative to that if it is shorter.
func ofUser(complaint, copies, dir string) string {
	names := []string{copies}
	if abs, err := filepath.Abs(dir); err == nil {
		if rel, err := filepath.Rel(abs, copies); err == nil && rel != "." {
			names = append(names, rel)
		}
	}
	for _, name := range names {
		complaint = strings.ReplaceAll(complaint, name+string(filepath.Separator), "")
	}
	return complaint
}

// in returns the arguments of a command with the flags that make it use the copies.
func (r *resolver) in(flags ...string) []string {
	if r.b.work == nil && !r.b.alone {
		flags = append(flags, "-modfile="+filepath.Join(r.copy, "go.mod"))
	}
	return flags
}

// copyFiles copies what the go command may write: go.mod and go.sum, or go.work and
// go.work.sum. Folders in the copies are absolute.
func (r *resolver) copyFiles() error {
	if r.b.work != nil {
		return r.copyWorkspace()
	}
	m := r.b.mods[0]
	data, err := r.copyMod(m)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(r.copy, "go.mod"), data, 0o666); err != nil {
		return err
	}
	if m.path == "" {
		return nil
	}
	return copySum(strings.TrimSuffix(m.path, ".mod")+".sum", filepath.Join(r.copy, "go.sum"))
}

// copySum copies checksums, if there are any.
func copySum(from, to string) error {
	if !isFile(from) {
		return nil
	}
	data, err := readFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o666)
}

// copyMod returns a go.mod for the folder of copies. One that is used by -modfile keeps
// its folders, which are relative to the module.
func (r *resolver) copyMod(m *goMod) ([]byte, error) {
	file, err := modfile.Parse("go.mod", modfile.Format(m.file.Syntax), nil)
	if err != nil {
		return nil, err
	}
	if r.b.alone && m.dir != "" {
		for _, line := range file.Replace {
			if dir, ok := absolute(line.New, m.dir); ok {
				if err := file.AddReplace(line.Old.Path, line.Old.Version, dir, ""); err != nil {
					return nil, err
				}
			}
		}
	}
	return file.Format()
}

// copyWorkspace copies the go.work.
func (r *resolver) copyWorkspace() error {
	base := filepath.Dir(r.b.file)
	work, err := modfile.ParseWork("go.work", modfile.Format(r.b.work.Syntax), nil)
	if err != nil {
		return err
	}
	for _, use := range r.b.work.Use {
		if dir, ok := absolute(module.Version{Path: use.Path}, base); ok {
			if err := errors.Join(work.DropUse(use.Path), work.AddUse(dir, "")); err != nil {
				return err
			}
		}
	}
	for _, line := range r.b.work.Replace {
		if dir, ok := absolute(line.New, base); ok {
			if err := work.AddReplace(line.Old.Path, line.Old.Version, dir, ""); err != nil {
				return err
			}
		}
	}
	// Without these, go list and go mod graph want the go.mod of a published version,
	// which go build does not.
	for _, m := range r.b.mods {
		for _, q := range m.file.Require {
			if main := r.b.mainModule(q.Mod.Path); main != nil {
				if err := work.AddReplace(q.Mod.Path, q.Mod.Version, filepath.ToSlash(main.dir), ""); err != nil {
					return err
				}
			}
		}
	}
	work.Cleanup()
	if err := os.WriteFile(filepath.Join(r.copy, "go.work"), modfile.Format(work.Syntax), 0o666); err != nil {
		return err
	}
	return copySum(r.b.file+".sum", filepath.Join(r.copy, "go.work.sum"))
}

// absolute returns the absolute path of a folder that a directive names. It is not ok
// if the directive names a module, or if the path is absolute already.
func absolute(to module.Version, base string) (dir string, ok bool) {
	dir = filepath.FromSlash(to.Path)
	if to.Version != "" || filepath.IsAbs(dir) {
		return "", false
	}
	return filepath.ToSlash(filepath.Join(base, dir)), true
}

// list lists the modules of the build. If the go command refuses go.mod or go.sum as they
// are, it completes the copies.
func (r *resolver) list(ctx context.Context) ([]listed, error) {
	mode := "readonly"
	if goenv.Flag("mod") == "mod" && r.b.work == nil {
		mode = "mod"
	}
	if mode == "mod" {
		r.complete(ctx)
	}
	all, err := r.listAs(ctx, mode)
	if err == nil || mode == "mod" || r.b.work != nil || ctx.Err() != nil || errors.Is(err, exec.ErrNotFound) {
		return all, err
	}
	refused := why(err)
	r.complete(ctx)
	all, err = r.listAs(ctx, "mod")
	if err == nil && !r.b.alone {
		r.b.notes = append(r.b.notes, "the go command refuses to build with go.mod or go.sum as they are ("+refused+"); the answer is for a copy that it has completed")
	}
	return all, err
}

// complete adds to the copy of go.mod what the program and its tools import, as a build with
// -mod=mod does.
func (r *resolver) complete(ctx context.Context) {
	packages := r.b.tools()
	if !r.b.alone && hasCode(r.b.mods[0].dir) {
		packages = append(packages, "./...")
	}
	if r.b.alone || len(packages) == 0 {
		return
	}
	if _, err := r.run(ctx, append(append([]string{"list", "-mod=mod"}, r.in("-deps", "-test", "-f", "")...), packages...)...); err != nil {
		r.partial = "what the program imports and go.mod does not require may be missing: " + why(err)
	}
}

// listAs lists the modules of the build with a value of -mod.
func (r *resolver) listAs(ctx context.Context, mode string) ([]listed, error) {
	out, err := r.run(ctx, append(append([]string{"list", "-mod=" + mode}, r.in()...), "-m", "-json", "all")...)
	if err != nil {
		return nil, err
	}
	all, problems := parseList(out)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("reading what go list printed: %w", err)
	}
	return all, nil
}
