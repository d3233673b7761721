package report

import (
	"encoding/xml"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// markup escapes a text for XML, in an element or an attribute. Newlines stay, for
// those who read the file itself.
func markup(s string) string {
	var out strings.Builder
	if err := xml.EscapeText(&out, []byte(s)); err != nil {
		return "" // a strings.Builder returns no error
	}
	return strings.ReplaceAll(out.String(), "&#xA;", "\n")
}

// cdata returns a text for CDATA, in which there are no references: emitMarkup cannot
// make it harmless without changing it, and encoding/xml does not replace the
// characters that XML 1.0 cannot express.
func cdata(s string) string { return text.Harmless(s) }
