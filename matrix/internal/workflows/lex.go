package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// token matches one token of an expression at the start of a text: a name, which
// may have hyphens, a number, a text between single quotes, or an operator.
var token = regexp.MustCompile(`^\s*([A-Za-z_][\w-]*|\d+(?:\.\d+)?|'(?:[^']|'')*'|==|!=|&&|\|\||[!().,\[\]])`)

// lex splits an expression into its tokens.
func lex(text string) (tokens []string, err error) {
	for rest := text; strings.TrimSpace(rest) != ""; {
		found := token.FindStringSubmatch(rest)
		if found == nil {
			return nil, fmt.Errorf("in %q: %q is nothing that this program knows", strings.TrimSpace(text), strings.TrimSpace(rest))
		}
		tokens = append(tokens, found[1])
		rest = rest[len(found[0]):]
	}
	return tokens, nil
}

// literal returns the value of a token that is one.
func literal(token string) (value any, ok bool) {
	switch {
	case token == "null":
		return nil, true
	case token == "true", token == "false":
		return token == "true", true
	case strings.HasPrefix(token, "'"):
		return strings.ReplaceAll(token[1:len(token)-1], "''", "'"), true
	}
	number, err := strconv.ParseFloat(token, 64)
	return number, err == nil && token[0] >= '0' && token[0] <= '9'
}

// opening finds where the next ${{ of a text begins, and where after its }} the
// text goes on. Between single quotes, }} is text.
func opening(text string) (begin, end int, found bool) {
	begin = strings.Index(text, "${{")
	if begin < 0 {
		return 0, 0, false
	}
	quoted := false
	for i := begin + len("${{"); i < len(text); i++ {
		switch {
		case text[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], "}}"):
			return begin, i + len("}}"), true
		}
	}
	return begin, len(text), true
}
