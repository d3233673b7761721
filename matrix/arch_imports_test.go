package matrix_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// importsGoDown: a stage imports matrix, matrix/text, matrix/checksum, matrix/codec and matrix/internal, never
// another stage. Sweep and output import the stages that they drive. Only commands import all
// of them, and the data that ships with the program. Tests may drive one stage with
// another.
func importsGoDown(p *project) (breaches []string) {
	for dir, f := range p.shipped {
		for _, imported := range f.imports {
			if target, ok := within(imported); ok && !mayImport(dir, target) {
				breaches = append(breaches, fmt.Sprintf("%s: imports %s, which %s must not see", f.path, target, dir))
			}
		}
	}
	return breaches
}

// within returns the folder of a package of this module.
func within(imported string) (dir string, ok bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// mayImport reports whether the package in one folder may import that in
// another. A folder that is named nowhere may import none, so that a new
// package is given its place here.
func mayImport(from, to string) bool {
	common := to == "matrix" || to == "matrix/text" || to == "matrix/checksum" || to == "matrix/codec" || below(to, "matrix/internal")
	switch {
	case reproductionOf(from) != "": // its own packages alone
		return reproductionOf(from) == reproductionOf(to)
	case below(from, "cmd"), isBench(from), from == "results/fresh":
		return true
	case below(from, "matrix/internal"):
		return common
	case below(from, "matrix/sweep"):
		return common || below(to, "matrix/sweep") || slices.ContainsFunc(driven, func(stage string) bool { return below(to, stage) })
	case below(from, "matrix/output"): // which drives what the folder is made of and for
		return common || to == "matrix/grid" || to == "matrix/merge" || below(to, "matrix/report")
	}
	for _, dir := range apart {
		if below(from, dir) {
			return common || below(to, dir)
		}
	}
	return false
}

// isBench reports whether a folder is a suite's program that measures matrixrun
// from outside: a command, which lies beside what it measures with.
func isBench(dir string) bool {
	return path.Base(dir) == "bench" && path.Dir(path.Dir(dir)) == suitesFolder
}

// below reports whether a folder is another, or within it.
func below(dir, above string) bool { return dir == above || strings.HasPrefix(dir, above+"/") }

// Of what a machine is, these packages tell something, or change it. The log
// package reads the clock, math/rand and crypto/rand are never the same twice.
var machine = []string{
	"os", "net", "syscall", "runtime", "plugin", "log", "io/ioutil", "path/filepath", "math/rand", "crypto/rand",
	"golang.org/x/sys",
}

// Of these, only some names do.
var machineNames = map[string][]string{
	"time": {
		"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation",
	},
	"fmt": {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
}

// pureStagesKnowNoMachine: plan, judge, grid, report and merge, and what they
// import of this module, know no clock, no environment and no files.
func pureStagesKnowNoMachine(p *project) (breaches []string) {
	for _, dir := range reach(p, pure) {
		for _, f := range p.code[dir] {
			if !f.test {
				breaches = append(breaches, knowsMachine(p, f)...)
			}
		}
	}
	return breaches
}

// reach returns the folders, and those of all that they import of this module.
func reach(p *project, dirs []string) []string {
	found := slices.Clone(dirs)
	for i := 0; i < len(found); i++ {
		for _, f := range p.code[found[i]] {
			for _, imported := range f.imports {
				dir, ok := within(imported)
				if ok && !f.test && !slices.Contains(found, dir) {
					found = append(found, dir)
				}
			}
		}
	}
	return found
}

// knowsMachine lists what a file knows of the machine.
func knowsMachine(p *project, f goFile) (breaches []string) {
	for _, imported := range f.imports {
		if slices.ContainsFunc(machine, func(m string) bool { return below(imported, m) }) {
			breaches = append(breaches, fmt.Sprintf("%s: imports %s in a pure stage", f.path, imported))
		}
		uses := p.uses(f, imported)
		for _, name := range machineNames[imported] {
			if place, ok := uses[name]; ok {
				breaches = append(breaches, fmt.Sprintf("%s: uses %s.%s in a pure stage", place, path.Base(imported), name))
			}
		}
	}
	return breaches
}

// starters are the functions that start a process, or look one up, with the
// only folder that may. What proc starts is contained, whatever it does; and
// there is one environment for the go command, that of gocmd.
var starters = []struct{ imported, name, dir string }{
	{"os/exec", "Command", "matrix/internal/proc"},
	{"os/exec", "CommandContext", "matrix/internal/proc"},
	{"os/exec", "LookPath", "matrix/internal/gocmd"},
	{"os", "StartProcess", "matrix/internal/proc"},
	{"syscall", "ForkExec", "matrix/internal/proc"},
	{"syscall", "StartProcess", "matrix/internal/proc"},
	{"syscall", "Exec", "matrix/internal/proc"},
}

// gitFolder may look up a command of its own: git.
const gitFolder = "matrix/internal/git"

// processesStartInOnePlace: proc alone starts processes, and gocmd alone knows
// where the go command is, as git knows where git is.
func processesStartInOnePlace(p *project) (breaches []string) {
	for dir, f := range p.shipped {
		for _, s := range starters {
			place, used := p.uses(f, s.imported)[s.name]
			if s.name == "LookPath" && dir == gitFolder {
				continue
			}
			if used && dir != s.dir && slices.Contains(f.imports, s.imported) {
				breaches = append(breaches, fmt.Sprintf("%s: uses %s.%s, which is %s's alone", place, path.Base(s.imported), s.name, s.dir))
			}
		}
	}
	return breaches
}
