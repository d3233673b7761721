//go:build proofs

package page_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browsers are the commands of the browsers that can run the tests.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

// patience is how long a test waits for the browser. The machine may be busy.
const patience = 5 * time.Minute

// browser is the browser that all tests share, because starting one takes longer than
// the tests. stopBrowser ends it and its processes.
var (
	browser     = sync.OnceValues(startBrowser)
	stopBrowser = func() {}
)

// startBrowser returns the context to open tabs in, nil if there is no browser.
func startBrowser() (context.Context, error) {
	for _, name := range browsers {
		command, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		// Chromium's sandbox does not work for root in a container.
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath(command), chromedp.WSURLReadTimeout(patience))
		allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, stop := chromedp.NewContext(allocator)
		stopBrowser = func() { stop(); stopAllocator() }
		return ctx, chromedp.Do(ctx)
	}
	return nil, nil // a missing browser is not a mistake
}

func TestMain(m *testing.M) {
	code := m.Run()
	stopBrowser()
	os.Exit(code)
}

// needBrowser returns the shared browser, or skips the test if there is none.
func needBrowser(t *testing.T) context.Context {
	t.Helper()
	ctx, err := browser()
	if err != nil {
		t.Fatal("starting the browser: ", err)
	}
	if ctx == nil {
		t.Skip("no browser: install one of ", strings.Join(browsers, ", "))
	}
	return ctx
}

// A tab shows a page and records what the page must not do: requests for anything
// else, errors, dialogs. TestBreaches checks that it sees them.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string

	mu    sync.Mutex
	asked []string // URLs
	wrong []string // what was reported on the console, and dialogs
}

// A look is the screen that a tab pretends to have.
type look struct {
	width, height int64
	dark, mobile  bool
	noScript      bool
	print         bool
}

var desk = look{width: 1300, height: 900}

// openPage opens HTML in a new tab, at a fragment such as "#v1.0.0". The test fails at
// its end if the tab has recorded anything.
func openPage(t *testing.T, html []byte, fragment string, as look) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(file, html, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewContext(needBrowser(t))
	ctx, cancel := context.WithTimeout(ctx, patience)
	b := &tab{t: t, ctx: ctx, url: "file://" + filepath.ToSlash(file)}
	t.Cleanup(func() {
		for _, breach := range b.breaches() {
			b.t.Error("in the browser: ", breach)
		}
		cancel()
		stop()
	})
	b.run(chromedp.Steps()) // which makes the tab, so that it can be listened to
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	call(b, network.Enable, network.EnableParams{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, log.Enable, cdp.Empty{})
	b.present(as)
	b.visit(fragment)
	return b
}

// present gives the tab another screen.
func (b *tab) present(as look) {
	b.t.Helper()
	scheme, media := "light", ""
	if as.print {
		media = "print"
	}
	if as.dark {
		scheme = "dark"
	}
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: as.width, Height: as.height, DeviceScaleFactor: 1, Mobile: as.mobile})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: as.noScript})
}

// visit loads the page again, at a fragment.
func (b *tab) visit(fragment string) {
	b.t.Helper()
	b.run(chromedp.Navigate("about:blank"), chromedp.Navigate(b.url+fragment))
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.wrong = append(b.wrong, fmt.Sprint("exception: ", e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		b.wrong = append(b.wrong, fmt.Sprint("console: ", e.Type))
	case *log.EventEntryAdded: // breaches of the page's own policy, too
		b.wrong = append(b.wrong, fmt.Sprintf("log: %s: %s", e.Entry.Source, e.Entry.Text))
	case *page.EventJavascriptDialogOpening:
		b.wrong = append(b.wrong, "dialog: "+e.Message)
	}
}

// breaches returns what the tab has recorded, and forgets it.
func (b *tab) breaches() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, url := range b.asked {
		own, _, _ := strings.Cut(url, "#")
		if own != b.url && url != "about:blank" && !strings.HasPrefix(url, "data:") {
			out = append(out, "the page asked for "+url)
		}
	}
	out = append(out, b.wrong...)
	b.asked, b.wrong = nil, nil
	return out
}

// run runs actions in the tab.
func (b *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal("in the browser: ", err)
	}
}

// call sends a command of the browser's protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// eval evaluates an expression in the page.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("evaluating %s: %v", expression, err)
	}
	return value
}

// typeIn types into a field, key by key.
func (b *tab) typeIn(field, keys string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf("document.querySelector(%q).focus()", field))
	b.run(chromedp.KeyEvent(keys))
}

// click clicks in the middle of an element, which must not be behind another one.
func (b *tab) click(selector string) {
	b.t.Helper()
	at := eval[*[2]float64](b, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		if (!e) return null;
		e.scrollIntoView({block: "center", behavior: "instant"});
		const {left, top, width, height} = e.getBoundingClientRect(), x = left + width / 2, y = top + height / 2;
		return e.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
	})()`, selector))
	if at == nil {
		b.t.Fatalf("%s cannot be clicked", selector)
	}
	b.run(chromedp.MouseClickXY(at[0], at[1]))
}

// wait waits until an expression is true in the page.
func (b *tab) wait(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(patience))); err != nil {
		b.t.Fatalf("waiting for %s: %v\nthe page is at %s", expression, err, eval[string](b, "location.hash"))
	}
}

// shot takes a picture of the tab and checks that it is not blank. If PAGE_SHOTS names
// a folder, it keeps the picture there for people to look at.
func (b *tab) shot(name string) {
	b.t.Helper()
	data, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		b.t.Fatal(err)
	}
	colors := make(map[[3]uint32]bool)
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 3 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 3 {
			r, g, b, _ := picture.At(x, y).RGBA()
			colors[[3]uint32{r, g, b}] = true
		}
	}
	if len(colors) < 10 {
		b.t.Errorf("picture %s has %d colours: is it blank?", name, len(colors))
	}
	if dir := os.Getenv("PAGE_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o666); err != nil {
			b.t.Error(err)
		}
	}
}
