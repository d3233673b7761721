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

// suitesFolder has the suites that ship with the program.
const suitesFolder = "matrix/suites"

// suiteWords are the words of the first suite. The brackets keep the pattern from
// matching itself, and "quick" does not match.
var suiteWords = regexp.MustCompile(`(?i)qui[c]([^k]|$)|0[-_ ]?rt[t]|zero[-_ ]?rt[t]`)

// suitesAreData: nothing under matrix, including tests and test data, uses the words
// of a suite, so that a suite for another module needs no change there.
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

// defectWords are the words of the first suite for what it found. In text for people they
// come from matrix.Words, since another suite has others.
var defectWords = regexp.MustCompile(`(?i)\b(streams?|resets?|connections?|leak(s|ed|ing|y)?|kills?)\b`)

// codes are the texts with such words that stay the same whatever a suite calls these
// things for people, by file.
var codes = map[string][]string{
	"matrix/answer.go":               {"leaks"},                                  // an answer in the JSON of check
	"matrix/codec/check.go":          {"leaks"},                                  // a key of results.json
	"matrix/evidence.go":             {"leaks"},                                  // a value of --evidence
	"matrix/internal/gocmd/error.go": {"connection refused", "connection reset"}, // what the go command prints
	"matrix/patch.go":                {"still-leaks"},                            // an effect
	"matrix/report/csv.go":           {"leaks"},                                  // a column of CSV
	"matrix/report/fills/fills.go":   {"leak", "kills"},                          // classes of a style sheet
	"matrix/spec/words.go":           {"leak"},                                   // a key of matrix.yaml
	"matrix/trace.go":                {"leak", "stream", "connection"},           // an outcome, and severities, in results.json
	"matrix/verdict.go":              {"leak"},                                   // a verdict
	"matrix/words.go":                {"leak"},                                   // a key of matrix.yaml

	// What a trial may report.
	"matrix/trial/output.go": {"a trial with the outcome %q: want leak, clean or inconclusive: %s"},
}

// peopleReadTheSuitesWords: no text of the program under matrix, outside of the suites,
// says in the words of one suite what was found. Struct tags are for programs.
func peopleReadTheSuitesWords(p *project) (breaches []string) {
	for dir, f := range p.shipped {
		if !below(dir, "matrix") || below(dir, suitesFolder) {
			continue
		}
		for place, text := range p.literals(f) {
			if defectWords.MatchString(text) && !slices.Contains(codes[f.path], text) {
				breaches = append(breaches, fmt.Sprintf("%s: says %q in the words of a suite: take them from matrix.Words", place, text))
			}
		}
	}
	for name, text := range p.texts {
		if !below(name, "matrix") || below(name, suitesFolder) || path.Ext(name) != ".html" || strings.Contains(name, "testdata/") {
			continue
		}
		if word := defectWords.FindString(unread.ReplaceAllString(text, " ")); word != "" {
			breaches = append(breaches, fmt.Sprintf("%s: says %q in the words of a suite: take them from .Words", name, word))
		}
	}
	return breaches
}

// unread matches what nobody reads of a template: its actions, and some attributes.
var unread = regexp.MustCompile(`{{.*?}}|(type|class|id)="[^"]*"`)

// packagesAreDocumented: every package has a package comment.
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

// reproductionOf returns the folder of the reproduction that a package belongs to,
// empty if it belongs to none. Every folder in a suite's folder is one, except its
// bench.
func reproductionOf(dir string) string {
	in, ok := strings.CutPrefix(dir, suitesFolder+"/")
	if words := strings.Split(in, "/"); ok && len(words) > 1 && !isBench(dir) {
		return path.Join(suitesFolder, words[0], words[1])
	}
	return ""
}

// reproductions yields the files of reproductions, without tests, and the folder of
// their reproduction.
func reproductions(p *project) func(yield func(repro string, f goFile) bool) {
	return func(yield func(string, goFile) bool) {
		for dir, f := range p.shipped {
			if repro := reproductionOf(dir); repro != "" && !yield(repro, f) {
				return
			}
		}
	}
}

// reproductionsImportOnlyTheirTarget: a reproduction imports the standard library,
// its own packages, and packages of the target by the present module path, which
// every row has. The go.sum of every release would have to have anything else. If
// the release in go.mod does not have a package, go mod tidy finds that.
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

// reproductionsCompileWithOldGo: a file of a reproduction has equivalent "// +build"
// and "//go:build" lines. Go 1.16 reads only the former and present go commands
// only the latter, so that each would build other files.
func reproductionsCompileWithOldGo(p *project) (breaches []string) {
	for _, f := range reproductions(p) {
		if old, want := constraints(p.texts[f.path]); !slices.Equal(old, want) {
			breaches = append(breaches, fmt.Sprintf("%s: has the lines %q, want %q", f.path, old, want))
		}
	}
	return breaches
}

// constraints returns the "// +build" lines of a file, and those that its
// "//go:build" line needs, or an error in place of these.
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
