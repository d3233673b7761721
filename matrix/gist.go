package matrix

import "strings"

// Gist returns the line of a reason that says most: the first one, without the
// "# package" line that the go command prints above the output of the compiler. If
// that line ends in a colon, the next one is added.
func Gist(reason string) string {
	gist := ""
	for line := range strings.Lines(reason) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if gist += line; !strings.HasSuffix(gist, ":") {
			return strings.TrimSuffix(gist, ".") // more may follow in the sentence
		}
		gist += " "
	}
	if gist != "" {
		return strings.TrimSuffix(gist, ": ")
	}
	if reason = strings.TrimSpace(reason); reason != "" {
		return reason
	}
	return "no reason was given"
}
