package matrix_test

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// base are the packages that every other package may import: the words of
// matrixrun as Go types, and helpers.
var base = []string{"matrix", "matrix/text", "matrix/checksum", "matrix/codec", "matrix/osv", "matrix/scratch", "matrix/internal/..."}

// allowed says what packages may import of this module, apart from their own tree.
// The first entry that matches a package holds. In a pattern, "*" matches one
// folder, and "/..." for the folder with all below it.
//
// A stage imports no other stage: what one hands to the next is a type of package
// matrix. Sweep and output call several stages, in their order. Commands put
// everything together. A package without an entry may import nothing, so that
// every new package gets one.
var allowed = []struct {
	packages, imports []string
}{
	{[]string{"cmd/...", "results/fresh", "matrix/suites/*/bench"}, []string{"*/..."}},
	{[]string{"matrix/suites/*/*/..."}, nil}, // reproductions
	{[]string{"matrix/sweep"}, append([]string{
		"matrix/source", "matrix/tree", "matrix/build", "matrix/trial", "matrix/upstream", "matrix/judge", "matrix/record", "matrix/remote", "matrix/exchange",
	}, base...)},
	{[]string{"matrix/exchange"}, append([]string{"matrix/record", "matrix/remote"}, base...)},
	{[]string{"matrix/remote"}, base},
	{[]string{"matrix/output"}, append([]string{"matrix/merge", "matrix/grid", "matrix/report/..."}, base...)},
	{stages, base},
	{[]string{"matrix/codec", "matrix/osv", "matrix/interrupt", "matrix/scratch", "matrix/internal/..."}, base},
}

// stages are the packages of the pipeline, and those for what people do with its
// results.
var stages = []string{
	"matrix/spec", "matrix/source", "matrix/plan", "matrix/tree", "matrix/build", "matrix/trial", "matrix/upstream", "matrix/judge",
	"matrix/record", "matrix/grid", "matrix/report/...", "matrix/merge", "matrix/compare", "matrix/bisect", "matrix/history", "matrix/fork",
	"matrix/program", "matrix/content", "matrix/reach", "matrix/remedy",
}

// importsGoDown: packages import what allowed says. Tests may import more, to drive
// one stage with another.
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
// in the folder to.
func mayImport(from, to string) bool {
	for _, rule := range allowed {
		for _, pattern := range rule.packages {
			if root, ok := match(pattern, from); ok {
				return below(to, root) || slices.ContainsFunc(rule.imports, func(pattern string) bool {
					_, ok := match(pattern, to)
					return ok
				})
			}
		}
	}
	return false
}

// match reports whether a pattern matches a folder. The root is the part of the
// folder before "/...".
func match(pattern, dir string) (root string, ok bool) {
	head, tree := strings.CutSuffix(pattern, "/...")
	folders, n := strings.Split(dir, "/"), strings.Count(head, "/")+1
	if len(folders) < n || len(folders) > n && !tree {
		return "", false
	}
	root = path.Join(folders[:n]...)
	ok, _ = path.Match(head, root)
	return root, ok
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
// time. Packages below them count, apart from net/url, which only splits strings.
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
		if imported != "net/url" && slices.ContainsFunc(machine, func(m string) bool { return below(imported, m) }) {
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

// sandboxFolder may also start processes: those that contain others. What these print
// is for the process that started them.
const sandboxFolder = "matrix/internal/sandbox"

// exitTestFolder may also replace a process of a test by itself.
const exitTestFolder = "matrix/internal/exittest"

// processesStartInOnePlace: only proc and the sandbox start processes, only gocmd looks up the go
// command, and only git looks up git. Reproductions are programs of their own: their box
// has the processes that they start, too.
func processesStartInOnePlace(p *project) (breaches []string) {
	for dir, f := range p.shipped {
		if reproductionOf(dir) != "" {
			continue
		}
		for _, s := range starters {
			place, used := p.uses(f, s.imported)[s.name]
			if s.name == "LookPath" && dir == gitFolder || s.name != "LookPath" && below(dir, sandboxFolder) || s.name == "Exec" && dir == exitTestFolder {
				continue
			}
			if used && dir != s.dir && slices.Contains(f.imports, s.imported) {
				breaches = append(breaches, fmt.Sprintf("%s: uses %s.%s, which is %s's alone", place, path.Base(s.imported), s.name, s.dir))
			}
		}
	}
	return breaches
}

// exit is the file that may write to the terminal. It guards both streams, see text.Guard.
const exit = "cmd/matrixrun/main.go"

// textLeavesThroughOnePlace: only the main file of the command names the standard
// streams. Everything else writes to what that file hands out. Reproductions, benchmarks
// and tools for developers are programs of their own.
func textLeavesThroughOnePlace(p *project) (breaches []string) {
	for dir, f := range p.shipped {
		if f.path == exit || reproductionOf(dir) != "" || isBench(dir) || below(dir, "results") || dir == "matrix/internal/changed" || below(dir, sandboxFolder) {
			continue
		}
		for imported, names := range map[string][]string{"os": {"Stdout", "Stderr"}, "fmt": {"Print", "Printf", "Println"}} {
			used := p.uses(f, imported)
			for _, name := range names {
				if place, ok := used[name]; ok && slices.Contains(f.imports, imported) {
					breaches = append(breaches, fmt.Sprintf("%s: uses %s.%s, which is for %s alone", place, imported, name, exit))
				}
			}
		}
	}
	return breaches
}
