//go:build proofs

package page_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// An answered is the answer of the page to a question in the box.
type answered struct {
	Title string   `json:"title"`
	Notes []string `json:"notes"`
	Hash  string   `json:"hash"`
}

const readAnswer = `(() => { const a = document.querySelector("#answer"); return {
	title: a.hidden ? "" : a.querySelector("h2").textContent, notes: [...a.querySelectorAll(".note")].map((e) => e.textContent), hash: location.hash }; })()`

// fill replaces the text in the box, as pasting does.
func fill(b *tab, text string) answered {
	b.t.Helper()
	eval[any](b, `(() => { const box = document.querySelector("#box"); box.focus(); box.select(); })()`)
	if text == "" {
		b.run(chromedp.KeyEvent(kb.Delete))
	} else {
		call(b, input.InsertText, input.InsertTextParams{Text: text})
	}
	return eval[answered](b, readAnswer)
}

// TestAnswers asks the questions that people have: versions, commands, go.mod files.
func TestAnswers(t *testing.T) {
	const (
		leaks = "v1.1.0 leaks in 2 of 2 probes, and 1 of them can kill the connection"
		clean = "v1.0.0 is clean: none of 2 probes leaks"
		old   = "v0.9.0 leaks in 2 of 2 probes, and 2 of them can kill the connection"
	)
	former := "example.org/old/lib is the former path of example.com/lib: a newer release needs other imports."
	indirect := "It comes through another module (// indirect); go get sets it all the same."
	b := openPage(t, write(t, sample(), page.Options{}), "", desk)
	for _, c := range []struct {
		name, text string
		title      string
		notes      []string
		hash       string
	}{
		{"a version", "v1.1.0", leaks, nil, "#v1.1.0"},
		{"without its v", " 1.1.0\n", leaks, nil, "#v1.1.0"},
		{"incompatible", "v1.1.0+incompatible", leaks, nil, "#v1.1.0"},
		{"a patched row", "v1.1.0+fix", "v1.1.0 + fix is clean: none of 2 probes leaks", nil, "#v1.1.0+fix"},
		{"a line of releases", "v1.1", "nothing is known about v1.1.1", []string{"The newest release of v1.1 in the table is v1.1.1."}, "#v1.1.1"},
		{"as go get has it", "go get example.com/lib@v1.0.0", clean, nil, "#v1.0.0"},
		{"an address", "https://pkg.go.dev/example.com/lib@v1.0.0/sub?tab=doc", clean, nil, "#v1.0.0"},
		{"another address", "https://example.com/lib@v1.0.0", "“https://example.com/lib@v1.0.0” is not a version: want one such as v0.1.2, 0.1.2 or v0.1.", nil, ""},
		{"as go list -m has it", "example.com/lib v1.0.0", clean, nil, "#v1.0.0"},
		{"a pre-release", "v1.2.0-rc.1", "v1.2.0-rc.1 leaks in 1 of 2 probes", nil, "#v1.2.0-rc.1"},
		{"a build that failed", "v1.3.0", "v1.3.0 was not tried: build-failed", nil, "#v1.3.0"},
		{"one that is not there", "v1.1.7", "v1.1.7 is not in this table", nil, "#v1.1.7"},
		{"a commit", "v1.1.2-0.20260101120000-0123456789ab", "v1.1.2-0.20260101120000-0123456789ab is not in this table", nil, "#v1.1.2-0.20260101120000-0123456789ab"},
		{"no version", "banana", "“banana” is not a version: want one such as v0.1.2, 0.1.2 or v0.1.", nil, ""},
		{"nothing", "", "", nil, ""},
		{"go.mod", "module m\n\ngo 1.26\n\nrequire example.com/lib v1.0.0\n", clean, nil, "#v1.0.0"},
		{"a block", "module m\nrequire (\n\texample.com/other v1.1.0\n\texample.com/lib v1.0.0 // why\n)\n", clean, nil, "#v1.0.0"},
		{"indirect", "require (\n\texample.com/lib v1.0.0 // indirect\n)\n", clean, []string{indirect}, "#v1.0.0"},
		{"former path", "require example.org/old/lib v0.9.0", old, []string{former}, "#v0.9.0"},
		{"replaced by another version", "require example.com/lib v1.1.0\nreplace example.com/lib => example.com/lib v1.0.0", clean,
			[]string{"A replace line builds example.com/lib v1.0.0 instead of v1.1.0; change that line, because go get has no effect on it."}, "#v1.0.0"},
		{"replaced by a folder", "require example.com/lib v1.0.0\nreplace (\n\texample.com/lib v1.0.0 => ../fork\n)",
			"The folder ../fork is built in place of example.com/lib, and this text does not say what is in it", nil, ""},
		{"replaced by a fork", "require example.com/lib v1.0.0\nreplace example.com/lib => example.com/fork v1.0.1",
			"example.com/fork v1.0.1 is built in place of example.com/lib, and was not measured", nil, ""},
		{"a go.work alone", "go 1.26\nuse ./a\nreplace example.com/lib => example.com/lib v1.0.0", clean,
			[]string{"It is built if some module requires example.com/lib, which this text does not say.", "A replace line builds example.com/lib v1.0.0; change that line, because go get has no effect on it."}, "#v1.0.0"},
		{"made by matrixrun", "require example.com/lib v1.0.0\nreplace example.com/lib => example.com/lib v1.0.1-0.matrixrun.fix.h0123456789ab",
			"v1.0.1-0.matrixrun.fix.h0123456789ab is not in this table", []string{"A replace line builds example.com/lib v1.0.1-0.matrixrun.fix.h0123456789ab instead of v1.0.0; change that line, because go get has no effect on it.",
				"By its version, “matrixrun fork” made it: the command knows by its code which patches it has."}, "#v1.0.1-0.matrixrun.fix.h0123456789ab"},
		{"another version replaced", "require example.com/lib v1.0.0\nreplace example.com/lib v1.1.0 => ../fork", clean, nil, "#v1.0.0"},
		{"excluded only", "module m\nexclude example.com/lib v1.0.0\n",
			"This text names no release of example.com/lib, but that is no all-clear", nil, ""},
		{"its own go.mod", "module example.com/lib\ngo 1.26\n", "It is example.com/lib itself, and this text does not say which version", nil, ""},
		{"windows", "require (\r\n\t\"example.com/lib\" v1.0.0\r\n)\r\n", clean, nil, "#v1.0.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			got := fill(b, c.text)
			if c.notes == nil {
				c.notes = []string{}
			}
			if diff := cmp.Diff(answered{c.title, c.notes, c.hash}, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
	b.t = t
}

// TestAnswerOfAbsent checks that the answer for a version that is not in the table names
// the releases next to it, and how to find out.
func TestAnswerOfAbsent(t *testing.T) {
	b := openPage(t, write(t, sample(), page.Options{SuiteArg: "./my suite"}), "#v1.1.7", desk)
	fill(b, "v0.1.0")
	if got := eval[string](b, `document.querySelector("#answer").innerText`); !strings.Contains(got, "matrixrun check v0.1.0 --from results.json --suite './my suite'") || strings.Contains(got, "matrixrun run") {
		t.Errorf("the answer for a version before all others is\n%s", got)
	}
	fill(b, "example.org/old/lib v0.1.0")
	if got := eval[string](b, `document.querySelector("#answer").innerText`); !strings.Contains(got, "matrixrun check example.org/old/lib@v0.1.0 --from") {
		t.Errorf("the answer for a release before all others is\n%s", got)
	}
	fill(b, "example.com/other@v1.0.0")
	if got := eval[string](b, `document.querySelector("#answer").innerText`); !strings.Contains(got, "matrixrun check example.com/other@v1.0.0 --from") {
		t.Errorf("the answer for a version of another module is\n%s", got)
	}
	fill(b, "module m\ngo 1.26\nrequire example.com/lib v1.1.0\nexclude (\n\texample.com/lib v1.2.0\n\texample.com/other v1.0.0\n)\n")
	if got := eval[string](b, `document.querySelector("#answer .limits").innerText`); !strings.Contains(got, "It excludes v1.2.0: ") {
		t.Errorf("what a go.mod excludes is not said:\n%s", got)
	}
	b.visit("#v1.1.7")
	got := eval[string](b, `document.querySelector("#answer").innerText`)
	for _, want := range []string{"v1.2.0-rc.1 leaks in 1 of 2 probes", "nothing is known about v1.1.1", "matrixrun run --only v1.1.7 './my suite'"} {
		if !strings.Contains(got, want) {
			t.Errorf("the answer does not have %q:\n%s", want, got)
		}
	}
}

// TestAnswerSays checks that an answer has the advice, and that keys alone reach it.
func TestAnswerSays(t *testing.T) {
	b := openPage(t, realPage(t), "", desk)
	version := eval[string](b, rowIDs+`.findLast((id) => !id.includes("+"))`)
	b.typeIn("#box", version+kb.Enter)
	got := eval[string](b, `document.querySelector("#answer").innerText`)
	for _, want := range []string{version + " leaks in ", "What to do\nupgrade to ", "go get ", "How sure that is\n", "10 of 10 proven trials of each leaked", "95 % interval"} {
		if !strings.Contains(got, want) {
			t.Errorf("the answer does not have %q:\n%s", want, got)
		}
	}
	if in := eval[bool](b, `document.activeElement === document.querySelector("#answer h2")`); !in {
		t.Error("Enter does not take the focus to the answer")
	}
	if in := eval[bool](b, `document.querySelector("#answer h2").getBoundingClientRect().bottom < innerHeight`); !in {
		t.Error("the answer is not in view")
	}
	b.click("#clear")
	if got := eval[answered](b, readAnswer); got.Title != "" || got.Hash != "" && got.Hash != "#" {
		t.Errorf("after Clear the page says %+v", got)
	}
}
