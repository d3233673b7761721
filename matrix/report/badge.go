package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report/fills"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Badge writes a small SVG for a README: the suite on the left, and on the right
// how the row with an ID fares. It says so in words too; the colour adds nothing.
func Badge(w io.Writer, g *matrix.Grid, row string) error {
	a := matrix.Advice{}
	if r := g.Row(row); r != nil {
		a = r.Advice
	}
	label, message := text.Cut(plain(g.Suite), 40), text.Cut(plain(a.Row+" "+fares(a, g.Words)), 80)
	left, right := badgeWidth(label), badgeWidth(message)
	return emitMarkup(w, fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="%[2]s">
<title>%[2]s</title>
<clipPath id="round"><rect width="%[1]d" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="%[3]d" height="20" fill="#444c56"/><rect x="%[3]d" width="%[4]d" height="20" fill="%[5]s"/></g>
<g fill="#ffffff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
<text x="%[6]d" y="14" textLength="%[7]d">%[8]s</text>
<text x="%[9]d" y="14" textLength="%[10]d">%[11]s</text>
</g>
</svg>
`, left+right, markup(label+": "+message+". "+plain(a.Gist)), left, right, badgeBack(a),
		left/2, left-badgePad, markup(label), left+right/2, right-badgePad, markup(message)))
}

// fares says in a few words how a row does: "leaks in 2 of 3", "clean". A row without a
// known verdict is never called clean.
func fares(a matrix.Advice, w matrix.Words) string {
	known := len(a.Leaks) + len(a.Clean)
	switch {
	case a.State != matrix.StateOK && a.State != "":
		return "unknown"
	case a.Affected:
		return fmt.Sprintf("%s in %d of %d", w.Leak.After(1), len(a.Leaks), known)
	case known == 0:
		return "unknown"
	case len(a.Unknown) > 0:
		return fmt.Sprintf("%s in %d of %d", w.Clean.After(1), len(a.Clean), known+len(a.Unknown))
	default:
		return w.Clean.After(1)
	}
}

// badgeBack returns the colour on the right. White text is readable on all of them.
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

// badgePad is the space around a text in pixels, left and right together.
const badgePad = 12

// badgeWidth returns about how many pixels a text takes. textLength makes every font
// fit, so it need not be exact; far from it, letters would be too far apart.
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

// Newest returns the ID of the newest release without patches. A pre-release counts
// only if there is no other; without any release the ID is empty.
func Newest(g *matrix.Grid) string {
	newest := ""
	for _, row := range slices.Backward(g.Rows) {
		switch {
		case len(row.Patches) > 0 || !row.Source.IsRelease():
		case !matrix.IsPrerelease(row.Source.Version):
			return row.ID
		case newest == "":
			newest = row.ID
		}
	}
	return newest
}
