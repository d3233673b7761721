//go:build proofs

package page_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// contrasts lists the texts with a contrast below 4.5, the least for small text in WCAG
// 2.2 (1.4.3). The background of a text is that of the first ancestor that has one.
const contrasts = `(() => {
	const parts = (color) => { const n = color.match(/[\d.]+/g).map(Number); return color.startsWith("color") ? [...n.slice(0, 3).map((v) => v * 255), n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
	const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (e) => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
	const seen = new Set(), low = [];
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.getClientRects().length === 0 || getComputedStyle(e).visibility === "hidden") continue;
		const ink = getComputedStyle(e).color, paper = behind(e), key = ink + paper;
		if (seen.has(key)) continue;
		seen.add(key);
		const [a, b] = [light(parts(ink)), light(paper)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5) low.push(e.tagName + "." + e.className + " " + ink + " on " + paper + ": " + ratio.toFixed(2));
	}
	return {low, seen: seen.size};
})()`

// lightness returns the relative luminance of fills.
const lightness = `Object.fromEntries(["l", "k", "c"].map((name) => {
	const n = getComputedStyle(document.querySelector("tbody td." + name + ":not(.h)")).backgroundColor.match(/[\d.]+/g).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
	return [name, 0.2126 * n[0] + 0.7152 * n[1] + 0.0722 * n[2]];
}))`

// TestContrast checks the colours that the browser draws.
func TestContrast(t *testing.T) {
	b := openPage(t, write(t, since(sample(), matrix.News{Kind: "worse", Text: "one"}), page.Options{}), "#v1.1.0", desk)
	for _, as := range []look{desk, {width: 1300, height: 900, dark: true}} {
		for _, fragment := range []string{"#v1.1.0", "#v1.1.7", "#v1.0.1/ask-one"} {
			b.present(as)
			b.visit(fragment)
			got := eval[struct {
				Low  []string `json:"low"`
				Seen int      `json:"seen"`
			}](b, contrasts)
			if len(got.Low) > 0 || got.Seen < 8 {
				t.Errorf("dark %v, %s: of %d pairs of colours these are too near:\n%s", as.dark, fragment, got.Seen, strings.Join(got.Low, "\n"))
			}
		}
		// Leaks and clean cells differ even without any hue.
		light := eval[map[string]float64](b, lightness)
		for _, pair := range []string{"lk", "lc", "kc"} {
			x, y := light[pair[:1]], light[pair[1:]]
			if ratio := (max(x, y) + 0.05) / (min(x, y) + 0.05); ratio < 1.5 {
				t.Errorf("dark %v: the fills of %s differ in lightness by %.2f, want 1.5", as.dark, pair, ratio)
			}
		}
	}
}

// TestPhone checks that only the table scrolls sideways on a phone.
func TestPhone(t *testing.T) {
	phone := look{width: 360, height: 740, mobile: true}
	for name, html := range map[string][]byte{"published": realPage(t), "hostile": write(t, hostile(), page.Options{})} {
		b := openPage(t, html, "", phone)
		id := eval[string](b, rowIDs+".at(-1)")
		scenario := eval[string](b, `JSON.parse(document.querySelector("#data").textContent).scenarios.at(-1).name`)
		for _, hash := range []string{"", id, id + "/" + scenario} {
			eval[any](b, fmt.Sprintf(`location.hash = "#" + encodeURIComponent(%q)`, hash))
			eval[any](b, `document.querySelectorAll("details.all").forEach((e) => { e.open = true; })`)
			if wide := eval[int](b, `Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)`); wide > 360 {
				t.Errorf("%s at %q: the page is %d pixels wide, want 360", name, hash, wide)
			}
		}
		if inner := eval[bool](b, `(() => { const e = document.querySelector(".scroll"); return e.scrollWidth > e.clientWidth; })()`); !inner && name == "published" {
			t.Errorf("%s: the table does not scroll, so that columns cannot be reached", name)
		}
	}
}

// TestSticks checks that the head and the first column stick, whether the window
// scrolls or the table.
func TestSticks(t *testing.T) {
	b := openPage(t, realPage(t), "", desk)
	eval[any](b, `document.querySelector("#grid tbody:last-child").scrollIntoView({block: "end", behavior: "instant"})`)
	if top := eval[float64](b, `document.querySelector("#grid thead").getBoundingClientRect().top`); top != 0 {
		t.Errorf("the head is at %v, want at the top of the window", top)
	}
	b.present(look{width: 500, height: 700})
	b.visit("")
	eval[any](b, `document.querySelector(".scroll").scrollTo(500, 500)`)
	if got := eval[[]float64](b, `(() => { const box = document.querySelector(".scroll").getBoundingClientRect(), at = document.querySelector("#grid thead .r").getBoundingClientRect(); return [at.left - box.left, Math.round(at.top - box.top)]; })()`); got[0] != 0 || got[1] > 1 {
		t.Errorf("the corner of the head is %v off that of the table", got)
	}
}

// TestWithoutScript checks that the table, the advice and the footnotes are there
// without JavaScript.
func TestWithoutScript(t *testing.T) {
	b := openPage(t, write(t, sample(), page.Options{}), "#v1.1.0", look{width: 1300, height: 900, noScript: true})
	got := eval[string](b, `document.querySelector("header").textContent + document.querySelector("main").textContent`)
	for _, want := range []string{
		"v1.1.0 leaks in 2 of 2 probes", "The answer, release by release", "ask-one", "the first question", "3 of 10 trials", "rehomed from example.org/old/lib", "not as expected",
		"build-failed", "1.2.3", "sha256:repro", "COMPATIBILITY.md",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without JavaScript the page does not have %q", want)
		}
	}
	for _, selector := range []string{"#ask", "#filters", "#answer", "#keys", "#panel"} {
		if eval[bool](b, fmt.Sprintf(`document.querySelector(%q).getClientRects().length > 0`, selector)) {
			t.Errorf("%s is shown, and does not work without JavaScript", selector)
		}
	}
	if n := eval[int](b, `document.querySelectorAll("#grid tbody td:not(.at, .n, .fx, .s)").length`); n != 8*5 {
		t.Errorf("the table has %d cells, want 8 rows of 5", n)
	}
	if !eval[bool](b, `document.querySelector("details:target").id === "v1.1.0"`) {
		t.Error("the link to a release leads nowhere")
	}
}

// TestCellsSpeak checks that the colours and marks of cells are there in words too.
func TestCellsSpeak(t *testing.T) {
	b := openPage(t, write(t, sample(), page.Options{}), "", desk)
	labels := eval[map[string]string](b, `Object.fromEntries([...document.querySelectorAll("#grid tbody td:not(.at, .n, .fx, .s)")].map((td) => [td.className, td.getAttribute("aria-label")]))`)
	for class, want := range map[string]string{
		"c": "clean", "c h": "clean, as it must be", "l h": "leak, as it must be", "k": "leak, can kill the connection",
		"f b": "flaky 3/10, the first that leaks", "c g": "clean, the first that is clean again", "l d b": "leak, not as expected, the first that leaks",
	} {
		if labels[class] != want {
			t.Errorf("a cell of class %q is labelled %q, want %q", class, labels[class], want)
		}
	}
}

// TestHostile opens everything in a page of hostile results. openPage fails the test if
// anything runs, is fetched, or is an error.
func TestHostile(t *testing.T) {
	b := openPage(t, write(t, since(hostile(), matrix.News{Kind: "<b>", Text: "</script><script>alert(1)</script>", Rows: []string{"javascript:alert(1)"}}), page.Options{}), "", desk)
	if got := eval[string](b, `[...document.querySelectorAll("img, iframe, object, script:not(:first-of-type)")].map((e) => e.outerHTML.slice(0, 60)).join()`); strings.Contains(got, "onerror") {
		t.Errorf("a text became markup: %s", got)
	}
	open := `(() => { for (const td of document.querySelectorAll("#grid tbody td[aria-label]")) {
		td.click();
		if (!document.querySelector("#panel").open) return "no panel for " + location.hash;
		for (const a of document.querySelectorAll("#panel a[download]")) if (!/^evidence\/[^:]*$/.test(a.getAttribute("href"))) return a.href;
	} for (const a of document.querySelectorAll("#grid a, #scenarios a")) a.click(); return document.querySelectorAll("img, iframe").length + " images"; })()`
	b.want(open, "0 images")
	for _, text := range []string{`</script><img src=x onerror=alert(1)>`, "require x v1.0.0\nreplace x => <img src=x onerror=alert(1)> v1.0.0"} {
		fill(b, text)
	}
	if hidden := eval[bool](b, `/[\u0000-\u0008\u202a-\u202e]/.test(document.body.innerText)`); hidden {
		t.Error("the page has invisible characters, or some that change the reading direction")
	}
}

// TestBreaches checks that a tab records what a page must not do.
func TestBreaches(t *testing.T) {
	b := openPage(t, []byte(`<!doctype html><img src="other.png"><script>console.log("hello"); throw new Error("no");</script>`), "", desk)
	got := strings.Join(b.breaches(), "\n")
	for _, want := range []string{"asked for file://", "other.png", "console: log", "exception: "} {
		if !strings.Contains(got, want) {
			t.Errorf("the tab did not see %q:\n%s", want, got)
		}
	}
	changed := bytes.Replace(realPage(t), []byte("<main>"), []byte(`<main><img src="https://example.com/x.png" onerror="alert(1)">`), 1)
	b = openPage(t, changed, "", desk)
	if got := strings.Join(b.breaches(), "\n"); !strings.Contains(got, "Content Security Policy") {
		t.Errorf("the page's policy allows foreign markup:\n%s", got)
	}
}

// TestLittleInBrowser checks tables without rows and without columns.
func TestLittleInBrowser(t *testing.T) {
	for _, r := range []*matrix.Results{
		{Suite: "example", Target: "example.com/lib", Scenarios: testScenarios},
		{Suite: "example", Target: "example.com/lib", Rows: []matrix.RowResult{testRow("v1.0.0", "", nil)}},
	} {
		b := openPage(t, write(t, r, page.Options{}), "#?v=l", desk)
		if got := fill(b, "v2.0.0"); got.Title != "v2.0.0 is not in this table" {
			t.Errorf("the answer is %+v", got)
		}
	}
}

// TestMany checks that a page with 1,000 rows loads, and filters in reasonable time.
func TestMany(t *testing.T) {
	r := many(t, 1000)
	html := write(t, r, page.Options{})
	small := len(write(t, many(t, 100), page.Options{}))
	if len(html) > 12*small {
		t.Errorf("1,000 rows take %d bytes, 100 take %d: it grows faster than the rows", len(html), small)
	}
	b := openPage(t, html, "#v1.55.5", desk)
	b.want(`document.querySelector("#answer h2").textContent.split(" ")[0]`, "v1.55.5")
	ms := eval[float64](b, `(() => { const from = performance.now(); location.hash = "#?v=l&c=1"; dispatchEvent(new HashChangeEvent("hashchange")); document.body.offsetHeight; return performance.now() - from; })()`)
	if ms > 10_000 {
		t.Errorf("a filter takes %.0f ms", ms)
	}
	t.Logf("%d bytes, loaded in %.0f ms, filtered in %.0f ms", len(html), eval[float64](b, `performance.getEntriesByType("navigation")[0].loadEventEnd`), ms)
	eval[any](b, `location.hash = "#v1.99.9/`+r.Scenarios[5].Name+`"`)
	b.wait(`document.querySelector("#panel").open`)
}

// TestPrints checks the number of pages in print.
func TestPrints(t *testing.T) {
	b := openPage(t, realPage(t), "", desk)
	start := time.Now()
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Count(string(pdf), "/Type /Page\n")
	t.Logf("%d bytes, %d pages, %s", len(pdf), pages, time.Since(start))
	if pages < 2 || pages > 8 {
		t.Errorf("the PDF has %d pages, want 2 to 8", pages)
	}
	if dir := os.Getenv("PAGE_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "print.pdf"), pdf, 0o666); err != nil {
			t.Error(err)
		}
	}
	b.present(look{width: 1047, height: 700, print: true}) // A4 across, without its margins
	if wide := eval[int](b, `document.documentElement.scrollWidth`); wide > 1047 {
		t.Errorf("on paper the page is %d pixels wide, want 1047", wide)
	}
}
