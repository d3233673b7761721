package diff

import "strings"

// git writes the prefixes a/ and b/ before file names unless diff.noPrefix is
// set, and go-gitdiff always drops the first folder. So prefixes are added to
// names without them before go-gitdiff reads the diff.

// git opens a section at a "diff --git" line. Without prefixes, such a line has the
// same name twice; for a rename, see renamed.
func (s *scanner) git(i int) {
	names := strings.TrimSuffix(s.lines[i][len("diff --git "):], "\n")
	half := len(names) / 2
	bare := len(names)%2 == 1 && names[half] == ' ' && names[:half] == names[half+1:]
	if bare {
		s.lines[i] = "diff --git " + prefixed("a/", names[:half]) + " " + prefixed("b/", names[:half]) + "\n"
	}
	s.sections = append(s.sections, section{line: i, end: i + 1, step: s.step, git: true, bare: bare})
}

// renamed handles a "rename from" or "copy from" line. The name in it never has a
// prefix, so if the header begins with it, the header has no prefixes.
func (s *scanner) renamed(i int) {
	_, from, _ := strings.Cut(strings.TrimSuffix(s.lines[i], "\n"), " from ")
	if last := s.last(); last.git && strings.HasPrefix(s.lines[last.line], "diff --git "+from+" ") {
		last.bare = true
	}
}

// names parses a pair of "---" and "+++" lines. It opens the section of a plain
// diff; that of a git diff was opened by its own header.
func (s *scanner) names(i int) {
	if strings.HasPrefix(s.at(i+2), "@@@ -") {
		return // a combined diff; its first line was reported
	}
	if !strings.HasPrefix(s.at(i+2), "@@ -") {
		s.refuse(i, "the names of a file must be followed by a hunk, a line such as %q", "@@ -10,6 +10,7 @@")
		return
	}
	if last := s.last(); !last.git || last.old != "" {
		s.sections = append(s.sections, section{line: i, step: s.step})
	}
	last := s.last()
	last.end = i + 2
	last.old = strings.TrimSuffix(s.lines[i][len("--- "):], "\n")
	last.new = strings.TrimRight(s.lines[i+1][len("+++ "):], "\r\n")
	if last.bare {
		last.old, last.new = prefixed("a/", last.old), prefixed("b/", last.new)
		s.lines[i], s.lines[i+1] = "--- "+last.old+"\n", "+++ "+last.new+"\n"
	}
}

// prefixed adds a prefix to a name, which may be quoted.
func prefixed(prefix, name string) string {
	switch {
	case name == devNull:
		return name
	case strings.HasPrefix(name, `"`):
		return `"` + prefix + name[1:]
	default:
		return prefix + name
	}
}
