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
	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
)

// manPages returns the man pages of one day.
func manPages(t *testing.T) []manual.Page {
	t.Helper()
	date, err := sourceDate("1700000000")
	if err != nil || date != "2023-11-14" {
		t.Fatalf("date %q, %v", date, err)
	}
	return manual.Pages(newRoot(), date)
}

// TestManPages checks that each command and each topic has its page, that the page
// of a command has all its flags, and that the pages are the same bytes on
// different machines.
func TestManPages(t *testing.T) {
	all := map[string]string{}
	for _, p := range manPages(t) {
		all[p.File()] = string(p.Text)
	}
	again := map[string]string{}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(7))
	for _, p := range manPages(t) {
		again[p.File()] = string(p.Text)
	}
	if diff := cmp.Diff(all, again); diff != "" {
		t.Errorf("two makes differ:\n%s", diff)
	}
	want := []string{"man1/matrixrun.1"}
	for _, c := range subcommands() {
		page := "man1/matrixrun-" + c.Name() + ".1"
		want = append(want, page)
		for _, part := range []string{".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH EXAMPLES", ".SH EXIT STATUS", ".SH SEE ALSO"} {
			if !strings.Contains(all[page], "\n"+part+"\n") {
				t.Errorf("%s has no %s", page, part)
			}
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if flag := `\fB\-\-` + strings.ReplaceAll(f.Name, "-", `\-`); f.Name != "help" && !strings.Contains(all[page], flag) {
				t.Errorf("%s does not describe --%s", page, f.Name)
			}
		})
	}
	for _, topic := range manual.Topics {
		if topic.Name != "manual" {
			want = append(want, "man7/matrixrun-"+topic.Name+".7")
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

// macros are the requests that the pages are made of.
var macros = regexp.MustCompile(`^\.(TH|SH|PP|IP|RS|RE|EX|EE|nr|nh|ad)( |$)`)

// TestManPagesAreRoff checks that no text is taken for a request, that text is
// ASCII which can be pasted into a shell, and that mandoc finds nothing wrong.
func TestManPagesAreRoff(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for _, p := range manPages(t) {
		for line := range strings.Lines(string(p.Text)) {
			line = strings.TrimRight(line, "\n")
			if strings.HasPrefix(line, ".") && !macros.MatchString(line) {
				t.Errorf("%s: a line of text is a request: %q", p.File(), line)
			}
			if !strings.HasPrefix(line, ".") && strings.ContainsAny(line, "'`~^") || strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
				t.Errorf("%s: a line has a character that roff would change: %q", p.File(), line)
			}
		}
		file := filepath.Join(dir, filepath.Base(p.File()))
		if err := os.WriteFile(file, p.Text, 0o666); err != nil {
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

// TestManPagesSayTheSame checks that a man page has the words of the topic, so
// that what reads Markdown for the screen and for man agrees on it.
func TestManPagesSayTheSame(t *testing.T) {
	if _, err := exec.LookPath("mandoc"); err != nil {
		t.Skip("needs mandoc, to have the pages read as man does")
	}
	for _, p := range manPages(t) {
		topic, ok := manual.FindTopic(strings.TrimPrefix(p.Name, "matrixrun-"))
		if !ok {
			continue
		}
		cmd := exec.Command("mandoc", "-T", "ascii", "-O", "width=500")
		cmd.Stdin = strings.NewReader(string(p.Text))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		overstruck := regexp.MustCompile(`.\x08`) // bold, as a terminal prints it
		page := strings.Join(strings.Fields(overstruck.ReplaceAllString(string(out), "")), " ")
		_, text, _ := strings.Cut(manual.Text(topic.Markdown(newRoot()), screen.UsualWidth), "\n\n")
		for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\n  - ", "\n\n"), "\n\n") {
			words := strings.Join(strings.Fields(paragraph), " ")
			if !strings.Contains(strings.ToLower(page), strings.ToLower(words)) {
				t.Errorf("%s does not say %q", p.File(), words)
			}
		}
	}
}
