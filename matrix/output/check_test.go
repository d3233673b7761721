package output

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// capture is the evidence of the one cell that has some.
const capture = "evidence/v1.0.0/drop.log"

// mine returns a function that makes a file that matrixrun did not write.
func mine(name string) func() error {
	return func() error {
		return errors.Join(os.MkdirAll(filepath.Dir("out/"+name), 0o777), os.WriteFile("out/"+name, []byte("mine\n"), 0o666))
	}
}

// ran makes the folder of a run.
func ran() error { return Publish("out", runOf(sample(capture), logFile), io.Discard) }

// gone returns a function that removes something of that folder.
func gone(name string) func() error { return func() error { return os.RemoveAll("out/" + name) } }

// obstacles are what can be in the way of a run, in a folder called out next to a folder
// called other.
var obstacles = map[string]struct {
	lay    func() error
	want   string // in the error, empty if nothing is in the way
	forced bool   // --force helps
}{
	"nothing":             {},
	"empty":               {lay: mkdir("out")},
	"a link to a folder":  {lay: link("other", "out")},
	"an earlier run":      {lay: ran},
	"a user's files":      {lay: all(ran, mine("README.md"), mine("evidence/README.md"), mine("evidence/v1.0.0/mine"), mine("against-newest/index.html"))},
	"a file":              {lay: func() error { return os.WriteFile("out", nil, 0o666) }, want: "-o out: it is not a folder: want a folder"},
	"a dangling link":     {lay: link("nothing", "out"), want: "out is a link to a folder that does not exist"},
	"results":             {lay: mine("results.json"), want: "-o out: results.json: not written by matrixrun: want another folder, or --force", forced: true},
	"a page":              {lay: all(ran, mine("index.html")), want: "-o out: index.html: not written by", forced: true},
	"two":                 {lay: all(mine("index.html"), mine("COMPATIBILITY.md")), want: "-o out: COMPATIBILITY.md and index.html: not written by", forced: true},
	"evidence":            {lay: mine(capture), want: "-o out: " + capture + ": not written by", forced: true},
	"more evidence":       {lay: all(ran, mine("evidence/v1.0.0/drop.txt")), want: "-o out: evidence/v1.0.0/drop.txt: not written by", forced: true},
	"a journal":           {lay: all(mine(journalName), mine(capture)), want: journalName, forced: true},
	"a link of results":   {lay: all(ran, gone(ResultsFile), link("../other/file", "out/results.json")), want: "-o out: results.json: it is a link, which is not followed"},
	"a link within":       {lay: all(ran, gone("matrix.svg"), link("index.html", "out/matrix.svg")), want: "-o out: matrix.svg: it is a link, which is not followed"},
	"a link of evidence":  {lay: all(ran, gone("evidence"), link("../other", "out/evidence")), want: "-o out: evidence: it is a link, which is not followed"},
	"a new link":          {lay: all(mkdir("out"), link("../other", "out/evidence")), want: "-o out: evidence: it is a link, which is not followed"},
	"a link of a row":     {lay: all(ran, gone("evidence/v1.0.0"), link("..", "out/evidence/v1.0.0")), want: "-o out: evidence/v1.0.0: it is a link, which is not followed"},
	"a link of a capture": {lay: all(ran, gone(capture), link("x", "out/"+capture)), want: "-o out: " + capture + ": it is a link, which is not followed"},
	"a folder":            {lay: all(mkdir("out"), mkdir("out/index.html")), want: "-o out: index.html: it is not a regular file"},
	"a file above":        {lay: mine("evidence"), want: "-o out: evidence: it is not a folder"},
}

// TestCheck checks that what is in the way of a run that has one cell with evidence is
// found before the run, with nothing written by it.
func TestCheck(t *testing.T) {
	for title, test := range obstacles {
		t.Run(title, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := errors.Join(os.Mkdir("other", 0o777), os.WriteFile("other/file", []byte("mine\n"), 0o666)); err != nil {
				t.Fatal(err)
			}
			if test.lay != nil {
				if err := test.lay(); err != nil {
					t.Skip(err)
				}
			}
			run := runOf(sample(capture), logFile)
			files := Files{Documents: run.Documents, Rows: []string{"v1.0.0"}, Scenarios: []string{"drop"}}
			before := contents(t)
			checkError(t, Check("out", files), test.want, "")
			if title == "more evidence" || test.want == "" {
				return // what that run writes is not known before
			}
			if err := Publish("out", run, io.Discard); err == nil {
				t.Error("a run writes to it")
			}
			if diff := cmp.Diff(before, contents(t)); diff != "" {
				t.Errorf("-before +after:\n%s", diff)
			}
			files.Force, run.Force = true, true
			forced, written := Check("out", files), Publish("out", run, io.Discard)
			if (forced == nil) != test.forced || (written == nil) != test.forced {
				t.Errorf("with force: %v and %v, want none: %v", forced, written, test.forced)
			}
		})
	}
}

// logFile is a Finder that returns one file.
func logFile(string, string) ([]matrix.EvidenceFile, error) {
	return []matrix.EvidenceFile{{Suffix: ".log", Data: []byte("new")}}, nil
}

// contents returns the contents of all regular files in the current folder, and the
// links.
func contents(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, name := range list(t, ".") {
		to, err := os.Readlink(name)
		if err != nil {
			to = read(t, name)
		}
		all[name] = to
	}
	return all
}

// TestCheckPublished checks that the published results, which earlier versions
// wrote, are taken for this program's.
func TestCheckPublished(t *testing.T) {
	var dirs []string
	for _, pattern := range []string{"../../results/*/results.json", "../../results/*/*/results.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		dirs = append(dirs, found...)
	}
	if len(dirs) == 0 {
		t.Fatal("there are no published results")
	}
	documents := append([]Document{Results(nil)}, Reports(nil, page.Options{})...)
	for _, file := range dirs {
		r, err := Read(t.Context(), file)
		if err == nil {
			err = Check(filepath.Dir(file), Files{Documents: documents}.With(r))
		}
		if err != nil {
			t.Error(err)
		}
	}
}

// TestPublishAfterKill checks that a run replaces and removes the evidence of one
// that was killed before it wrote its results.
func TestPublishAfterKill(t *testing.T) {
	dir := t.TempDir()
	killed := runOf(sample("evidence/v1.0.0/drop.log", "evidence/v1.0.0/drop.txt"), func(string, string) ([]matrix.EvidenceFile, error) {
		return []matrix.EvidenceFile{{Suffix: ".log"}, {Suffix: ".txt"}}, nil
	})
	killed.Documents = []Document{{Name: "results.json", Own: isResults, Write: func(io.Writer) error { return errors.New("killed") }}}
	if err := Publish(dir, killed, io.Discard); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatal(err)
	}
	run := runOf(sample("evidence/v1.0.0/drop.log"), logFile)
	files := Files{Documents: run.Documents, Rows: []string{"v1.0.0"}, Scenarios: []string{"drop"}}
	if err := errors.Join(Check(dir, files), Publish(dir, run, io.Discard)); err != nil {
		t.Fatal(err)
	}
	want := []string{"COMPATIBILITY.md", "evidence/v1.0.0/drop.log", "index.html", "matrix.svg", "results.json"}
	if diff := cmp.Diff(want, list(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
