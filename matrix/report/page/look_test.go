//go:build proofs

package page_test

import (
	"os"
	"path"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// TestLook takes pictures of the page. With PAGE_SHOTS=DIR there are more of them, for
// people to look at.
func TestLook(t *testing.T) {
	dark, phone := look{width: 1300, height: 1100, dark: true}, look{width: 360, height: 740, mobile: true}
	table := `document.querySelector("#table").scrollIntoView({behavior: "instant"})`
	b := openPage(t, realPage(t), "", desk)
	for i, shot := range []struct {
		name, fragment string
		as             look
		then           string
	}{
		{"light", "", look{width: 1300, height: 1400}, ""},
		{"answer", "#v0.47.0", desk, ""},
		{"answer-dark", "#v0.47.0", dark, ""},
		{"table-dark", "", dark, table},
		{"cell", "#v0.47.0/after-idle", desk, ""},
		{"cell-dark", "#v0.65.0/closed-write", dark, ""},
		{"absent", "#v0.50.7", desk, ""},
		{"scenario", "#s/after-idle", desk, ""},
		{"filter", "#?r=v0.44..v0.50&c=1&k=probes", desk, table},
		{"verdict", "#?v=k", desk, table},
		{"phone", "#v0.47.0", phone, ""},
		{"phone-cell", "#v0.47.0/after-idle", phone, ""},
		{"phone-table", "", look{width: 360, height: 740, mobile: true, dark: true}, table},
		{"plain", "", look{width: 1300, height: 1400, noScript: true}, `document.querySelector("#releases").scrollIntoView({behavior: "instant"})`},
		{"end", "", desk, `scrollTo(0, 1e6)`},
	} {
		if os.Getenv("PAGE_SHOTS") == "" && i%5 > 0 {
			continue
		}
		b.present(shot.as)
		b.visit(shot.fragment)
		if shot.then != "" {
			eval[any](b, shot.then)
		}
		b.shot(shot.name)
	}
	target := published(t).Target
	fill(b, "module example.com/app\n\ngo 1.26\n\nrequire (\n\t"+target+" v0.47.0\n\texample.com/fork/"+path.Base(target)+" v0.61.0\n)\n")
	b.shot("build")
	b.present(phone)
	b.shot("build-phone")
	patched := openPage(t, write(t, since(sample(), matrix.News{Kind: "worse", Text: "ask-two leaks in v1.2.0", Rows: []string{"v1.2.0"}}, matrix.News{Kind: "new", Text: "v1.3.0 is new", Rows: []string{"v1.3.0"}}), page.Options{}), "#v1.1.0", desk)
	patched.shot("patched")
	patched.visit("#v1.0.1/ask-two")
	patched.shot("patched-cell")
	// The width of A4 landscape without its margins.
	b.present(look{width: 1047, height: 1400, print: true})
	b.visit("")
	b.shot("print")
	eval[any](b, table)
	b.shot("print-table")
}
