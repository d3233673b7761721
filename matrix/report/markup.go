package report

import (
	"encoding/xml"
	"strings"
)

// markup escapes a text for XML, in an element or an attribute. A newline is one for
// those who read the file, too.
func markup(text string) string {
	var out strings.Builder
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		return "" // a strings.Builder takes all that it is given
	}
	return strings.ReplaceAll(out.String(), "&#xA;", "\n")
}
