package main

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A file is one that a change adds (A), modifies (M) or deletes (D); any other
// letter of git's counts as a modification.
type file struct {
	status string
	path   string
}

// parse reads what git diff --name-status --no-renames -z prints.
func parse(text string) (files []file, err error) {
	if text == "" {
		return nil, nil
	}
	fields := strings.Split(strings.TrimSuffix(text, "\x00"), "\x00")
	for i := 0; i < len(fields); i += 2 {
		if i+1 == len(fields) || !statusText.MatchString(fields[i]) {
			return nil, fmt.Errorf("reading the changed files: %.40q is no status and path: want what git diff --name-status --no-renames -z prints", fields[i])
		}
		files = append(files, file{fields[i], fields[i+1]})
	}
	return files, nil
}

// statusText is a status without a second path: renames and copies are not asked
// for.
var statusText = regexp.MustCompile(`^[ADMTU]$`)

// How much of the matrix is to be tried.
const (
	none   = "none"
	sample = "sample"
	all    = "all"
)

// samples are what --sample is given for it.
var samples = map[string]string{none: "", sample: "last-patch", all: ""}

// A selection is what is to be tried.
type selection struct {
	patches []string          // sorted
	gone    []string          // patches that were removed, sorted
	odd     []string          // files where patches are, of none that has a usable name
	rows    string            // none, sample or all
	because map[string]string // the first file that asked for it, by patch and by rows
}

// patchFile is a variant of a patch. The name goes into a command line, so that
// one which a shell would read otherwise is none.
var patchFile = regexp.MustCompile(`^patches/([A-Za-z0-9][A-Za-z0-9._-]*)/[^/]+\.patch$`)

// choose decides what is to be tried. There tells whether a file is there after
// the change: of a patch that has been renamed or removed, the folder may not be.
func choose(files []file, there func(string) bool) selection {
	s := selection{rows: none, because: map[string]string{}}
	named := map[string]bool{}
	for _, f := range files {
		if found := patchFile.FindStringSubmatch(f.path); found != nil {
			named[found[1]] = true
			s.note(found[1], f)
			continue
		}
		if strings.HasPrefix(f.path, "patches/") && strings.HasSuffix(f.path, ".patch") {
			s.odd = append(s.odd, f.path)
		}
		switch concern := concerns(f.path); {
		case concern == all, concern == sample && s.rows == none:
			s.rows = concern
			s.note(concern, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if there("patches/" + name) {
			s.patches = append(s.patches, name)
		} else {
			s.gone = append(s.gone, name)
		}
	}
	return s
}

// note keeps the first file that asked for something.
func (s *selection) note(what string, f file) {
	if s.because[what] == "" {
		s.because[what] = fmt.Sprintf("%s %q", f.status, f.path)
	}
}

// concerns tells how much of the matrix a file that is no patch may change.
func concerns(name string) string {
	switch {
	case strings.HasSuffix(name, "_test.go"), strings.Contains(name, "/testdata/"), strings.HasSuffix(name, ".md"):
		return none // what tests try, they try themselves
	case below(name, "matrix/internal/changed"):
		return none // it sees no row
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

// below reports whether a file is in a folder, or in one below it.
func below(name, folder string) bool { return strings.HasPrefix(name, folder+"/") }
