package gocmd

import (
	"regexp"
	"strings"
)

// refused matches what the go command says of a file that a proxy does not give: its
// address, the status, and what the proxy adds, which seldom says more.
var refused = regexp.MustCompile(`reading https?://(?:[^\s/@]*@)?([^\s/]+)/\S*: (\d{3} [A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*)(?:\s+server response:.*)?`)

// Brief returns a message of the go command in one line, without a full stop, and with no
// more of a refused download than the proxy and the status:
//
//	example.com/lib@v1.0.0: 403 Forbidden from proxy.example.com
func Brief(message string) string {
	line := strings.Join(strings.Fields(message), " ")
	return strings.TrimRight(refused.ReplaceAllString(line, "$2 from $1"), ":. ")
}

// Complaint returns what standard error of a go command says first, in a line. It leaves
// out how to change the go.mod, which may be a copy.
func Complaint(stderr string) string {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "go: "))
		if line != "" && !strings.HasPrefix(line, "downloading ") && !strings.HasPrefix(line, "ignoring ") && !strings.HasPrefix(line, "dropping ") {
			for _, hint := range []string{"; to add", "; to update"} {
				line, _, _ = strings.Cut(line, hint)
			}
			return Brief(line)
		}
	}
	return "it does not say why"
}
