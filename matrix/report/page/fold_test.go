//go:build proofs

package page_test

import (
	"testing"
)

// TestFold checks that the answer for a release is on the first screen, on a phone and on a
// desk, and that the timeline follows it: how the release fares, in which ways, and the
// beginning of what to do.
func TestFold(t *testing.T) {
	const version = "v0.50.1"
	for name, as := range map[string]look{"phone": {width: 390, height: 844, mobile: true}, "desk": {width: 1280, height: 800}} {
		b := openPage(t, realPage(t), "", as)
		fill(b, version)
		if at := eval[float64](b, `scrollY`); at != 0 {
			t.Errorf("%s: the page has scrolled by %.0f pixels", name, at)
		}
		for _, part := range []string{"h2", ".ways li:last-child", "h3"} {
			bottom := eval[float64](b, `document.querySelector("#answer .card `+part+`")?.getBoundingClientRect().bottom ?? 1e9`)
			t.Logf("%s: %s ends at %.0f of %d", name, part, bottom, as.height)
			if bottom > float64(as.height) {
				t.Errorf("%s: %s of the answer ends at %.0f, below the first screen", name, part, bottom)
			}
		}
		if n := eval[int](b, `document.querySelectorAll("#time .stripe").length`); n != len(published(t).Families) || n == 0 {
			t.Errorf("%s: %d stripes, want %d", name, n, len(published(t).Families))
		}
		if got := eval[bool](b, `document.querySelector("#mark") !== null && document.documentElement.scrollWidth <= innerWidth`); !got {
			t.Errorf("%s: the release is not marked in the timeline, or the page is too wide", name)
		}
		b.shot("fold-" + name)
		eval[any](b, `document.querySelector("#answers").scrollIntoView({behavior: "instant"})`)
		b.shot("timeline-" + name)
	}
}
