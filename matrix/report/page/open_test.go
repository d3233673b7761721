//go:build proofs

package page_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// panelText is the text in the panel, empty if it is closed.
const panelText = `document.querySelector("#panel").open ? document.querySelector("#panel").innerText : ""`

// nowFocused is the element with the focus: its ID, or the row and column of a cell.
const nowFocused = `(() => { const e = document.activeElement; return e.tagName === "TD" ? e.parentElement.cells[0].innerText + " " + e.cellIndex : e.id; })()`

// rowIDs are the IDs of the rows, in the order of the table.
const rowIDs = `[...document.querySelectorAll("#grid tbody .r > a")].map((a) => decodeURIComponent(a.getAttribute("href").slice(1)))`

func (b *tab) want(expression, want string) {
	b.t.Helper()
	if got := eval[string](b, expression); got != want {
		b.t.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// TestCopies checks that the program gives each row the sentences that it shares with
// another one, with its own version in them.
func TestCopies(t *testing.T) {
	b := openPage(t, write(t, alike(), page.Options{}), "#v1.0.0", desk)
	const lists = `JSON.stringify([...document.querySelectorAll("%s :is(.do, .sure) > *")].map((e) => e.textContent))`
	want := `["no later release leaks less",` +
		`"or stay, and build with patches: matrixrun fork v1.0.0 --patch fix -o DIR; with it, nothing leaks","what does not help: wait",` +
		`"2 probes: 10 of 10 proven trials of each leaked (95 % interval: 69.0 - 100.0 %)","its checks held"]`
	b.want(strings.Replace(lists, "%s", "#answer", 1), want)
	b.want(strings.Replace(lists, "%s", "details.row:nth-of-type(3)", 1), want)
}

// TestCellByMouse opens a cell and checks everything in the panel.
func TestCellByMouse(t *testing.T) {
	b := openPage(t, write(t, sample(), page.Options{}), "", desk)
	b.click(`tbody td.k`) // of v1.1.0, as newer rows come first
	b.want(`location.hash`, "#v1.1.0/ask-one")
	got := eval[string](b, panelText)
	for _, want := range []string{
		"v1.1.0 / ask-one", "the first question", "leak (connection), 10 of 10 proven trials leaked, 95 % interval 69.0 - 100.0 %",
		"server\tstream 4\t18446744073709551615\tthe stream was reset", "1.5\tclient\tdata 7\tRESET\tstream 4\t9", "2.8\tserver\tdata 3\tCLOSE\tconnection\t0", "2.8\tserver\tdata 3\tACK\tconnection\t0",
		"ask-one.pcapng", "matrixrun show v1.1.0/ask-one", "matrixrun run --only v1.1.0 --scenario ask-one",
		"go1.26.0", "sha256:v1.1.0",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the panel does not have %q:\n%s", want, got)
		}
	}
	b.want(`document.querySelector("#panel a[download]").getAttribute("href")`, "evidence/v1.1.0/ask-one.pcapng")
	b.want(nowFocused, "panel-title")
	b.run(chromedp.KeyEvent(kb.Escape))
	b.want(panelText, "")
	b.want(nowFocused, "v1.1.0 6")
	b.run(chromedp.NavigateBack())
	b.wait(`document.querySelector("#panel").open && location.hash === "#v1.1.0/ask-one"`)
}

// TestCellByKeys moves in the table, past a row without cells, and opens a cell.
func TestCellByKeys(t *testing.T) {
	b := openPage(t, write(t, sample(), page.Options{}), "", desk)
	if n := eval[int](b, `document.querySelectorAll("td[tabindex='0']").length`); n != 1 {
		t.Errorf("%d cells are in the order of the Tab key, want 1", n)
	}
	eval[any](b, `document.querySelector("td[tabindex='0']").focus()`)
	b.want(nowFocused, "v1.2.0 4") // v1.3.0 was not built
	b.run(chromedp.KeyEvent(kb.ArrowUp))
	b.want(nowFocused, "v1.2.0 4")
	b.run(chromedp.KeyEvent(kb.ArrowRight + kb.ArrowRight + kb.ArrowDown))
	b.want(nowFocused, "v1.2.0-rc.1 6")
	b.run(chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.PageDown))
	b.want(nowFocused, "v0.9.01 8") // with its footnote
	b.run(chromedp.KeyEvent(kb.Enter))
	b.want(`location.hash`, "#v0.9.0/wait")
	b.want(nowFocused, "panel-title")
	b.click(`#panel button[aria-label="newer release"]`)
	b.want(`location.hash`, "#v1.0.0/wait")
	b.run(chromedp.KeyEvent(kb.Escape))
	b.want(nowFocused, "v1.0.0 8")
}

// TestAnchors follows links to a row, a cell, a scenario, and to none of them.
func TestAnchors(t *testing.T) {
	b := openPage(t, write(t, since(sample(), matrix.News{Kind: "worse", Text: "ask-two leaks in v1.2.0", Rows: []string{"v1.2.0"}}), page.Options{}), "", desk)
	for _, c := range []struct{ fragment, title, panel string }{
		{"#v1.0.1", "v1.0.1 leaks in 2 of 2 probes", ""},
		{"#v1.1.0%2Bfix", "v1.1.0 + fix is clean: none of 2 probes leaks", ""},
		{"#v1.1.0+fix/ask-two", "", "v1.1.0+fix / ask-two"},
		{"#v1.3.0/ask-two", "", "v1.3.0 / ask-two"},
		{"#s/wait", "", "wait"},
		{"#nothing", "", ""},
		{"#%E0%A4%A", "", ""},
		{"#v1.0.1?r=%E0%A4%A&s=(&k=x&v=%22&c=2&z=1", "v1.0.1 leaks in 2 of 2 probes", ""},
	} {
		b.visit(c.fragment)
		got := eval[answered](b, readAnswer)
		if got.Title != c.title {
			t.Errorf("%s: the answer is %q, want %q", c.fragment, got.Title, c.title)
		}
		if title, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(eval[string](b, `document.querySelector("#panel").open ? document.querySelector("#panel-title").textContent : ""`), " "), "\n"), "\n"); title != c.panel {
			t.Errorf("%s: the panel is %q, want %q", c.fragment, title, c.panel)
		}
	}
	b.visit("")
	b.click("#since a")
	b.want(`location.hash`, "#v1.2.0")
	b.visit("#v1.2.0/ask-two")
	b.click(`#panel-title a`)
	b.want(`location.hash`, "#v1.2.0")
	b.want(`document.querySelector("#box").value`, "v1.2.0")
	b.run(chromedp.NavigateBack())
	b.wait(`location.hash === "#v1.2.0/ask-two" && document.querySelector("#panel").open`)
	b.run(chromedp.KeyEvent(kb.Escape))
}
