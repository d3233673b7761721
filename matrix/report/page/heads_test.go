package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// TestHeads checks that the table names the families above their columns, with what a
// program does there, and the use of all other columns.
func TestHeads(t *testing.T) {
	r := sample()
	probes := 0
	for _, s := range r.Scenarios {
		if s.Kind == matrix.KindProbe {
			probes++
			r.Families = append(r.Families, matrix.Family{Name: fmt.Sprintf("way%d", probes), Title: "you try " + s.Name, Scenarios: []string{s.Name}})
		}
	}
	html := string(write(t, r, page.Options{}))
	for _, f := range r.Families {
		if want := fmt.Sprintf(`<th class="kind" colspan="1" scope="colgroup" title=%q>%s</th>`, f.Title, f.Name); !strings.Contains(html, want) {
			t.Errorf("the table has no %s", want)
		}
	}
	if probes < 2 || strings.Contains(html, ">probes</th>") || !strings.Contains(html, ">checks</th>") {
		t.Errorf("%d probes, which have the head of their use", probes)
	}
}
