package diff

import (
	"regexp"
	"slices"
	"strings"
)

// After the numbers of a hunk, git writes the nearest line above it that looks
// like the beginning of a function. A hunk that moved must still be in that
// function: the same lines in another function would be a different change. A method counts
// as the same one if only its type has another name.

// declaration matches the first line of a top-level Go function, method or type.
// Group 1 is the receiver's type without type parameters, group 2 the name.
var declaration = regexp.MustCompile(
	`^(?:func\s+(?:\(\s*(?:[\pL_][\pL\pN_]*\s+)?\*?\s*([\pL_][\pL\pN_]*)\s*(?:\[[^\]]*\])?\s*\)\s*)?|type\s+)([\pL_][\pL\pN_]*)`)

// headingLimit is the length at which git truncates the line.
const headingLimit = 80

// declared returns what a line declares, such as "func stream.Read" or "type
// stream", or "" if it declares no function or type.
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

// isHeading reports whether a line begins a top-level function or type.
func isHeading(line string) bool {
	return strings.HasPrefix(line, "func ") || strings.HasPrefix(line, "func(") ||
		strings.HasPrefix(line, "type ") || strings.HasPrefix(line, "type(")
}

// heading returns the last of some lines that begins a function or type, or "".
func heading(lines []string) string {
	for _, line := range slices.Backward(lines) {
		if isHeading(line) {
			return strings.TrimRight(line, "\r\n")
		}
	}
	return ""
}

// sameDeclaration reports whether the text of a hunk header and a line of the file
// begin the same function or type.
func sameDeclaration(heading, line string) bool {
	if len(heading) >= headingLimit-1 && strings.HasPrefix(line, heading) {
		return true // git may have truncated the name
	}
	return declared(heading) == declared(line)
}

// describe returns the name of the function that a line begins, for messages.
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
