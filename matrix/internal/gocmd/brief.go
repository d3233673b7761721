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
