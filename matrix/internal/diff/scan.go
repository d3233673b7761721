package diff

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// A section is the part of a diff about one file. It has what go-gitdiff does not
// keep.
type section struct {
	line     int    // index of its first line
	end      int    // index of the line after its last one
	step     int    // which of a series of commits it belongs to
	git      bool   // has a "diff --git" line
	bare     bool   // a git diff whose names have no prefixes
	old, new string // text after "--- " and "+++ "
	hunks    []int  // indexes of the hunk headers
}

// A scanner walks over the lines of a diff. It records where files and hunks begin,
// and reports what go-gitdiff would silently treat as text between two patches: a
// hunk longer than its header says, a combined diff of a merge, the note that
// binary files differ.
type scanner struct {
	lines    []string
	sections []section
	problems matrix.Problems
	file     string
	first    int // line number of the first line

	old, new int // remaining lines of the current hunk, by side
	hunks    int // number of them
	step     int // number of commits before the current one
	tooLarge bool
}

var hunkHeader = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// scan scans a diff. first is the line number of its first line in file.
func scan(file string, first int, text []byte) *scanner {
	s := &scanner{file: file, first: first}
	if len(text) > maxSize {
		s.exceed(0, "the diff has %d MiB: a patch may have up to %d", len(text)>>20, maxSize>>20)
		return s
	}
	s.lines = split(string(text))
	if len(s.lines) > maxLines {
		s.exceed(0, "the diff has %d lines: a patch may have up to %d", len(s.lines), maxLines)
		return s
	}
	inHunk := false
	for i := range s.lines {
		if s.checkBounds(i); s.tooLarge {
			return s
		}
		if s.old > 0 || s.new > 0 {
			inHunk = s.body(i)
			continue
		}
		if inHunk && strings.HasPrefix(s.lines[i], `\`) {
			continue // "\ No newline at end of file"
		}
		// A diff that was converted to CRLF has it in its headers, too, where it
		// would become a part of file names.
		if strings.HasSuffix(s.lines[i], "\r\n") {
			s.lines[i] = strings.TrimSuffix(s.lines[i], "\r\n") + "\n"
		}
		s.header(i, inHunk)
		inHunk = false
	}
	if s.old > 0 || s.new > 0 {
		s.miscounted()
	}
	return s
}

// checkBounds reports a bound that the diff exceeds at a line.
func (s *scanner) checkBounds(i int) {
	length := len(s.lines[i])
	switch {
	case length > maxLine:
		s.exceed(i, "the line has %d bytes: a patch may have up to %d in a line", length, maxLine)
	case s.old <= 0 && s.new <= 0 && length > maxHeader:
		s.exceed(i, "the line has %d bytes: outside of hunks a patch may have up to %d in a line", length, maxHeader)
	case len(s.sections) > maxFiles:
		s.exceed(i, "the diff has more than %d files: no patch of a module needs as many", maxFiles)
	case s.hunks > maxHunks:
		s.exceed(i, "the diff has more than %d hunks: no patch of a module needs as many", maxHunks)
	}
}

// exceed reports that the diff is too large to be parsed.
func (s *scanner) exceed(i int, format string, args ...any) {
	s.tooLarge, s.problems = true, nil
	s.refuse(i, format, args...)
}

// body counts one line of a hunk. It returns false if the line cannot belong to
// one, which ends the hunk.
func (s *scanner) body(i int) bool {
	s.last().end = i + 1
	switch line := s.lines[i]; line[0] {
	case ' ', '\n':
		s.old--
		s.new--
	case '-':
		s.old--
	case '+':
		s.new--
	case '\\':
	default:
		s.miscounted()
		known := strings.HasPrefix(line, "@@ -") || strings.HasPrefix(line, "diff ") || commitLine.MatchString(line)
		if !known && !isSignature(s.lines[i-1]) {
			s.refuse(i, "this is not a line of a diff: %q: was the line above it broken in two?", strings.TrimSuffix(line, "\n"))
		}
		s.old, s.new = 0, 0
		return false
	}
	if s.old < 0 || s.new < 0 { // one side is longer than its header states
		s.miscounted()
		s.old, s.new = 0, 0
		return false
	}
	return true
}

// header handles a line outside of hunks. afterHunk says that the previous line was
// the last of a hunk.
func (s *scanner) header(i int, afterHunk bool) {
	line := s.lines[i]
	plain := strings.HasPrefix(line, "--- ") && strings.HasPrefix(s.at(i+1), "+++ ")
	switch {
	case commitLine.MatchString(line):
		s.step++
	case strings.HasPrefix(line, "diff --git "):
		s.git(i)
	case strings.HasPrefix(line, "rename from "), strings.HasPrefix(line, "copy from "):
		s.renamed(i)
	case plain:
		s.names(i)
	case strings.HasPrefix(line, "@@ -"):
		s.hunk(i)
	case strings.HasPrefix(line, "diff --cc "), strings.HasPrefix(line, "diff --combined "):
		s.refuse(i, "a merge's combined diff can't be applied: make one against a single parent (git diff PARENT COMMIT)")
	case strings.HasPrefix(line, "GIT binary patch"), isBinaryNote(line):
		s.refuse(i, "binary patches are not applied: patch source text")
	case afterHunk && !isSignature(line) && strings.IndexByte(" +-", line[0]) >= 0:
		s.miscounted()
	}
}

// commitLine matches the line before the diff of each commit in a series, as git
// format-patch and git log write it.
var commitLine = regexp.MustCompile(`^(From|commit) [0-9a-f]{40,64}\b`)

// isSignature reports whether a line begins the signature of a mail. Some programs remove
// the blank at its end.
func isSignature(line string) bool { return strings.TrimRight(line, " \n") == "--" }

// miscounted reports that the current hunk does not have as many lines as its header
// states, and what it should state.
func (s *scanner) miscounted() {
	hunks := s.last().hunks
	at := hunks[len(hunks)-1]
	was, now := 0, 0
	for i := at + 1; i < len(s.lines) && !s.endsHunk(i); i++ {
		switch s.lines[i][0] {
		case '-':
			was++
		case '+':
			now++
		case ' ', '\n':
			was, now = was+1, now+1
		}
	}
	m := hunkHeader.FindStringSubmatch(s.lines[at])
	s.refuse(at, "the header states %d old and %d new lines, and the hunk has %d and %d: want %q", count(m[2]), count(m[4]), was, now,
		fmt.Sprintf("@@ -%s,%d +%s,%d @@", m[1], was, m[3], now))
}

// endsHunk reports whether a line does not belong to the hunk above it, whatever the
// header of that states.
func (s *scanner) endsHunk(i int) bool {
	line := s.lines[i]
	names := strings.HasPrefix(line, "--- ") && strings.HasPrefix(s.at(i+1), "+++ ")
	blank := line == "\n" && (i+1 == len(s.lines) || s.endsHunk(i+1))
	return names || blank || isSignature(line) || strings.IndexByte(" +-\\\n", line[0]) < 0
}

// hunk records a hunk header and the number of lines that follow it.
func (s *scanner) hunk(i int) {
	m := hunkHeader.FindStringSubmatch(s.lines[i])
	if m == nil || len(s.sections) == 0 {
		return // go-gitdiff reports it
	}
	last := s.last()
	last.hunks = append(last.hunks, i)
	last.end = i + 1
	s.hunks++
	s.old, s.new = count(m[2]), count(m[4])
}

// count parses the length in a hunk header. If missing, it is 1.
func count(digits string) int {
	if digits == "" {
		return 1
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0 // the number is too long; go-gitdiff reports it
	}
	return n
}

// last returns the current section, or an unused one before the first.
func (s *scanner) last() *section {
	if len(s.sections) == 0 {
		return &section{}
	}
	return &s.sections[len(s.sections)-1]
}

// at returns a line, or "" after the last.
func (s *scanner) at(i int) string {
	if i < len(s.lines) {
		return s.lines[i]
	}
	return ""
}

// refuse reports a mistake at a line.
func (s *scanner) refuse(i int, format string, args ...any) {
	s.problems.Add(s.file, s.first+i, format, args...)
}

func isBinaryNote(line string) bool {
	line = strings.TrimSuffix(line, "\n")
	return strings.HasPrefix(line, "Binary files ") && strings.HasSuffix(line, " differ")
}

// split cuts a text into lines including their line ends, so that joining them
// gives the same text.
func split(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	return lines[:len(lines)-1+min(len(lines[len(lines)-1]), 1)]
}
