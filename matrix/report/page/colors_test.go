package page_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// TestColors checks that the style sheet has the colours of package fills, on both
// a light and a dark page, and a rule for each fill. Cells that were not run, and
// invariants that hold, have the colours of the page around them.
func TestColors(t *testing.T) {
	read := func(name string) string {
		data, err := os.ReadFile("assets/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	light, dark, _ := strings.Cut(read("1-base.css"), "(prefers-color-scheme: dark)")
	want := func(side, css, variable, color string) {
		short := regexp.MustCompile(`^#(.)(.)(.)$`)
		found := regexp.MustCompile(`--` + variable + `: (#[0-9a-f]+);`).FindStringSubmatch(css)
		if len(found) != 2 || short.ReplaceAllString(found[1], "#$1$1$2$2$3$3") != color {
			t.Errorf("%s, --%s: %v, want %s", side, variable, found, color)
		}
	}
	for _, f := range []fills.Fill{fills.Clean, fills.Leak, fills.Kills, fills.Flaky, fills.Vacuous, fills.Error} {
		want("light", light, f.Letter, f.Light.Back)
		want("light", light, f.Letter+"-ink", f.Light.Text)
		want("dark", dark, f.Letter, f.Dark.Back)
		want("dark", dark, f.Letter+"-ink", f.Dark.Text)
	}
	want("light", light, "bad", fills.Bad)
	want("light", light, "good", fills.Good)
	table := read("3-table.css")
	for _, f := range fills.All() {
		if !regexp.MustCompile(`\.` + f.Letter + `[ ,]`).MatchString(table) {
			t.Errorf("there is no rule for the cells of the class %s, %s", f.Letter, f.Class)
		}
	}
}
