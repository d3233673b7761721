package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/manual"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// manualPage returns the file of the manual that describes a command or a topic.
func manualPage(kind, name string) string {
	return filepath.Join("internal", "manual", kind, name+".md")
}

// pages returns the files of the manual.
func pages(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(manualPage("*", "*"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files of the manual: %v", len(files), err)
	}
	return files
}

// root is the module's folder.
var root = filepath.Join("..", "..")

// guide is the file that says how to change matrixrun.
var guide = filepath.Join(root, ".github", "CONTRIBUTING.md")

// markdown returns all Markdown files of the repository.
func markdown(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && slices.Contains([]string{"testdata", "evidence", ".git"}, d.Name()):
			return filepath.SkipDir
		case filepath.Ext(file) == ".md" && !strings.Contains(read(t, file), "{{range "): // not a template
			files = append(files, file)
		}
		return err
	})
	if err != nil || !slices.Contains(files, guide) {
		t.Fatalf("the Markdown files are %v: %v", files, err)
	}
	return files
}

// documents returns those that people write: the manual and others about the program.
func documents(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(markdown(t), func(file string) bool {
		return slices.Contains([]string{"COMPATIBILITY.md", "BACKPORTS.md"}, filepath.Base(file)) || strings.Contains(filepath.ToSlash(file), "/reports/")
	})
}

// subcommands returns all commands of matrixrun.
func subcommands() []*cobra.Command { return newRoot().Commands() }

// TestManualIsComplete checks that there is a page for each command, with its
// usage and all its flags, and a page for each topic.
func TestManualIsComplete(t *testing.T) {
	want := map[string]bool{manualPage("commands", "matrixrun"): true}
	for _, c := range subcommands() {
		file := manualPage("commands", c.Name())
		text := read(t, file)
		want[file] = true
		if title := "# matrixrun " + c.Use + "\n"; !strings.HasPrefix(text, title) {
			t.Errorf("%s does not begin with %q", file, title)
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !strings.Contains(text, "`--"+f.Name+"`") && !strings.Contains(text, "`--"+f.Name+" ") {
				t.Errorf("%s does not describe --%s", file, f.Name)
			}
			if short := "`-" + f.Shorthand + "`, `--" + f.Name; f.Shorthand != "" && f.Name != "help" && !strings.Contains(text, short) {
				t.Errorf("%s does not describe -%s", file, f.Shorthand)
			}
		})
	}
	for _, topic := range manual.Topics {
		want[manualPage("topics", topic.Name)] = topic.Name != "manual"
	}
	for _, file := range pages(t) {
		if !want[file] {
			t.Errorf("%s is about no command and no topic", file)
		}
	}
}

// flagInText matches a flag in a document, and flagEntry one that a page lists,
// with what it takes.
var (
	flagInText = regexp.MustCompile("(?m)[\\s(`]--([a-z][a-z-]*)")
	flagEntry  = regexp.MustCompile("(?m)^  - (?:`-.`, )?`--([a-z-]+) ?([^`]*)`")
)

// TestManualNamesNoOthers checks that each flag in the manual exists, and that the
// page of a command lists only flags of that command, with what they take.
func TestManualNamesNoOthers(t *testing.T) {
	known := map[string]bool{"help": true, "version": true}
	for _, c := range subcommands() {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
		for _, found := range flagEntry.FindAllStringSubmatch(read(t, manualPage("commands", c.Name())), -1) {
			f := c.LocalFlags().Lookup(found[1])
			if f == nil {
				t.Errorf("the page of %s lists --%s, which is not a flag of it", c.Name(), found[1])
			} else if takes, _ := pflag.UnquoteUsage(f); takes != found[2] {
				t.Errorf("--%s takes %q in the page of %s, and %q in its help", f.Name, found[2], c.Name(), takes)
			}
		}
	}
	for _, file := range documents(t) {
		for _, found := range flagInText.FindAllStringSubmatch(read(t, file), -1) {
			if !known[found[1]] {
				t.Errorf("%s names --%s, which is not a flag of any command", file, found[1])
			}
		}
	}
}

// docLink matches what a document links to in the repository.
var docLink = regexp.MustCompile(`\]\(([^():]+)\)`)

// TestLinks checks that what the documents link to is there: files, and headings in them.
func TestLinks(t *testing.T) {
	links := 0
	for _, file := range markdown(t) {
		for _, found := range docLink.FindAllStringSubmatch(read(t, file), -1) {
			links++
			name, anchor, _ := strings.Cut(found[1], "#")
			to := filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
			if name == "" {
				to = file
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s links to %s: %v", file, found[1], err)
			} else if anchor != "" && !slices.Contains(anchors(read(t, to)), anchor) {
				t.Errorf("%s links to %s, but no heading there is called so", file, found[1])
			}
		}
	}
	if links < 60 {
		t.Errorf("%d links: that cannot be all", links)
	}
}

// pageLink matches what a page links to, apart from other sites.
var pageLink = regexp.MustCompile(`href="([^":]+)"`)

// TestPageLinks checks that what the published pages link to is there: files, and rows or
// scenarios in them. A cell of a row has an address, too. With SITE=DIR, it checks the pages
// and documents of a site that `make site` made.
func TestPageLinks(t *testing.T) {
	dir := cmp.Or(os.Getenv("SITE"), filepath.Join(root, "results"))
	files := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		files[path] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for file := range files {
		var found [][]string
		switch {
		case filepath.Base(file) == "index.html":
			found = pageLink.FindAllStringSubmatch(read(t, file), -1)
		case filepath.Ext(file) == ".md" && os.Getenv("SITE") != "": // TestLinks is for the others
			found = docLink.FindAllStringSubmatch(read(t, file), -1)
		}
		for _, link := range found {
			links++
			if why := wrongLink(t, dir, files, file, link[1]); why != "" {
				t.Errorf("%s links to %s: %s", file, link[1], why)
			}
		}
	}
	if links < 300 {
		t.Errorf("%d links: that cannot be all", links)
	}
}

// wrongLink says what is wrong with a link of a page or document in a folder with these files,
// and is empty if it leads somewhere.
func wrongLink(t *testing.T, dir string, files map[string]bool, file, link string) string {
	name, row, _ := strings.Cut(link, "#")
	to := file
	if name != "" {
		to = filepath.Join(filepath.Dir(file), filepath.FromSlash(name))
	}
	if !files[to] {
		return "there is no such file"
	}
	row, _, _ = strings.Cut(row, "/")
	row, err := url.PathUnescape(row)
	if err != nil || row == "" || row == "s" || filepath.Ext(to) != ".html" {
		return ""
	}
	if to != file && strings.Contains(read(t, to), page.IndexMark) {
		to = filepath.Join(dir, "zerortt", "index.html") // where the index goes on to
	}
	if !strings.Contains(read(t, to), fmt.Sprintf("id=%q", row)) {
		return "nothing there is called so"
	}
	return ""
}

// anchors returns the headings of a document as links name them.
func anchors(text string) (all []string) {
	for _, found := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(found[1]), "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}

// example finds command lines of matrixrun: by themselves on a line, maybe
// after a prompt, or between backquotes.
var example = regexp.MustCompile("(?m)^[ \t]*(?:\\$ )?(?:go run \\./cmd/)?matrixrun( .*)?$|`(?:go run \\./cmd/)?matrixrun( [^`]*)?`")

// examples returns the command lines of the manual and of the help, without the
// program's name, by where they stand.
func examples(t *testing.T) map[string][]string {
	t.Helper()
	texts, usages := map[string]string{}, map[string]bool{}
	for _, file := range documents(t) {
		texts[file] = read(t, file)
	}
	for _, c := range subcommands() {
		usages[c.Use] = true
		texts[c.Name()+" --help"] = c.Example
	}
	all := map[string][]string{}
	for place, text := range texts {
		for _, match := range example.FindAllStringSubmatch(text, -1) {
			line := strings.TrimSpace(match[1] + match[2])
			if strings.HasPrefix(line, "finds out,") || usages[line] || strings.Contains(line, "[command]") {
				continue // a sentence, or how the command is used in general
			}
			all[place] = append(all[place], line)
		}
		if strings.HasSuffix(place, "--help") && len(all[place]) == 0 {
			t.Errorf("%s has no example", place)
		}
	}
	return all
}

// TestExamples parses every command line of the manual and of the help, and
// plans the runs among them that are of a shipped suite: they name releases,
// scenarios and patches that there are. TestScripts/examples runs them.
func TestExamples(t *testing.T) {
	for place, lines := range examples(t) {
		for _, line := range lines {
			if err := try(t, words(line)); err != nil {
				t.Errorf("%s: matrixrun %s: %v", place, line, err)
			}
		}
	}
}

// try parses a command line, and plans it where it is a run.
func try(t *testing.T, line []string) error {
	t.Helper()
	c, rest, err := newRoot().Find(line)
	if err != nil {
		return err
	}
	if err := c.ParseFlags(rest); errors.Is(err, pflag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	args := c.Flags().Args()
	if err := c.ValidateArgs(args); err != nil {
		return err
	}
	if c.Name() != "run" || len(args) > 0 && !find.IsShipped(args[0]) {
		return nil
	}
	_, err = prepare(t.Context(), flagsOf(c.Flags()), args)
	return err
}

// flagsOf reads the flags that decide what is planned.
func flagsOf(set *pflag.FlagSet) runFlags {
	f := runFlags{origins: new(origins.Flags)}
	f.versions, _ = set.GetString("versions")
	f.only, _ = set.GetStringSlice("only")
	f.sample, _ = set.GetString("sample")
	f.prerelease, _ = set.GetBool("prerelease")
	f.patches, _ = set.GetStringArray("patch")
	f.scenarios, _ = set.GetStringArray("scenario")
	f.trials, _ = set.GetInt("trials")
	f.jobs, _ = set.GetInt("jobs")
	f.sandbox, _ = set.GetString("sandbox")
	f.evidence, _ = set.GetString("evidence")
	return f
}

// word is a word of a shell's command line, with parts of it between quotes.
var word = regexp.MustCompile(`(?:'[^']*'|[^'\s])+`)

// words splits a command line as a shell does, as far as examples go.
func words(line string) []string {
	var all []string
	for _, w := range word.FindAllString(line, -1) {
		if strings.HasPrefix(w, "#") || strings.HasPrefix(w, ">") {
			break // a comment, or where the output goes to
		}
		all = append(all, strings.ReplaceAll(w, "'", ""))
	}
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
