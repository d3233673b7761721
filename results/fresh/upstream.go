package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The marks of the section in BACKPORTS.md about upstream's own commits.
const (
	upstreamBegins = "<!-- upstream -->\n"
	upstreamEnds   = "<!-- /upstream -->\n"
)

// mended is how a patch's header names the commit with which upstream mended the same,
// after the release that first has it.
var mended = regexp.MustCompile(`^(v[0-9.]+).*pull request (\d+) \(([0-9a-f]{9,40})\)`)

// upstreamSection returns what BACKPORTS.md says of upstream's own commits. A run that
// tried them wrote a grid to a folder; without a folder, what is published stays, and
// stderr is told.
func (t tree) upstreamSection(from, module string, stderr io.Writer) ([]byte, error) {
	if from == "" {
		old, err := os.ReadFile(t.path(published + "/" + backportsFile))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		begin, end := bytes.Index(old, []byte(upstreamBegins)), bytes.Index(old, []byte(upstreamEnds))
		if begin < 0 || end < begin {
			fmt.Fprintf(stderr, "%s says nothing about upstream's own commits: to try them, name a clone, as in make backports CLONE=DIR\n", backportsFile)
			return nil, nil
		}
		fmt.Fprintf(stderr, "%s keeps what it says about upstream's own commits: to try them again, name a clone, as in make backports CLONE=DIR\n", backportsFile)
		return append([]byte("\n"), old[begin:end+len(upstreamEnds)]...), nil
	}
	grid, err := os.ReadFile(filepath.Join(from, backportsFile))
	if err != nil {
		return nil, err
	}
	commits, err := t.upstreamCommits(module)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "\n%s%s%s%s%s", upstreamBegins, upstreamIntro, commits, withoutCode(string(grid)), upstreamEnds), nil
}

// upstreamIntro begins the section.
const upstreamIntro = `## Upstream's own commits

Upstream mended the same with commits of its own. Each was tried as a patch on the releases before
the last of them, to show what it does alone. Their code is not here: with a clone of upstream,
` + "`matrixrun backport --git CLONE COMMIT`" + ` shows where one conflicts.

`

// upstreamCommits lists the commits of a module that the headers of patches name.
func (t tree) upstreamCommits(module string) (string, error) {
	patches, err := t.shippedPatches()
	if err != nil {
		return "", err
	}
	var lines []string
	for _, p := range patches {
		for _, v := range p.Variants {
			if m := mended.FindStringSubmatch(v.Applied); m != nil {
				lines = append(lines, fmt.Sprintf("- %s, in %s: [pull request %s](https://%[4]s/pull/%[3]s)\n", m[3], m[1], m[2], module))
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), ""), nil
}

// withoutCode returns a grid as a part of another document: without its title, and
// without the section on conflicts, which quotes code of the patches.
func withoutCode(grid string) string {
	sections := strings.Split(grid, "\n## ")
	kept := sections[0][strings.Index(sections[0], "\n")+1:]
	for _, s := range sections[1:] {
		if !strings.HasPrefix(s, "Falls short\n") {
			kept += "\n### " + s
		}
	}
	return kept
}
