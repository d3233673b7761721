package fills

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// A color is linear red, green and blue, from 0 to 1 each.
type color [3]float64

// parse converts #rrggbb from sRGB.
func parse(t *testing.T, hex string) (c color) {
	t.Helper()
	var rgb [3]int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil || len(hex) != 7 || strings.ToLower(hex) != hex {
		t.Fatalf("%q: want #rrggbb, in small letters", hex)
	}
	for i, v := range rgb {
		if f := float64(v) / 255; f <= 0.04045 {
			c[i] = f / 12.92
		} else {
			c[i] = math.Pow((f+0.055)/1.055, 2.4)
		}
	}
	return c
}

// luminance returns the relative luminance of WCAG 2.
func (c color) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// contrast returns the contrast ratio of WCAG 2, from 1 to 21.
func contrast(a, b color) float64 {
	high, low := max(a.luminance(), b.luminance()), min(a.luminance(), b.luminance())
	return (high + 0.05) / (low + 0.05)
}

// sights are matrices that turn linear colours into what eyes with all cones see, and
// eyes without one kind of them (Viénot, Brettel and Mollon, 1999, with one plane for
// tritanopia too).
var sights = map[string][3][3]float64{
	"all cones":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
	"deuteranopia": {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
	"tritanopia":   {{1, 0.14461, -0.14461}, {0, 0.85924, 0.14076}, {0, 0.85924, 0.14076}},
	"no colours":   {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}},
}

// seen returns the colour as eyes see it.
func (c color) seen(by [3][3]float64) (out color) {
	for i, row := range by {
		out[i] = min(1, max(0, row[0]*c[0]+row[1]*c[1]+row[2]*c[2]))
	}
	return out
}

// lab returns the colour in CIELAB, where distances are about as large as they look.
func (c color) lab() [3]float64 {
	f := func(v float64) float64 {
		if v > 0.008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16.0/116
	}
	x := f((0.4124*c[0] + 0.3576*c[1] + 0.1805*c[2]) / 0.95047)
	y := f(0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2])
	z := f((0.0193*c[0] + 0.1192*c[1] + 0.9505*c[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// apart returns the distance of two colours in CIELAB.
func apart(a, b color) float64 {
	p, q := a.lab(), b.lab()
	return math.Sqrt(math.Pow(p[0]-q[0], 2) + math.Pow(p[1]-q[1], 2) + math.Pow(p[2]-q[2], 2))
}

// shades returns the two shades of a fill.
func shades(f Fill) map[string]Shade { return map[string]Shade{"light": f.Light, "dark": f.Dark} }

// TestTextIsReadable checks the contrast of text on every fill.
func TestTextIsReadable(t *testing.T) {
	for _, f := range append([]Fill{Page}, All()...) {
		for side, s := range shades(f) {
			if c := contrast(parse(t, s.Back), parse(t, s.Text)); c < 4.5 {
				t.Errorf("%s, %s: text has a contrast of %.2f on its fill, want 4.5", f.Class, side, c)
			}
		}
	}
}

// TestFillsDiffer checks that fills with different meanings look different to all eyes:
// a distance of 10 is seen at a glance. Without colours, leaks still differ from clean
// cells.
func TestFillsDiffer(t *testing.T) {
	verdicts := []Fill{Clean, Leak, Kills, Flaky, Vacuous, Error}
	for sight, by := range sights {
		for i, a := range verdicts {
			for _, b := range verdicts[:i] {
				if sight == "no colours" && (a.Class != "leak" && a.Class != "kills" || b.Class != "clean") {
					continue
				}
				for side := range shades(a) {
					d := apart(parse(t, shades(a)[side].Back).seen(by), parse(t, shades(b)[side].Back).seen(by))
					if d < 10 {
						t.Errorf("%s, %s: %s and %s are %.1f apart, want 10", sight, side, a.Class, b.Class, d)
					}
				}
			}
		}
	}
}

func TestOf(t *testing.T) {
	cell := func(v matrix.Verdict, s matrix.Severity) matrix.GridCell {
		return matrix.GridCell{Cell: matrix.Cell{Verdict: v, Severity: s}}
	}
	held := cell(matrix.VerdictLeak, matrix.SeveritySevere)
	held.Holds = true
	tests := []struct {
		cell matrix.GridCell
		want string
	}{
		{matrix.GridCell{}, "none"},
		{cell(matrix.VerdictLeak, matrix.SeverityMild), "leak"},
		{cell(matrix.VerdictLeak, matrix.SeveritySevere), "kills"},
		{held, "holds"},
		{cell(matrix.VerdictFlaky, matrix.SeveritySevere), "flaky"},
		{cell(matrix.VerdictClean, ""), "clean"},
		{cell(matrix.VerdictVacuous, ""), "vacuous"},
		{cell(matrix.VerdictError, ""), "error"},
		{cell(matrix.VerdictUnsupported, ""), "unsupported"},
		{cell("of later", ""), "vacuous"},
	}
	for _, test := range tests {
		if got := Of(test.cell).Class; got != test.want {
			t.Errorf("%+v: %s, want %s", test.cell, got, test.want)
		}
	}
}
