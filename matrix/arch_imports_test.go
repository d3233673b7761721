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

// within returns the folder of a package, and whether it is one of this module.
func within(imported string) (dir string, ok bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// mayImport reports whether the package in the folder from may import the package
// in the folder to. A folder that no rule names may import nothing of this module,
// so that every new package gets a rule.
func mayImport(from, to string) bool {
	common := to == "matrix" || to == "matrix/text" || to == "matrix/checksum" || to == "matrix/codec" || below(to, "matrix/internal")
	switch {
	case reproductionOf(from) != "": // only its own packages
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

// isBench reports whether a folder is a suite's benchmark: a command that measures
// matrixrun with the suite.
func isBench(dir string) bool {
	return path.Base(dir) == "bench" && path.Dir(path.Dir(dir)) == suitesFolder
}

// below reports whether dir is the folder above, or is in it.
func below(dir, above string) bool { return dir == above || strings.HasPrefix(dir, above+"/") }

// machine lists packages whose results depend on the machine, or that change it. The
// log package reads the clock; math/rand and crypto/rand give another result each
// time.
var machine = []string{
	"os", "net", "syscall", "runtime", "plugin", "log", "io/ioutil", "path/filepath", "math/rand", "crypto/rand",
	"golang.org/x/sys",
}

// machineNames lists names like that in packages that are otherwise pure.
var machineNames = map[string][]string{
	"time": {
		"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local", "LoadLocation",
	},
	"fmt": {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
}

// pureStagesKnowNoMachine: pure packages, and those that they import of this module,
// use no clock, no environment and no files.
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

// reach returns the folders, and the folders of all packages of this module that
// they import.
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

// knowsMachine returns the uses of the machine in a file.
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

// starters are the functions that start a process or look up a command, with the
// only folder that may call them. The package proc contains the processes that it
// starts, and gocmd sets the one environment in which the go command runs.
var starters = []struct{ imported, name, dir string }{
	{"os/exec", "Command", "matrix/internal/proc"},
	{"os/exec", "CommandContext", "matrix/internal/proc"},
	{"os/exec", "LookPath", "matrix/internal/gocmd"},
	{"os", "StartProcess", "matrix/internal/proc"},
	{"syscall", "ForkExec", "matrix/internal/proc"},
	{"syscall", "StartProcess", "matrix/internal/proc"},
	{"syscall", "Exec", "matrix/internal/proc"},
}

// gitFolder may also look up a command: git.
const gitFolder = "matrix/internal/git"

// processesStartInOnePlace: only proc starts processes, only gocmd looks up the go
// command, and only git looks up git.
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
