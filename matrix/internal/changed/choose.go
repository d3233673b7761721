package main

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A file is a path that a change adds (A), modifies (M) or deletes (D). Other
// status letters of git count as modified.
type file struct {
	status string
	path   string
}

// parse reads the output of git diff --name-status --no-renames -z.
func parse(text string) (files []file, err error) {
	if text == "" {
		return nil, nil
	}
	fields := strings.Split(strings.TrimSuffix(text, "\x00"), "\x00")
	for i := 0; i < len(fields); i += 2 {
		if i+1 == len(fields) || !statusText.MatchString(fields[i]) {
			return nil, fmt.Errorf("reading the changed files: %.40q is not a status and a path: want the output of git diff --name-status --no-renames -z", fields[i])
		}
		files = append(files, file{fields[i], fields[i+1]})
	}
	return files, nil
}

// statusText matches a status without a second path, that is all but renames and
// copies.
var statusText = regexp.MustCompile(`^[ADMTU]$`)

// How much of the matrix to try.
const (
	none   = "none"
	sample = "sample"
	all    = "all"
)

// samples has the value of --sample for each.
var samples = map[string]string{none: "", sample: "last-patch", all: ""}

// A selection is what to try.
type selection struct {
	patches   []string          // sorted
	gone      []string          // patches that were removed, sorted
	misplaced []string          // files in patches/ that belong to no patch with a usable name
	rows      string            // none, sample or all
	reasons   map[string]string // the first file that caused it, by patch or rows
}

// patchFile matches a variant of a patch. The name must be safe in a shell command.
var patchFile = regexp.MustCompile(`^patches/([A-Za-z0-9][A-Za-z0-9._-]*)/[^/]+\.patch$`)

// choose decides what to try. exists reports whether a path exists after the
// change: the folder of a renamed or removed patch may not.
func choose(files []file, exists func(string) bool) selection {
	s := selection{rows: none, reasons: map[string]string{}}
	named := map[string]bool{}
	for _, f := range files {
		if found := patchFile.FindStringSubmatch(f.path); found != nil {
			named[found[1]] = true
			s.note(found[1], f)
			continue
		}
		if strings.HasPrefix(f.path, "patches/") && strings.HasSuffix(f.path, ".patch") {
			s.misplaced = append(s.misplaced, f.path)
		}
		switch rows := affects(f.path); {
		case rows == all, rows == sample && s.rows == none:
			s.rows = rows
			s.note(rows, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if exists("patches/" + name) {
			s.patches = append(s.patches, name)
		} else {
			s.gone = append(s.gone, name)
		}
	}
	return s
}

// note records f as the reason for what, unless there is one already.
func (s *selection) note(what string, f file) {
	if s.reasons[what] == "" {
		s.reasons[what] = fmt.Sprintf("%s %q", f.status, f.path)
	}
}

// affects returns how much of the matrix a file other than a patch affects.
func affects(name string) string {
	switch {
	case strings.HasSuffix(name, "_test.go"), strings.Contains(name, "/testdata/"), strings.HasSuffix(name, ".md"):
		return none // go test covers these
	case below(name, "matrix/internal/changed"):
		return none // no row depends on it
	case below(name, "matrix/suites"):
		if words := strings.Split(name, "/"); len(words) > 4 && words[3] == "bench" {
			return none // measures matrixrun from outside
		}
		return all
	case name == "go.mod", name == "go.sum":
		return sample
	case path.Ext(name) == ".go" && (below(name, "matrix") || below(name, "cmd") || below(name, "patches")):
		return sample
	}
	return none
}

// below reports whether a path is inside a folder, at any depth.
func below(name, folder string) bool { return strings.HasPrefix(name, folder+"/") }
