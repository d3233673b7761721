package content

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// FileName is the name of the index in the folder of a suite.
const FileName = "releases.index"

// maxSize bounds an index, in bytes. A release takes some 3,000.
const maxSize = 64 << 20

// heading explains the format.
const heading = `# What the files of each release contain, to recognise copies of them by content.
# "matrixrun lock" writes it. The line of a release has its checksum. Below it is what its go.mod says to programs that
# require it: the go line, and the first and last version of each range that is retracted, with the reason. It has the
# files of the release above it, but for these:
#   - PATH                     it does not have the file
#   + PATH TEXT CODE FUNCTIONS it has this one: digests of the text, of the code, and of the longer functions
# "+" and "-" before the digest of a function say whether the file has got it or has lost it. "." is the text of a file
# that is not Go code. "!" follows the path of a file that no build has, "*" that of a file with go:embed directives.
`

// Format returns the index as text. Equal releases give equal bytes, and a new release
// changes only a few lines.
func (x *Index) Format() []byte {
	var out bytes.Buffer
	out.WriteString(heading)
	var before []entry
	for _, r := range x.releases {
		fmt.Fprintf(&out, "release %s %s\n%s", r.version, r.sum, r.goMod())
		for _, e := range before {
			if _, found := slices.BinarySearchFunc(r.files, e, byPath); !found {
				fmt.Fprintf(&out, "- %s\n", e.path)
			}
		}
		for _, e := range r.files {
			old := entry{}
			if at, found := slices.BinarySearchFunc(before, e, byPath); found {
				old = before[at]
			}
			if old != e {
				fmt.Fprintf(&out, "+ %s\n", e.since(old))
			}
		}
		before = r.files
	}
	return out.Bytes()
}

// since returns the entry as the index has it, after another one of the same path.
func (e entry) since(old entry) string {
	flags, text := "", e.text
	if !e.built {
		flags += "!"
	}
	if e.embed {
		flags += "*"
	}
	if text == "" {
		text = noText
	}
	changes := ""
	was, is := slices.Collect(old.functions), slices.Collect(e.functions)
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(is) == 0 || len(was) > 0 && was[0] < is[0]:
			changes, was = changes+"-"+was[0], was[1:]
		case len(was) == 0 || is[0] < was[0]:
			changes, is = changes+"+"+is[0], is[1:]
		default:
			was, is = was[1:], is[1:]
		}
	}
	return strings.TrimRight(strings.Join([]string{e.path + flags, text, e.code, changes}, " "), " ")
}

// noText is written instead of the text of a file that is not Go code.
const noText = "."

// Load reads the index of a suite from its folder; nil if it has none. Messages put the
// name of the folder before that of the file.
func Load(suite fs.FS, name string) (*Index, error) {
	file := path.Join(name, FileName)
	info, err := fs.Stat(suite, FileName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	if err := regular.Check(info, maxSize); err != nil {
		return nil, matrix.Problems{{File: file, Text: err.Error()}}
	}
	data, err := fs.ReadFile(suite, FileName)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return Parse(file, data)
}

// Parse reads an index. The name of the file is for messages. The error is
// matrix.Problems.
func Parse(file string, data []byte) (*Index, error) {
	p := parser{index: Index{digest: checksum.Bytes(data)}}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		if line = strings.TrimSuffix(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		if why := p.line(line); why != "" {
			return nil, matrix.Problems{{File: file, Line: number, Text: why + ": empty the file, and `matrixrun lock` writes it anew"}}
		}
	}
	p.end()
	return &p.index, nil
}

// A parser reads an index line by line.
type parser struct {
	index Index
	now   []entry // files of the release that is being read, by path
}

// line reads one line, and returns what is wrong with it, or "".
func (p *parser) line(line string) string {
	kind, rest, _ := strings.Cut(line, " ")
	if kind != "release" && len(p.index.releases) == 0 {
		return "the first line is not that of a release"
	}
	switch kind {
	case "release":
		p.end()
		version, sum, _ := strings.Cut(rest, " ")
		if n := len(p.index.releases); n > 0 && matrix.CompareVersions(p.index.releases[n-1].version, version) >= 0 {
			return fmt.Sprintf("release %q does not follow the one above it", version)
		}
		p.index.releases = append(p.index.releases, release{version: version, sum: sum})
	case "go":
		p.last().goLine = rest
	case "retract":
		r, ok := parseRetraction(rest)
		if !ok {
			return "this is not a range of versions"
		}
		p.last().retractions = append(p.last().retractions, r)
	case "-":
		at, found := p.find(rest)
		if !found {
			return fmt.Sprintf("the release above has no file %q", rest)
		}
		p.now = slices.Delete(p.now, at, at+1)
	case "+":
		e, ok := p.entry(rest)
		if !ok {
			return "this is not a path with its digests"
		}
		if at, found := p.find(e.path); found {
			p.now[at] = e
		} else {
			p.now = slices.Insert(p.now, at, e)
		}
	default:
		return fmt.Sprintf("the line begins with %q", kind)
	}
	return ""
}

// last returns the release that is being read.
func (p *parser) last() *release { return &p.index.releases[len(p.index.releases)-1] }

// end ends the release that is being read.
func (p *parser) end() {
	if len(p.index.releases) > 0 {
		p.last().files = slices.Clone(p.now)
	}
}

// find returns where a file is, or should be.
func (p *parser) find(path string) (at int, found bool) {
	return slices.BinarySearchFunc(p.now, path, func(e entry, path string) int { return strings.Compare(e.path, path) })
}

// entry is the inverse of entry.since.
func (p *parser) entry(line string) (e entry, ok bool) {
	e.path, line, _ = strings.Cut(line, " ")
	e.path, e.embed = strings.CutSuffix(e.path, "*")
	e.path, ok = strings.CutSuffix(e.path, "!")
	e.built = !ok
	e.text, line, _ = strings.Cut(line, " ")
	e.code, line, _ = strings.Cut(line, " ")
	if e.text == noText {
		e.text = ""
	} else if len(e.text) != textLen {
		return e, false
	}
	var functions []string
	if at, found := p.find(e.path); found {
		functions = slices.Collect(p.now[at].functions)
	}
	for ; len(line) > funcLen; line = line[1+funcLen:] {
		f := line[1 : 1+funcLen]
		_, named := parseName(f[:nameLen])
		at, found := slices.BinarySearch(functions, f)
		switch {
		case line[0] == '+' && named:
			functions = slices.Insert(functions, at, f)
		case line[0] == '-' && found:
			functions = slices.Delete(functions, at, at+1)
		default:
			return e, false
		}
	}
	e.funcs = strings.Join(functions, "")
	return e, line == "" && e.path != "" && len(e.code) == codeLen
}
