package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pages makes the man pages of a day.
func pages(t *testing.T) []manPage {
	t.Helper()
	date, err := sourceDate("1700000000")
	if err != nil || date != "2023-11-14" {
		t.Fatalf("date %q, %v", date, err)
	}
	return manPages(newRoot(), date)
}

// TestManPages holds that each command and each topic has its page, with all that
// its help has, and that two makes are the same bytes, on different machines too.
func TestManPages(t *testing.T) {
	all := map[string]string{}
	for _, p := range pages(t) {
		all[filepath.ToSlash(p.file())] = string(p.text)
	}
	again := map[string]string{}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(7))
	for _, p := range pages(t) {
		again[filepath.ToSlash(p.file())] = string(p.text)
	}
	if diff := cmp.Diff(all, again); diff != "" {
		t.Errorf("two makes differ:\n%s", diff)
	}
	want := []string{"man1/matrixrun.1"}
	for _, c := range subcommands() {
		page := "man1/matrixrun-" + c.Name() + ".1"
		want = append(want, page)
		for _, part := range []string{".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS", ".SH EXAMPLES", ".SH EXIT STATUS", ".SH SEE ALSO"} {
			if !strings.Contains(all[page], "\n"+part+"\n") {
				t.Errorf("%s has no %s", page, part)
			}
		}
		for _, entry := range regexp.MustCompile(`--([a-z-]+)`).FindAllString(flagText(c.LocalFlags(), usualLine), -1) {
			if !strings.Contains(all[page], escapeRoff(entry)) {
				t.Errorf("%s lacks %s", page, entry)
			}
		}
	}
	for _, topic := range topics {
		if topic.heading != "" {
			want = append(want, "man7/matrixrun-"+topic.name+".7")
		}
	}
	for _, page := range want {
		if len(all[page]) < 500 {
			t.Errorf("%s has %d bytes: that cannot be all", page, len(all[page]))
		}
	}
	if len(all) != len(want) {
		t.Errorf("%d pages, want %d", len(all), len(want))
	}
}

// TestManFlags holds that a page has the fuller words of the manual, and none of
// its lists of flags twice.
func TestManFlags(t *testing.T) {
	for _, p := range pages(t) {
		text := string(p.text)
		if p.name == "matrixrun-run" && !strings.Contains(text, escapeRoff("'~> 0.47.0' does not")) {
			t.Error("matrixrun-run(1) lacks what the manual says of --versions")
		}
		if p.section == 1 && strings.Contains(text, "\n.nf\n"+escapeRoff("--")) {
			t.Errorf("%s has a list of flags beside its options", p.name)
		}
	}
}

// macros are the requests that the pages are made of.
var macros = regexp.MustCompile(`^\.(TH|SH|PP|TP|IP|RS|RE|nf|fi|nh|ad|B|I)( |$)`)

// TestManPagesAreRoff holds that no text is taken for a request, and that those
// that read man pages find nothing wrong.
func TestManPagesAreRoff(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for _, p := range pages(t) {
		for line := range strings.Lines(string(p.text)) {
			line = strings.TrimRight(line, "\n")
			if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !macros.MatchString(line) {
				t.Errorf("%s: a line of text is a request: %q", p.file(), line)
			}
			if strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
				t.Errorf("%s: a line is not ASCII: %q", p.file(), line)
			}
		}
		file := filepath.Join(dir, filepath.Base(p.file()))
		if err := os.WriteFile(file, p.text, 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if _, err := exec.LookPath("mandoc"); err != nil {
		t.Skip("needs mandoc, to have the pages read as man does")
	}
	out, err := exec.Command("mandoc", append([]string{"-T", "lint", "-W", "warning"}, files...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("mandoc: %v\n%s", err, out)
	}
}

// TestEscapeRoff holds that what is printed is what was written.
func TestEscapeRoff(t *testing.T) {
	for text, want := range map[string]string{
		`.PP`: `\&.PP`, `'quoted'`: `\(aqquoted\(aq`, `--only`: `\-\-only`, `a\b`: `a\eb`, "`~^\"": `\(ga\(ti\(ha\(dq`, "· x": `\[u00B7] x`, "": "",
	} {
		if got := textLine(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
