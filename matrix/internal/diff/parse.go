package diff

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// Bounds of a diff. Real ones are far below them, and within them parsing takes no
// longer than a second.
const (
	maxSize     = 16 << 20 // bytes
	maxLines    = 1_000_000
	maxLine     = 1 << 20 // bytes
	maxHeader   = 16 << 10
	maxFiles    = 10_000
	maxHunks    = 50_000
	maxProblems = 50
)

// MaxSize is the size that a patch file may have, in bytes.
const MaxSize = maxSize

// Parse is ParseNames for a diff with the names that Text writes.
func Parse(file string, line int, data []byte) (*Diff, error) {
	return ParseNames(file, line, data, Found)
}

// ParseNames parses a unified diff, written by git or another tool, or a series of
// commits. file is the name of the patch file in messages, and line the line number in it
// of the first line of the diff, or 0 if unknown.
//
// The error is of type matrix.Problems and lists everything that is wrong with the
// diff: what cannot be parsed, and what is not allowed, namely binary patches, paths
// that are absolute or leave the tree or lead into git's own folder, names that a
// module cannot have, symbolic links, and hunks without context. A diff that is too large
// is refused as well, and one of which nothing is left without the files in LeftOut.
func ParseNames(file string, line int, data []byte, names Names) (*Diff, error) {
	text := data
	data = ended(data)
	p := parser{scanner: scan(file, max(line, 1), data), names: names}
	if !p.tooLarge {
		p.parse()
	}
	if err := p.problems.Err(); err != nil {
		return nil, p.problems.First(maxProblems)
	}
	d := &Diff{file: file, text: text, steps: p.steps, leftOut: slices.Compact(slices.Sorted(slices.Values(p.leftOut)))}
	if p.rewritten {
		d.text = []byte(strings.Join(p.lines, ""))
	}
	if data, ok := unix(data); ok {
		// If it parsed with CRLF, it also parses with LF.
		d.unix, _ = ParseNames(file, line, data, names)
		if p.rewritten && d.unix != nil {
			d.text = bytes.ReplaceAll(d.unix.text, []byte("\n"), []byte("\r\n"))
		}
	}
	return d, nil
}

// parse converts the lines of the scanner to changes.
func (p *parser) parse() {
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
		p.convert(files)
	}
}

// convert adds the changes of all files.
func (p *parser) convert(files []*gitdiff.File) {
	pairs := make([]pair, len(files))
	for i, f := range files {
		var err error
		if pairs[i].from, pairs[i].to, pairs[i].cut, err = p.sections[i].paths(f); err != nil {
			p.refuse(p.sections[i].line, "%v", err)
		}
	}
	was := slices.Clone(pairs)
	foreign := p.relocate(p.names, pairs)
	p.rewritten = !slices.EqualFunc(was, pairs, func(a, b pair) bool { return a.from == b.from && a.to == b.to }) || len(foreign) > 0
	out := outside{}
	for i := range pairs {
		if !p.sections[i].git {
			pairs[i] = plainPair(pairs[i])
		}
		names := pairs[i]
		if err := cmp.Or(checkPath(names.from), checkPath(names.to)); err != nil {
			p.refuse(p.sections[i].line, "%v", err)
			pairs[i] = pair{}
		}
		if slices.Contains(foreign, i) {
			p.leftOut = append(p.leftOut, cmp.Or(names.to, names.from))
			continue
		}
		out.add(names.from)
		out.add(names.to)
	}
	for i, f := range files {
		if !slices.Contains(foreign, i) {
			p.change(out, p.sections[i], f, change{from: pairs[i].from, to: pairs[i].to, cut: pairs[i].cut})
		}
	}
	p.refuseFolders()
	if len(p.steps) == 0 && len(p.problems) == 0 {
		p.refuse(0, "nothing is left to apply: outside of the module, or settings of other programs: %s", text.Some(p.leftOut, 3))
	}
	if p.rewritten {
		p.rewrite(pairs, foreign)
	}
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
	names     Names
	steps     [][]change
	step      int // of the series, that the last of steps is
	leftOut   []string
	rewritten bool // the lines have other names than before
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

// change adds the change of one file, whose paths are known. It leaves out what does
// not belong to the module.
func (p *parser) change(out outside, s section, f *gitdiff.File, c change) {
	c.copied, c.mode, c.line = f.IsCopy, permissions(f.NewMode), p.first+s.line
	leftOut, some := out.cut(&c)
	if leftOut != "" {
		p.leftOut = append(p.leftOut, leftOut)
	}
	if !some {
		return
	}
	if err := cmp.Or(checkName(c.from), checkName(c.to), checkMode(f.OldMode), checkMode(f.NewMode)); err != nil {
		p.refuse(s.line, "%v", err)
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
	p.add(s.step, c)
}

// add adds a change to the current step. Another commit of a series begins a new one, and
// so does a file that is changed a second time, as for git apply.
func (p *parser) add(step int, c change) {
	last := len(p.steps) - 1
	if last < 0 || step != p.step || slices.ContainsFunc(p.steps[last], c.follows) {
		p.steps, p.step = append(p.steps, nil), step
		last++
	}
	p.steps[last] = append(p.steps[last], c)
}

// follows reports whether a change is for the tree that an earlier one leaves.
func (c change) follows(earlier change) bool {
	leaves := func(c change) string {
		if c.from == c.to || c.copied {
			return ""
		}
		return c.from
	}
	return c.to != "" && c.to == earlier.to || leaves(c) != "" && leaves(c) == leaves(earlier)
}

// refuseFolders reports files that are folders of other ones. A step is checked against one
// state of the tree.
func (p *parser) refuseFolders() {
	for _, changes := range p.steps {
		written := map[string]change{}
		for _, c := range changes {
			written[c.to] = c
		}
		for _, c := range changes {
			for _, folder := range above(path.Dir(c.to)) {
				if file, taken := written[folder]; taken && c.to != "" {
					p.problems.Add(p.file, c.line, "%s is in %s, which is a file after line %d", c.to, folder, file.line)
				}
			}
		}
	}
}
