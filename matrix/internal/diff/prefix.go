package diff

import "strings"

// git puts a/ and b/ in front of the names of a file, unless it is told not to
// (diff.noPrefix), and go-gitdiff drops the first folder in any case. So names
// without a prefix are given one before go-gitdiff sees them.

// git opens a section at a line that begins with "diff --git". Without
// prefixes, the line is one name twice; a rename is known by its own lines.
func (s *scanner) git(i int) {
	names := strings.TrimSuffix(s.lines[i][len("diff --git "):], "\n")
	half := len(names) / 2
	bare := len(names)%2 == 1 && names[half] == ' ' && names[:half] == names[half+1:]
	if bare {
		s.lines[i] = "diff --git " + prefixed("a/", names[:half]) + " " + prefixed("b/", names[:half]) + "\n"
	}
	s.sections = append(s.sections, section{line: i, git: true, bare: bare})
}

// renamed looks at the first line of a rename or copy, whose name never has a
// prefix: a header that begins with it has none either.
func (s *scanner) renamed(i int) {
	_, from, _ := strings.Cut(strings.TrimSuffix(s.lines[i], "\n"), " from ")
	if last := s.last(); last.git && strings.HasPrefix(s.lines[last.line], "diff --git "+from+" ") {
		last.bare = true
	}
}

// names reads the pair of lines that name the old and the new file. It opens
// the section of a plain diff; a git one has been opened by its own header.
func (s *scanner) names(i int) {
	if strings.HasPrefix(s.at(i+2), "@@@ -") {
		return // a combined diff, which was refused at its first line
	}
	if !strings.HasPrefix(s.at(i+2), "@@ -") {
		s.refuse(i, "the names of a file must be followed by a hunk, a line such as %q", "@@ -10,6 +10,7 @@")
		return
	}
	if last := s.last(); !last.git || last.old != "" {
		s.sections = append(s.sections, section{line: i})
	}
	last := s.last()
	last.old = strings.TrimSuffix(s.lines[i][len("--- "):], "\n")
	last.new = strings.TrimRight(s.lines[i+1][len("+++ "):], "\r\n")
	if last.bare {
		last.old, last.new = prefixed("a/", last.old), prefixed("b/", last.new)
		s.lines[i], s.lines[i+1] = "--- "+last.old+"\n", "+++ "+last.new+"\n"
	}
}

// prefixed puts a prefix in front of a name, which may be quoted.
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
