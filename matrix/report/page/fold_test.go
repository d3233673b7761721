//go:build proofs

package page_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// TestFold checks for each suite that the answer for a release is on the first screen, on a
// phone and on a desk, and that the timeline follows it: how the release fares, in which
// ways, and the beginning of what to do.
func TestFold(t *testing.T) {
	suites, err := readSuites()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range suites {
		html := write(t, r, page.Options{})
		for name, as := range map[string]look{"phone": {width: 390, height: 844, mobile: true}, "desk": {width: 1280, height: 800}} {
			t.Run(r.Suite+" on a "+name, func(t *testing.T) { checkFold(t, r, html, r.Suite+"-"+name, as) })
		}
	}
}

// checkFold checks the page of results on one screen, and takes pictures with a name.
func checkFold(t *testing.T, r *matrix.Results, html []byte, name string, as look) {
	const version = "v0.50.1"
	b := openPage(t, html, "", as)
	fill(b, version)
	if at := eval[float64](b, `scrollY`); at != 0 {
		t.Errorf("the page has scrolled by %.0f pixels", at)
	}
	for _, part := range []string{"h2", ".ways li:last-child", "h3"} {
		bottom := eval[float64](b, `document.querySelector("#answer .card `+part+`")?.getBoundingClientRect().bottom ?? 1e9`)
		t.Logf("%s ends at %.0f of %d", part, bottom, as.height)
		if bottom > float64(as.height) {
			t.Errorf("%s of the answer ends at %.0f, below the first screen", part, bottom)
		}
	}
	if n := eval[int](b, `document.querySelectorAll("#time .stripe").length`); n != len(r.Families) || n == 0 {
		t.Errorf("%d stripes, want %d", n, len(r.Families))
	}
	if got := eval[bool](b, `document.querySelector("#mark") !== null && document.documentElement.scrollWidth <= innerWidth`); !got {
		t.Error("the release is not marked in the timeline, or the page is too wide")
	}
	b.shot("fold-" + name)
	eval[any](b, `document.querySelector("#answers").scrollIntoView({behavior: "instant"})`)
	b.shot("timeline-" + name)
	f := r.Families[0]
	b.visit("#" + version + "/" + f.Scenarios[0])
	if got := eval[string](b, panelText); !strings.Contains(got, "It shows what happens if "+f.Title+".") {
		t.Errorf("the panel of a cell does not say which way it is about:\n%s", got)
	}
}

// covering lists the labels in timelines that cover another one of theirs, or are cut off.
const covering = `[...document.querySelectorAll(".turns")].flatMap((ul) => {
	const at = [...ul.children].map((li) => li.getBoundingClientRect());
	return [...ul.children].filter((li, i) => at[i].left < 0 || at[i].right > innerWidth ||
		at.some((b, k) => k < i && at[i].left < b.right && b.left < at[i].right && at[i].top < b.bottom - 1 && b.top < at[i].bottom - 1)).map((li) => li.textContent);
})`

// TestLabels checks for each suite that no label in its timeline covers another one, on
// screens of any width.
func TestLabels(t *testing.T) {
	suites, err := readSuites()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range suites {
		b := openPage(t, write(t, r, page.Options{}), "", desk)
		for _, width := range []int64{360, 500, 700, 850, 1000, 1060, 1280, 1800} {
			b.present(look{width: width, height: 800, mobile: width < 600})
			b.visit("#v0.65.0")
			if got := eval[[]string](b, covering); len(got) > 0 {
				t.Errorf("%s, %d pixels wide: these labels cover others, or are cut off: %q", r.Suite, width, got)
			}
			if wide := eval[int64](b, `document.documentElement.scrollWidth`); wide > width {
				t.Errorf("%s, %d pixels wide: the page takes %d pixels", r.Suite, width, wide)
			}
		}
	}
}

// TestIndexLook checks the colours of the index, and that it fits on any screen.
func TestIndexLook(t *testing.T) {
	suites, err := readSuites()
	if err != nil {
		t.Fatal(err)
	}
	var listed []page.Listed
	for _, r := range suites {
		listed = append(listed, page.Listed{Folder: r.Suite, Table: grid.New(r)})
	}
	var html bytes.Buffer
	if err := page.WriteIndex(&html, listed); err != nil {
		t.Fatal(err)
	}
	b := openPage(t, html.Bytes(), "", desk)
	for _, as := range []look{{width: 360, height: 740, mobile: true}, {width: 800, height: 800}, {width: 1280, height: 800}, {width: 1280, height: 800, dark: true}} {
		b.present(as)
		b.visit("")
		if got := eval[struct {
			Low  []string `json:"low"`
			Seen int      `json:"seen"`
		}](b, contrasts); len(got.Low) > 0 || got.Seen < 5 {
			t.Errorf("%+v: of %d pairs of colours these are too near: %q", as, got.Seen, got.Low)
		}
		if wide := eval[int64](b, `document.documentElement.scrollWidth`); wide > as.width {
			t.Errorf("%+v: the index is %d pixels wide", as, wide)
		}
	}
}
