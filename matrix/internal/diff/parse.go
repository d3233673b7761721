package diff

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// Parse parses a unified diff, written by git or another tool. file is the name of
// the patch file in messages, and line the line number in it of the first line of
// the diff, or 0 if unknown.
//
// The error is of type matrix.Problems and lists everything that is wrong with the
// diff: what cannot be parsed, and what is not allowed, namely binary patches,
// paths that are absolute or leave the tree, symbolic links, hunks without context,
// and files that are changed twice.
func Parse(file string, line int, text []byte) (*Diff, error) {
	text = ended(text)
	p := parser{scanner: scan(file, max(line, 1), text)}
	files, _, err := gitdiff.Parse(strings.NewReader(strings.Join(p.lines, "")))
	switch {
	case err != nil && len(p.problems) == 0:
		p.unreadable(err)
	case err != nil:
		// The scanner explains it better.
	case len(files) == 0 && len(p.problems) == 0:
		p.refuse(0, "has no unified diff: want the output of git diff")
	case !p.agrees(files):
		p.refuse(0, "its files and hunks cannot be distinguished: want the output of git diff")
	default:
		for i, f := range files {
			p.change(p.sections[i], f)
		}
		p.refuseTwice()
	}
	if err := p.problems.Err(); err != nil {
		return nil, err
	}
	d := &Diff{file: file, changes: p.changes}
	if text, ok := unix(text); ok {
		// If it parsed with CRLF, it also parses with LF.
		d.unix, _ = Parse(file, line, text)
	}
	return d, nil
}

// ended returns text with a newline at its end. A diff without one was truncated on
// its way: if the last line of a file has no newline, the diff says so in an extra
// line.
func ended(text []byte) []byte {
	switch {
	case len(text) == 0 || bytes.HasSuffix(text, []byte("\n")):
		return text
	case bytes.Contains(text, []byte("\r\n")) && !bytes.HasSuffix(text, []byte("\r")):
		return append(bytes.Clone(text), "\r\n"...)
	default:
		return append(bytes.Clone(text), '\n')
	}
}

// unix returns text with LF line ends if all lines end in CRLF; otherwise ok is
// false.
func unix(text []byte) (lf []byte, ok bool) {
	lines := bytes.Count(text, []byte("\n"))
	if lines == 0 || bytes.Count(text, []byte("\r\n")) != lines {
		return nil, false
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), true
}

// A parser converts the output of go-gitdiff to changes.
type parser struct {
	*scanner
	changes []change
}

var gitdiffError = regexp.MustCompile(`^gitdiff: line (\d+): (.*)$`)

// unreadable reports an error of go-gitdiff, whose text begins with the line
// number.
func (p *parser) unreadable(err error) {
	if m := gitdiffError.FindStringSubmatch(err.Error()); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			p.refuse(n-1, "the diff can't be read: %s", m[2])
			return
		}
	}
	p.refuse(0, "the diff can't be read: %v", err)
}

// agrees reports whether go-gitdiff and the scanner found the same files and hunks.
// Otherwise line numbers could be wrong, or a part of the diff ignored.
func (p *parser) agrees(files []*gitdiff.File) bool {
	if len(files) != len(p.sections) {
		return false
	}
	for i, f := range files {
		if !f.IsBinary && len(f.TextFragments) != len(p.sections[i].hunks) {
			return false
		}
	}
	return true
}

// change adds the change of one file.
func (p *parser) change(s section, f *gitdiff.File) {
	c := change{copied: f.IsCopy, mode: permissions(f.NewMode), line: p.first + s.line}
	var err error
	if c.from, c.to, err = s.paths(f); err != nil {
		p.refuse(s.line, "%v", err)
	}
	for _, mode := range []error{checkMode(f.OldMode), checkMode(f.NewMode)} {
		if mode != nil {
			p.refuse(s.line, "%v", mode)
			break
		}
	}
	for i, frag := range f.TextFragments {
		// A hunk without context matches everywhere. Only in a new or empty file,
		// where the position is 0, does it need none.
		if frag.OldLines == 0 && frag.OldPosition > 0 || frag.NewLines == 0 && frag.NewPosition > 0 {
			p.refuse(s.hunks[i], "the hunk has no context to find its place by: make the diff with three lines of it (git diff -U3)")
		}
		header := strings.TrimSuffix(p.lines[s.hunks[i]], "\n")
		c.hunks = append(c.hunks, newHunk(frag, header, p.first+s.hunks[i]))
	}
	p.changes = append(p.changes, c)
}

// refuseTwice reports files that the diff changes more than once, as a series of
// commits does. A diff is checked against one state of the tree.
func (p *parser) refuseTwice() {
	written, removed := map[string]int{}, map[string]int{}
	once := func(seen map[string]int, name string, i int) {
		if before, twice := seen[name]; twice && name != "" {
			p.refuse(p.sections[i].line, "%s is changed a second time, first at line %d: make one diff of all commits (git diff FIRST LAST)",
				name, p.first+p.sections[before].line)
		}
		seen[name] = i
	}
	for i, c := range p.changes {
		once(written, c.to, i)
		if c.from != c.to && !c.copied {
			once(removed, c.from, i)
		}
	}
}
