package report

import (
	"encoding/xml"
	"strings"
)

// markup escapes a text for XML, in an element or an attribute. Newlines stay, for
// those who read the file itself.
func markup(text string) string {
	var out strings.Builder
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		return "" // a strings.Builder returns no error
	}
	return strings.ReplaceAll(out.String(), "&#xA;", "\n")
}

// xmlText replaces the characters that XML 1.0 cannot express. encoding/xml does so
// itself everywhere except in CDATA.
func xmlText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
