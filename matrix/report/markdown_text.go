package report

import (
	"strings"
	"unicode"
)

// escape returns a text from outside so that Markdown shows it as it is, also in a
// table's cell. It adds as few backslashes as possible, for those who read the file
// itself.
func escape(text string) string {
	runes := []rune(plain(text))
	var out strings.Builder
	for i, r := range runes {
		switch {
		case strings.ContainsRune("\\`*<[|~", r), r == '&' && i+1 < len(runes) && !unicode.IsSpace(runes[i+1]):
			out.WriteRune('\\')
		case r == '_' && !(i > 0 && letter(runes[i-1]) && i+1 < len(runes) && letter(runes[i+1])):
			out.WriteRune('\\') // inside a word it emphasises nothing
		}
		out.WriteRune(r)
	}
	return out.String()
}

// code is escape for a sentence with commands between backquotes, which stay code.
func code(text string) string {
	parts := strings.Split(plain(text), "`")
	for i := range parts {
		if i%2 == 0 {
			parts[i] = escape(parts[i])
		}
	}
	// escape removes the blanks around code, so they are added again here.
	for i := 1; i < len(parts); i += 2 {
		parts[i] = " `" + parts[i] + "` "
	}
	return strings.NewReplacer("` ;", "`;", "` ,", "`,").Replace(strings.Join(strings.Fields(strings.Join(parts, "")), " "))
}

// escapeWords is escape for a text with words of the table between backquotes, which stay.
func escapeWords(text string) string { return strings.ReplaceAll(escape(text), "\\`", "`") }
