package matrix

import "strings"

// Outdated reports whether a build failed since the go.mod of the reproduction does not list
// the versions that its dependencies require.
func Outdated(complaint string) bool { return strings.Contains(complaint, "updates to go.mod needed") }

// Gist returns the line of a reason that says most: the first one, without the
// "# package" line that the go command prints above the output of the compiler. If
// that line ends in a colon, the next one is added. A chain of imports is one line.
func Gist(reason string) string {
	reason, gist := strings.ReplaceAll(reason, "\n\timports ", " imports "), ""
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
