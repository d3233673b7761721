package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/matrixrun/matrixrun/matrix/content"
)

// A way is how the examples of a command are run.
type way int

const (
	unchanged way = iota // with the shipped suite, or no suite: needs no network
	onFake               // with the suite of the scripts, and its names for releases, scenarios and patches
	onItself             // compares the published results with themselves
)

// ways has the way of each command, in the order in which the examples run: later
// ones read the results of the first ones.
var ways = []struct {
	command string
	way     way
}{
	{"run", onFake}, {"show", onFake}, {"backport", onFake}, {"bisect", onFake}, {"fork", onFake}, {"merge", onFake}, {"lock", onFake}, {"index", unchanged},
	{"plan", unchanged}, {"report", unchanged}, {"cache", unchanged}, {"help", unchanged}, {"man", unchanged},
	{"completion", unchanged}, {"schema", unchanged}, {"check", unchanged}, {"diff", onItself},
}

// inFake translates names of the shipped suite to names of the scripts' suite.
var inFake = map[string]string{
	"v0.45.2": "v1.0.1", "v0.47.0": "v1.0.0", "v0.48.0": "v1.2.0", "v0.65.0": "v1.2.1", "v0.47.0,v0.48.0": "v1.0.0,v1.2.0",
	"0.40": "0.5", "0.44": "1.0", "0.47.0": "1.0.0", "0.50": "1.3",
	"drop-late-resets": "mend", "drop-closed-resets": "mend", "example.com/fork@v1.2.3": "example.com/fork@v1.0.2", "after-both": "reset", "after-write": "reset", "closed-write": "reset-many", "after-*": "reset*", "late-*": "reset*",
	"v1.2.4-0.20240102030405-0123456789ab": "v1.0.2-0.20240102120000-0123456789ab", "./my-suite": "my-suite", "advisories": "my-suite", "v0.54.0,v0.54.1": "v1.0.0,v1.2.0", "./copy": "my-suite",
	"go1.24.9": runtime.Version(), "go1.24.9,go1.25.3": runtime.Version(), "v0.47.0@go1.24.9": "v1.0.0@" + runtime.Version(), // the only one that scripts have
}

// realName matches names of the shipped suite.
var realName = regexp.MustCompile(`^v?0\.\d+|^(drop|reset|after|late|queued|closed)-`)

// translate translates a word of an example for the scripts' suite. It translates
// the parts of row IDs and cells, and the bounds of ranges.
func translate(t *testing.T, word string) string {
	t.Helper()
	if strings.HasPrefix(word, "-") || strings.ContainsAny(word, "<>=~") {
		return regexp.MustCompile(`\d+(\.\d+)+`).ReplaceAllStringFunc(word, func(bound string) string { return translate(t, bound) })
	}
	if fake, ok := inFake[word]; ok {
		return fake
	}
	for _, separator := range []string{"/", "+"} {
		if head, tail, ok := strings.Cut(word, separator); ok && head != "." && head != ".." {
			return translate(t, head) + separator + translate(t, tail)
		}
	}
	if realName.MatchString(word) {
		t.Errorf("no translation of %q for the suite of the scripts: see inFake", word)
	}
	return word
}

// placeholder matches words such as ROW/SCENARIO, which examples do not have.
var placeholder = regexp.MustCompile(`\b[A-Z]+/[A-Z]+\b`)

// scripted matches examples that scripts run: they change a program, show a cell that no
// other example tries, need a module with tests, as those of init and try do, read what try
// wrote to the folder tried, need a remote record, or build real releases, as those of verify
// do.
var scripted = regexp.MustCompile(`^(init|try) |\btried\b|^verify\b| --write |--remote |--push |^show \S+\+(d22d57973359|debian/patches)/`)

// runExamples runs each example of the manual and of the help. No example may be bad
// input or leave something unknown, and each must write the files that it names.
func (w *world) runExamples(t *testing.T) {
	t.Parallel()
	x := newExamples(t, w)
	all, run := map[string]bool{}, 0
	for _, lines := range examples(t) {
		for _, line := range lines {
			// Not a line that continues, a usage line, or what only a script does.
			all[line] = !strings.HasSuffix(line, `\`) && !placeholder.MatchString(line) && !scripted.MatchString(line)
		}
	}
	for _, c := range ways {
		for _, line := range slices.Sorted(maps.Keys(all)) {
			args := words(line)
			if !all[line] || len(args) == 0 || args[0] != c.command {
				continue
			}
			delete(all, line)
			x.run(t, c.way, line, args)
			run++
		}
	}
	for line, runs := range all {
		if args := words(line); runs && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			t.Errorf("matrixrun %s: ways does not say how to run examples of %s", line, args[0])
		}
	}
	if run < 40 {
		t.Errorf("ran only %d examples", run)
	}
}

// exampleRuns is the folder and the environment of the examples.
type exampleRuns struct {
	dir    string
	env    []string
	commit string // in ../clone
}

// newExamples creates what the examples use: the suite, patches, a diff file, a
// clone in the parent folder, and the published results.
func newExamples(t *testing.T, w *world) *exampleRuns {
	t.Helper()
	x := &exampleRuns{dir: filepath.Join(t.TempDir(), "work")}
	env := &testscript.Env{WorkDir: x.dir, Vars: []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}}
	if err := os.MkdirAll(x.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := w.setup(env); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { makeWritable(t, x.dir) })
	x.env = slices.Concat(env.Vars, []string{"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com"})
	x.keepFew(t)
	results, err := filepath.Abs(filepath.Join("..", "..", "results"))
	if err == nil {
		err = os.Symlink(results, filepath.Join(x.dir, "results"))
	}
	if err == nil {
		err = os.CopyFS(filepath.Join(x.dir, "my-suite"), os.DirFS(filepath.Join(x.dir, "suite")))
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(x.dir, "fix.patch"), []byte(read(t, filepath.Join("testdata", "patches", "mend", "mend.patch"))), 0o666)
	}
	for _, dir := range []string{x.dir, filepath.Join(filepath.Dir(x.dir), "service")} {
		if err == nil {
			err = os.MkdirAll(dir, 0o777)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/service\n\ngo 1.26\n\nrequire github.com/quic-go/quic-go v0.65.0\n"), 0o666)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	x.clone(t)
	x.forks(t)
	return x
}

// forks creates a checkout in the parent folder, and lists a fork in the suite. The
// suite gets an index to find the nearest releases with.
func (x *exampleRuns) forks(t *testing.T) {
	t.Helper()
	checkout, suite := filepath.Join(filepath.Dir(x.dir), "checkout"), filepath.Join(x.dir, "suite")
	err := os.Mkdir(checkout, 0o777)
	if err == nil {
		err = os.WriteFile(filepath.Join(checkout, "lib.go"), libOf(t, "v1.0.0"), 0o666)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(checkout, "go.mod"), []byte("module example.com/lib\n\ngo 1.26\n"), 0o666)
	}
	for _, value := range x.env {
		if index, ok := strings.CutPrefix(value, "INDEX="); ok && err == nil {
			err = os.WriteFile(filepath.Join(suite, content.FileName), []byte(read(t, index)), 0o666)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if code, out := x.matrixrun(x.dir, []string{"lock", "suite", "--module", "example.com/fork@v0.9.0"}); code != exitOK {
		t.Fatalf("locking a fork: exit code %d\n%s", code, out)
	}
}

// keepFew removes the releases from the lock that do not compile, or hang.
func (x *exampleRuns) keepFew(t *testing.T) {
	t.Helper()
	file := filepath.Join(x.dir, "suite", "releases.lock")
	var kept strings.Builder
	for line := range strings.Lines(read(t, file)) {
		version, _, _ := strings.Cut(line, " ")
		if slices.Contains([]string{"v0.5.0", "v1.0.0", "v1.0.1", "v1.1.0", "v1.2.0", "v1.2.1"}, version) {
			kept.WriteString(line)
		}
	}
	if err := os.WriteFile(file, []byte(kept.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

// clone creates a repository of the module in the parent folder. Its last commit
// fixes the defect.
func (x *exampleRuns) clone(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git, to have a clone")
	}
	dir := filepath.Join(filepath.Dir(x.dir), "clone")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, x.env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	for _, release := range []string{"v1.0.0", "v1.2.0"} {
		if err := os.WriteFile(filepath.Join(dir, "lib.go"), libOf(t, release), 0o666); err != nil {
			t.Fatal(err)
		}
		git("add", ".")
		git("commit", "-q", "-m", release)
		git("tag", release)
	}
	x.commit = git("rev-parse", "HEAD")
}

// libOf returns lib.go of a release of the scripts' module.
func libOf(t *testing.T, release string) []byte {
	t.Helper()
	_, lib, _ := strings.Cut(read(t, filepath.Join("testdata", "mod", "example.com_lib_"+release+".txtar")), "-- lib.go --\n")
	lib, _, _ = strings.Cut(lib, "\n-- ")
	return []byte(lib)
}

// written are the flags that name the output of a command.
var written = []string{"-o", "--goproxy"}

// run runs one example.
func (x *exampleRuns) run(t *testing.T, how way, line string, args []string) {
	t.Helper()
	in, to := x.dir, ""
	for i, word := range args {
		if rest, ok := strings.CutPrefix(word, "~"); ok { // which a shell expands
			args[i] = filepath.Join(x.dir, "home") + rest
			word = args[i]
		}
		if i > 0 && slices.Contains(written, args[i-1]) {
			to = word
		}
	}
	reads := slices.Contains(args, "--from")
	switch {
	case how == onFake && !reads:
		args = x.onFake(t, args)
	case how == onItself:
		for i, word := range args {
			if word == "out" {
				args[i] = "results/zerortt"
			}
		}
	}
	switch {
	case to == ".": // an empty folder
		in = t.TempDir()
		args[len(args)-1] = filepath.Join(x.dir, args[len(args)-1]) // the suite
	case to != "" && args[0] != "run" && !filepath.IsAbs(to): // which another example may have written
		if err := os.RemoveAll(filepath.Join(x.dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	if code, out := x.matrixrun(in, args); code != exitOK && (code != exitDiffers || !slices.Contains([]string{"run", "backport", "check"}, args[0])) {
		t.Errorf("matrixrun %s, run as %q: exit code %d\n%s", line, args, code, out)
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(in, to)
	}
	if _, err := os.Stat(to); err != nil {
		t.Errorf("matrixrun %s: it did not write its output: %v", line, err)
	}
}

// onFake translates an example for the scripts' suite, and creates its input.
func (x *exampleRuns) onFake(t *testing.T, args []string) []string {
	t.Helper()
	suite, named := "suite", false
	fake := []string{args[0]}
	for i, word := range args[1:] {
		switch {
		case word == "d22d57973":
			word = x.commit
		case word == "../quic-go" || slices.Contains(written, args[i]):
			word = strings.Replace(word, "../quic-go", "../clone", 1)
		default:
			word = translate(t, word)
		}
		named = named || word == "my-suite"
		fake = append(fake, word)
	}
	switch args[0] {
	case "merge":
		x.shards(t, args)
		return fake
	case "lock": // it adds the releases that keepFew removed
		suite = "my-suite"
	}
	if !named {
		fake = append(fake, suite)
	}
	return fake
}

// shards creates the folders that a merge example joins.
func (x *exampleRuns) shards(t *testing.T, args []string) {
	t.Helper()
	folders := slices.DeleteFunc(slices.Clone(args[1:]), func(word string) bool { return !strings.HasPrefix(word, "shard-") })
	for _, folder := range folders {
		shard := strings.TrimPrefix(folder, "shard-") + "/" + string(rune('0'+len(folders)))
		if code, out := x.matrixrun(x.dir, []string{"run", "suite", "--shard", shard, "-o", folder}); code > exitDiffers {
			t.Fatalf("shard %s: exit code %d\n%s", shard, code, out)
		}
	}
}

// matrixrun runs the program.
func (x *exampleRuns) matrixrun(dir string, args []string) (code int, out string) {
	cmd := exec.Command("matrixrun", args...)
	cmd.Dir, cmd.Env = dir, x.env
	text, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(text)
}
