package matrix

import "strings"

// Gist returns the line of a reason that tells most: the first, but for the
// name of the package that the go command prints above a compiler's words, and
// with the one after it where the first only leads to that.
func Gist(reason string) string {
	said := ""
	for line := range strings.Lines(reason) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if said += line; !strings.HasSuffix(said, ":") {
			return strings.TrimSuffix(said, ".") // more may follow in the sentence
		}
		said += " "
	}
	if said != "" {
		return strings.TrimSuffix(said, ": ")
	}
	if reason = strings.TrimSpace(reason); reason != "" {
		return reason
	}
	return "no reason was given"
}
