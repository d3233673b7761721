//go:build proofs

package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// shownRows and shownColumns list the rows and columns that are not hidden.
const (
	shownRows    = `[...document.querySelectorAll("#grid tbody tr")].filter((e) => !e.hidden).map((e) => e.querySelector("a").textContent).join(" ")`
	shownColumns = `[...document.querySelectorAll("#grid thead tr:last-child th")].filter((e) => !e.hidden).map((e) => e.textContent).join(" ")`
)

// TestFilters checks each filter in the URL of a link.
func TestFilters(t *testing.T) {
	const rows, columns = "v1.3.0 v1.2.0 v1.2.0-rc.1 v1.1.1 v1.1.0 + fix v1.0.1 v1.0.0 v0.9.0", "control planted ask-one ask-two wait"
	b := openPage(t, write(t, sample(), page.Options{}), "", desk)
	for _, c := range []struct{ query, rows, columns string }{
		{"", rows, columns},
		{"r=v1.0..v1.1.0", "v1.1.0 + fix v1.0.1 v1.0.0", columns},
		{"r=..v1.0", "v1.0.1 v1.0.0 v0.9.0", columns},
		{"r=%3E%3D1.1%20%3C1.2", "v1.1.1 v1.1.0 + fix", columns},
		{"r=%2Bfix", "+ fix", columns},
		{"s=ask", rows, "ask-one ask-two"},
		{"s=*-two", rows, "ask-two"},
		{"k=checks", rows, "control planted"},
		{"k=workarounds", rows, "wait"},
		{"v=k", "v1.1.0 v0.9.0", "ask-one ask-two"},
		{"v=d", "v1.0.1", "ask-one"},
		{"c=1&s=two", "v1.2.0-rc.1 v1.1.1 v1.1.0 v1.0.1 v1.0.0", "ask-two"},
		{"r=nothing", "", columns},
	} {
		b.visit("#?" + c.query)
		b.want(shownRows, c.rows)
		b.want(shownColumns, c.columns)
	}
}

// TestFilterStays checks that filters that are set by hand survive a reload and Back.
func TestFilterStays(t *testing.T) {
	b := openPage(t, write(t, sample(), page.Options{}), "", desk)
	b.typeIn("#f-r", "v1.0..")
	b.typeIn("#f-s", "ask*")
	eval[any](b, `(() => { const e = document.querySelector("#f-v"); e.value = "f"; e.dispatchEvent(new Event("input", {bubbles: true})); })()`)
	b.want(`location.hash`, "#?r=v1.0..&s=ask*&v=f")
	b.want(shownRows, "v1.0.1")
	b.run(chromedp.Reload())
	b.want(shownRows, "v1.0.1")
	b.want(shownColumns, "ask-two")
	b.want(`[...document.querySelectorAll("#filters input, #filters select")].map((e) => e.value).join(" ")`, "v1.0.. ask*  f on")
	b.click("tbody td.f")
	b.want(`location.hash`, "#v1.0.1/ask-two?r=v1.0..&s=ask*&v=f")
	b.run(chromedp.KeyEvent(kb.Escape))
	b.click("#f-x")
	b.want(shownColumns, "control planted ask-one ask-two wait")
	b.run(chromedp.NavigateBack())
	b.wait(`location.hash === "#?r=v1.0..&s=ask*&v=f"`)
	b.wait(shownRows + ` === "v1.0.1"`)
}
