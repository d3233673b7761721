package matrix_test

import (
	"fmt"
	"go/build/constraint"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// suitesFolder holds the suites that ship with the program, each with its
// reproduction.
const suitesFolder = "matrix/suites"

// What the first suite is about. The brackets keep the pattern from finding
// itself; "quick" is another word.
var suiteWords = regexp.MustCompile(`(?i)qui[c]([^k]|$)|0[-_ ]?rt[t]|zero[-_ ]?rt[t]`)

// suitesAreData: nothing under matrix, tests and test data included, knows what
// a suite is about; a second suite, for another module, needs no change there.
func suitesAreData(p *project) (breaches []string) {
	for name, text := range p.texts {
		if !below(name, "matrix") || below(name, suitesFolder) {
			continue
		}
		if word := suiteWords.FindString(text); word != "" {
			breaches = append(breaches, fmt.Sprintf("%s: speaks of %q, which only suites know", name, strings.TrimSpace(word)))
		}
	}
	return breaches
}

// packagesAreDocumented: every package has a comment that says what it is for.
// For a command it opens as the go command's own do.
func packagesAreDocumented(p *project) (breaches []string) {
	for dir, files := range p.code {
		documented := slices.ContainsFunc(files, func(f goFile) bool { return !f.test && f.syntax.Doc != nil })
		onlyTests := !slices.ContainsFunc(files, func(f goFile) bool { return !f.test })
		if !documented && !onlyTests {
			breaches = append(breaches, dir+": has no package comment")
		}
	}
	return breaches
}

// reproductionOf returns the folder of the reproduction that a package belongs to:
// one below its suite's that is not its bench. It is empty where the package
// belongs to none.
func reproductionOf(dir string) string {
	in, ok := strings.CutPrefix(dir, suitesFolder+"/")
	if words := strings.Split(in, "/"); ok && len(words) > 1 && !isBench(dir) {
		return path.Join(suitesFolder, words[0], words[1])
	}
	return ""
}

// reproductions yields the files of the reproductions, tests left out, with the
// folder of their reproduction.
func reproductions(p *project) func(yield func(repro string, f goFile) bool) {
	return func(yield func(string, goFile) bool) {
		for dir, f := range p.shipped {
			if repro := reproductionOf(dir); repro != "" && !yield(repro, f) {
				return
			}
		}
	}
}

// reproductionsImportOnlyTheirTarget: the standard library, the packages of the
// reproduction itself, and the target by the one path that every row gives it,
// with its packages. Anything else would have to be found in the go.sum of every
// release. A package that the release in go.mod does not have is found by go mod
// tidy.
func reproductionsImportOnlyTheirTarget(p *project) (breaches []string) {
	for repro, f := range reproductions(p) {
		suite := path.Dir(repro)
		var spec struct{ Target struct{ Module string } }
		if err := yaml.Unmarshal([]byte(p.texts[suite+"/matrix.yaml"]), &spec); err != nil {
			return []string{fmt.Sprintf("%s/matrix.yaml: %v", suite, err)}
		}
		for _, imported := range f.imports {
			first, _, _ := strings.Cut(imported, "/")
			ofTarget := imported == spec.Target.Module || strings.HasPrefix(imported, spec.Target.Module+"/")
			if strings.Contains(first, ".") && !ofTarget && !below(imported, module+"/"+repro) {
				breaches = append(breaches, fmt.Sprintf("%s: imports %s, which is neither the target nor its own", f.path, imported))
			}
		}
	}
	return breaches
}

// reproductionsCompileWithOldGo: Go 1.16 reads "// +build" lines alone, and the
// go command of today "//go:build" lines alone; a file with one of them would be
// in other builds than its author thinks.
func reproductionsCompileWithOldGo(p *project) (breaches []string) {
	for _, f := range reproductions(p) {
		if old, want := constraints(p.texts[f.path]); !slices.Equal(old, want) {
			breaches = append(breaches, fmt.Sprintf("%s: has the lines %q, want %q", f.path, old, want))
		}
	}
	return breaches
}

// constraints returns a file's "// +build" lines, and those that say what its
// "//go:build" line says; where they cannot, the reason why.
func constraints(text string) (old, want []string) {
	header, _, _ := strings.Cut(text, "\npackage ")
	for line := range strings.Lines(header) {
		line = strings.TrimSpace(line)
		if constraint.IsPlusBuild(line) {
			old = append(old, line)
		}
		if !constraint.IsGoBuild(line) {
			continue
		}
		expr, err := constraint.Parse(line)
		if err == nil {
			want, err = constraint.PlusBuildLines(expr)
		}
		if err != nil {
			want = []string{err.Error()}
		}
	}
	return old, want
}
