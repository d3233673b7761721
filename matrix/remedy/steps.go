package remedy

import (
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A step is one command of a plan.
type step struct {
	dir  string   // absolute: the folder of the user's that it is about; empty if the program has no files
	args []string // of the go command

	fork *forking // if it makes a fork instead
	move *moving  // if it changes imports instead
}

// A forking is a call of matrixrun fork.
type forking struct {
	of      string // a release, or PATH@VERSION of somebody's fork
	patches []string
	name    string // of the new folder, in the step's folder
	suite   string
}

// A moving changes an import path in files of the user's.
type moving struct {
	from, to string
	files    []string // relative to the step's folder
}

// command returns the step as a line for a shell, which runs it in the folder cwd.
func (s step) command(cwd string) string {
	in := relative(cwd, s.dir)
	switch {
	case s.fork != nil:
		words := []string{"matrixrun", "fork"}
		if strings.Contains(s.fork.of, "@") {
			words = append(words, "--module")
		}
		words = append(words, s.fork.of)
		for _, name := range s.fork.patches {
			words = append(words, "--patch", name)
		}
		words = append(words, "-o", filepath.Join(in, s.fork.name))
		if s.fork.suite != "" {
			words = append(words, s.fork.suite)
		}
		return text.QuoteAll(words)
	case s.move != nil:
		words := []string{"gofmt", "-w", "-r", `"` + s.move.from + `" -> "` + s.move.to + `"`}
		for _, name := range s.move.files {
			words = append(words, notFlag(filepath.Join(in, name)))
		}
		return text.QuoteAll(words)
	case in == ".":
		return text.QuoteAll(append([]string{"go"}, s.args...))
	default:
		return text.QuoteAll(append([]string{"go", "-C", in}, s.args...))
	}
}

// notFlag returns a path that no command takes for a flag.
func notFlag(path string) string {
	if strings.HasPrefix(path, "-") {
		return "." + string(filepath.Separator) + path
	}
	return path
}

// commands returns the steps as lines for a shell.
func commands(steps []step, cwd string) []string {
	lines := make([]string, len(steps))
	for i, s := range steps {
		lines[i] = s.command(cwd)
	}
	return lines
}

// relative returns a path as it is written in the folder cwd.
func relative(cwd, path string) string {
	if path == "" {
		return "."
	}
	if rel, err := filepath.Rel(cwd, path); err == nil {
		return rel
	}
	return path
}

// position returns a line of a file of the user's.
func (f *finder) position(file string, line *modfile.Line) matrix.Position {
	p := matrix.Position{File: relative(f.Cwd, file)}
	if line != nil {
		p.Line = line.Start.Line
	}
	return p
}

// get returns the step that selects a version of a module in a main module. With "./..."
// the go command also finds the modules that the packages of the program then import,
// and the checksums of all, those of tests too because of -t.
func get(m *goMod, module, version string) step {
	args := []string{"get", "-t", module + "@" + version, "./..."}
	if m == nil {
		return step{args: args}
	}
	return step{dir: m.dir(), args: args}
}

// pinned returns the steps that edit replace lines, which then name a module path and a
// version, or a folder of the program, and the edits that they are.
func (f *finder) pinned(pins []pin, path, version string) (steps []step, edits []matrix.Edit) {
	var gets []step // after all edits: in a workspace the lines of all modules must agree
	for _, p := range pins {
		to := path
		if version == "" {
			to = folderFrom(filepath.Dir(p.file), path)
		}
		edits = append(edits, matrix.Edit{
			Position: f.position(p.file, p.Syntax),
			Old:      "replace " + arrow(p.Replace), New: "replace " + arrow(&modfile.Replace{Old: p.Old, New: moduleVersion(to, version)}),
		})
		args := []string{"-replace=" + flagOf(p.Old) + "=" + flagOf(moduleVersion(to, version))}
		if p.Old.Version == "" {
			// The go command drops the lines for single versions when it sets one for all.
			for _, r := range p.others {
				args = append(args, "-replace="+flagOf(r.Old)+"="+flagOf(r.New))
			}
		}
		steps = append(steps, editFile(p.file, p.work, args))
		if !p.work && version != "" { // the release may import other modules than the one before
			gets = append(gets, step{dir: filepath.Dir(p.file), args: []string{"get", "-t", "./..."}})
		}
	}
	return append(steps, gets...), edits
}

// editFile returns the step that edits a go.mod or a go.work.
func editFile(file string, work bool, flags []string) step {
	verb, usual := "mod", "go.mod"
	if work {
		verb, usual = "work", "go.work"
	}
	args := append([]string{verb, "edit"}, flags...)
	if name := filepath.Base(file); name != usual {
		args = append(args, name)
	}
	return step{dir: filepath.Dir(file), args: args}
}

// folderFrom returns a folder as the right side of a replace line in another folder.
func folderFrom(dir, path string) string {
	rel := filepath.ToSlash(relative(dir, path))
	if filepath.IsAbs(rel) || strings.HasPrefix(rel, "../") {
		return rel
	}
	return "./" + rel
}

// require returns the steps that make the main modules require a release, and the edits
// that they are.
func (f *finder) require(module, version string) (steps []step, edits []matrix.Edit) {
	mods, lines := f.files.requires(module)
	for i, m := range mods {
		steps = append(steps, get(m, module, version))
		comment := ""
		if lines[i].Indirect {
			comment = " // indirect"
		}
		edits = append(edits, matrix.Edit{
			Position: f.position(m.path, lines[i].Syntax),
			Old:      "require " + module + " " + lines[i].Mod.Version + comment, New: "require " + module + " " + version + comment,
		})
	}
	if len(steps) > 0 {
		return steps, edits
	}
	if len(f.files.mods) == 0 { // the program has no files here
		return []step{get(nil, module, version)}, []matrix.Edit{}
	}
	m := f.files.mods[0]
	return []step{get(m, module, version)}, []matrix.Edit{{Position: f.position(m.path, nil), New: "require " + module + " " + version}}
}

// vendored returns the steps that follow a change in a program with a vendor folder.
func (f *finder) vendored() []step {
	switch {
	case !f.files.vendor:
		return nil
	case f.files.work != nil:
		return []step{{dir: f.files.work.dir(), args: []string{"work", "vendor"}}}
	default:
		return []step{{dir: f.files.root(), args: []string{"mod", "vendor"}}}
	}
}

// release returns the steps that build another release of the same module, and the edits.
func (f *finder) release(module, version string) (steps []step, edits []matrix.Edit) {
	switch pins := f.files.pins(f.Use.Module, f.Use.Required); {
	case len(pins) > 0:
		steps, edits = f.pinned(pins, module, version)
	case f.Use.Replaced != nil: // a list of modules says so, and has no files
		flag := "-replace=" + f.Use.Module + "=" + module + "@" + version
		steps, edits = []step{{args: []string{"mod", "edit", flag}}, {args: []string{"get", "-t", "./..."}}}, []matrix.Edit{}
	default:
		steps, edits = f.require(module, version)
	}
	return append(steps, f.vendored()...), edits
}
