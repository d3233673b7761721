package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
)

// Badge writes a small SVG for a README: on its left the suite, on its right a row
// and how it fares. What leaks and what can only be feared is told in words, so that
// the colour adds nothing that cannot be read.
func Badge(w io.Writer, g *matrix.Grid, row string) error {
	a := matrix.Advice{}
	if r := g.Row(row); r != nil {
		a = r.Advice
	}
	label, message := cut(plain(g.Suite), 40), cut(plain(a.Row+" "+fares(a)), 80)
	back := badgeBack(a)
	left, right := badgeWidth(label), badgeWidth(message)
	_, err := fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="%[2]s">
<title>%[2]s</title>
<clipPath id="round"><rect width="%[1]d" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="%[3]d" height="20" fill="#444c56"/><rect x="%[3]d" width="%[4]d" height="20" fill="%[5]s"/></g>
<g fill="#ffffff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
<text x="%[6]d" y="14" textLength="%[7]d">%[8]s</text>
<text x="%[9]d" y="14" textLength="%[10]d">%[11]s</text>
</g>
</svg>
`, left+right, markup(label+": "+message+". "+plain(a.Gist)), left, right, back,
		left/2, left-badgePad, markup(label), left+right/2, right-badgePad, markup(message))
	return err
}

// fares says in a few words how a row does.
func fares(a matrix.Advice) string {
	known := len(a.Leaks) + len(a.Clean)
	switch {
	case a.State != matrix.StateOK && a.State != "":
		return "unknown"
	case a.Affected:
		return fmt.Sprintf("leaks in %d of %d", len(a.Leaks), known)
	case known == 0:
		return "unknown"
	case len(a.Unknown) > 0:
		return fmt.Sprintf("clean in %d of %d", len(a.Clean), known+len(a.Unknown))
	default:
		return "clean"
	}
}

// badgeBack is the colour on the right: white text is readable on each.
func badgeBack(a matrix.Advice) string {
	switch {
	case a.State != matrix.StateOK || len(a.Leaks)+len(a.Clean) == 0:
		return "#6a737d"
	case len(a.Kills) > 0:
		return fills.Kills.Light.Back
	case a.Affected:
		return fills.Bad
	default:
		return fills.Good
	}
}

// badgePad is what lies beside a text, left and right together.
const badgePad = 12

// badgeWidth is about how many pixels a text takes. It need not be exact: textLength
// makes every font fit, and shows letters far apart where it is far off.
func badgeWidth(text string) int {
	width := badgePad
	for _, r := range text {
		switch {
		case strings.ContainsRune("fijlrtI.,:;'|!()[] -", r):
			width += 4
		case strings.ContainsRune("mwMW@%…", r):
			width += 10
		default:
			width += 7
		}
	}
	return width
}

// Newest returns the ID of the newest release as it is, no pre-release where there
// is another; empty where there is none.
func Newest(g *matrix.Grid) string {
	newest := ""
	for _, row := range slices.Backward(g.Rows) {
		switch {
		case len(row.Patches) > 0:
		case !matrix.IsPrerelease(row.Source.Version):
			return row.ID
		case newest == "":
			newest = row.ID
		}
	}
	return newest
}
