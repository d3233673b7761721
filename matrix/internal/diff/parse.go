package diff

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// Parse reads a unified diff, git's or a plain one. file is the patch's file as
// the user would name it, and line the number that the diff's first line has
// in there, or 0 if unknown, which counts as 1.
//
// The error is of type matrix.Problems and lists all that is wrong with the
// diff: what can't be read, and what is refused, which is binary patches, paths
// that are absolute or leave the tree, symbolic links, hunks with nothing to
// find their place by, and a file that is named twice.
func Parse(file string, line int, text []byte) (*Diff, error) {
	text = ended(text)
	p := parser{scanner: scan(file, max(line, 1), text)}
	files, _, err := gitdiff.Parse(strings.NewReader(strings.Join(p.lines, "")))
	switch {
	case err != nil && len(p.problems) == 0:
		p.unreadable(err)
	case err != nil:
		// What the scanner found is the better explanation.
	case len(files) == 0 && len(p.problems) == 0:
		p.refuse(0, "there is no unified diff in it: want what git diff writes")
	case !p.agrees(files):
		p.refuse(0, "its files and hunks can't be told apart: want what git diff writes")
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
		// What could be read with the CRs can be read without them.
		d.unix, _ = Parse(file, line, text)
	}
	return d, nil
}

// ended returns a text whose last line has an end. A diff that lacks it lost it
// on its way: of a line that had none in the file, a line of its own tells.
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

// unix returns a text without the CRs at the ends of its lines, and whether
// every line had one.
func unix(text []byte) ([]byte, bool) {
	lines := bytes.Count(text, []byte("\n"))
	if lines == 0 || bytes.Count(text, []byte("\r\n")) != lines {
		return nil, false
	}
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), true
}

// A parser turns what go-gitdiff read into changes.
type parser struct {
	*scanner
	changes []change
}

var gitdiffError = regexp.MustCompile(`^gitdiff: line (\d+): (.*)$`)

// unreadable reports an error of go-gitdiff, whose text begins with the line.
func (p *parser) unreadable(err error) {
	if m := gitdiffError.FindStringSubmatch(err.Error()); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			p.refuse(n-1, "the diff can't be read: %s", m[2])
			return
		}
	}
	p.refuse(0, "the diff can't be read: %v", err)
}

// agrees reports whether go-gitdiff and the scanner saw the same files and
// hunks. It guards the line numbers, and a patch of which a part is overlooked.
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

// change adds what the diff does to one file.
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
		// Without a line to find its place by, a hunk fits everywhere. Only that
		// of a file which is new or empty needs none, and has position 0.
		if frag.OldLines == 0 && frag.OldPosition > 0 || frag.NewLines == 0 && frag.NewPosition > 0 {
			p.refuse(s.hunks[i], "the hunk has no context to find its place by: make the diff with three lines of it (git diff -U3)")
		}
		header := strings.TrimSuffix(p.lines[s.hunks[i]], "\n")
		c.hunks = append(c.hunks, newHunk(frag, header, p.first+s.hunks[i]))
	}
	p.changes = append(p.changes, c)
}

// refuseTwice finds files that the diff changes more than once, as several
// commits in a row do. One state of the tree is what a diff is checked against.
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
