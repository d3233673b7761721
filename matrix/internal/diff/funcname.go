package diff

import (
	"regexp"
	"strings"
)

// git writes behind a hunk's numbers the nearest line above it that looks like
// the beginning of a function. A hunk that moved is held to it: the same lines
// in another function are another change.

// declaration matches the beginning of a Go top-level function, method (its
// receiver's type in group 1, without type parameters) or type.
var declaration = regexp.MustCompile(
	`^(?:func\s+(?:\(\s*(?:[\pL_][\pL\pN_]*\s+)?\*?\s*([\pL_][\pL\pN_]*)\s*(?:\[[^\]]*\])?\s*\)\s*)?|type\s+)([\pL_][\pL\pN_]*)`)

// headingLimit is where git cuts the line off.
const headingLimit = 80

// declared returns what a line declares, such as "func stream.Read" or "type
// stream", or nothing if it is not the beginning of a function or a type.
func declared(line string) string {
	m := declaration.FindStringSubmatch(line)
	switch {
	case m == nil:
		return ""
	case strings.HasPrefix(line, "type"):
		return "type " + m[2]
	case m[1] != "":
		return "func " + m[1] + "." + m[2]
	default:
		return "func " + m[2]
	}
}

// enclosing returns the nearest line above the one with index at that begins a
// top-level function or type, or nothing if there is none.
func enclosing(lines []string, at int) string {
	for i := at - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "func ") || strings.HasPrefix(lines[i], "func(") ||
			strings.HasPrefix(lines[i], "type ") || strings.HasPrefix(lines[i], "type(") {
			return strings.TrimRight(lines[i], "\r\n")
		}
	}
	return ""
}

// sameDeclaration reports whether a hunk header's text and a line of the file
// begin the same function or type.
func sameDeclaration(heading, line string) bool {
	if len(heading) >= headingLimit-1 && strings.HasPrefix(line, heading) {
		return true // git may have cut the name itself
	}
	return declared(heading) == declared(line)
}

// describe names the function that a line begins, for messages.
func describe(line string) string {
	switch name := declared(line); {
	case line == "":
		return "no function or type at all"
	case name == "":
		return line
	default:
		return name
	}
}
