// Package glob selects scenarios by name, with patterns of path.Match.
package glob

import "path"

// Valid reports whether a pattern is well formed.
func Valid(pattern string) bool {
	_, err := path.Match(pattern, "")
	return err == nil
}

// Match reports whether any of the patterns matches a name. A malformed pattern
// matches nothing.
func Match(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, err := path.Match(pattern, name); ok && err == nil {
			return true
		}
	}
	return false
}

// Any reports whether a pattern matches any of the names.
func Any(pattern string, names []string) bool {
	for _, name := range names {
		if Match([]string{pattern}, name) {
			return true
		}
	}
	return false
}
