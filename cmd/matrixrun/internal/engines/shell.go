package engines

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// quote returns a word for bash, without the sequences that others would take for theirs
// before bash sees them: CircleCI expands <<, and the logs of some CI services take ## for
// the beginning of a command.
func quote(word string) string {
	quoted := text.Quote(word)
	pause := "''" // ends the quotes and begins them again
	if strings.HasPrefix(quoted, "$") {
		pause = "'$'"
	}
	for _, char := range []string{"<", "#"} {
		for strings.Contains(quoted, char+char) {
			quoted = strings.Replace(quoted, char+char, char+pause+char, 1)
		}
	}
	return quoted
}

// kubeletExpands matches what a kubelet would expand in the command of a container: a
// variable in parentheses, and the dollar sign that escapes one.
var kubeletExpands = regexp.MustCompile(`\$+\(|\$\$+`)

// escapeKubelet escapes a command such that a kubelet leaves it as it is.
func escapeKubelet(command string) string {
	return kubeletExpands.ReplaceAllStringFunc(command, func(found string) string {
		return strings.ReplaceAll(found, "$", "$$")
	})
}

// leadsOut reports whether a word is a path that leads out of the current folder.
func leadsOut(word string) bool {
	slashed := filepath.ToSlash(word)
	return filepath.IsAbs(word) || slashed == ".." || strings.HasPrefix(slashed, "../")
}
