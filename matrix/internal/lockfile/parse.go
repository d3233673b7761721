package lockfile

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// sumPrefix is the prefix of the hash that the go command calls h1, and sumBytes
// the length of the hash; see golang.org/x/mod/sumdb/dirhash.
const (
	sumPrefix = "h1:"
	sumBytes  = 32
)

// Bounds on a lock file that comes from anywhere.
const (
	// MaxSize is the size of a file that is worth reading, in bytes. A release takes
	// some 120, so there is room for 100,000.
	MaxSize = 16 << 20
	// maxLine bounds a line, in bytes. It has room for the longest paths and versions
	// that module proxies and file systems take.
	maxLine = 2 << 10

	// mostQuoted is how many characters of a field a message shows. Those that do not
	// print are escaped, and take up to ten characters then.
	mostQuoted = 100
	// maxMistakes limits how many mistakes are reported. Hundreds of them come from a
	// file that is not a lock.
	maxMistakes = 50
)

// Parse reads a lock file and returns its releases sorted by version: those with a checksum,
// and the others, which are known to exist. If there are mistakes, it reports the first 50 as
// matrix.Problems, and how many there are more. The name of the file appears in messages only.
func Parse(file string, data []byte) (locked, known []matrix.Release, err error) {
	// Versions that differ only in "+incompatible" compare as equal, so they
	// count as the same release.
	p := parser{file: file, unlocked: true, key: func(r matrix.Release) string { return semver.Canonical(r.Version) }}
	all, err := p.parse(data, byVersion)
	for _, r := range all {
		if r.Sum != "" {
			locked = append(locked, r)
		} else {
			known = append(known, r)
		}
	}
	return locked, known, err
}

// ParseForks is Parse for a lock of forks: it returns them sorted by module path and
// version. Two forks may have the same version.
func ParseForks(file string, data []byte) ([]matrix.Release, error) {
	p := parser{file: file, key: func(r matrix.Release) string { return r.Module + "@" + semver.Canonical(r.Version) }}
	return p.parse(data, byModule)
}

// parse implements Parse and ParseForks.
func (p *parser) parse(data []byte, order func(a, b matrix.Release) int) ([]matrix.Release, error) {
	p.seen = make(map[string]int)
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		if len(line) > maxLine {
			p.problems.Add(p.file, number, "has %d bytes: want at most %d in a line", len(line), maxLine)
			continue
		}
		p.line(number, strings.Fields(line))
	}
	if err := p.problems.First(maxMistakes).Err(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.releases, order)
	return p.releases, nil
}

type parser struct {
	file     string
	unlocked bool                        // releases need no checksum
	key      func(matrix.Release) string // what no other line may have
	seen     map[string]int              // line number by key
	releases []matrix.Release
	problems matrix.Problems
}

// line reads one line. It checks every field even after a mistake, so that one run
// reports all mistakes of the line.
func (p *parser) line(number int, fields []string) {
	if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
		return
	}
	if len(fields) != 4 {
		p.problems.Add(p.file, number, "has %d fields: want four, VERSION MODULE SUM TIME, with %q for an unknown time", len(fields), unknown)
		return
	}
	r := matrix.Release{Version: fields[0], Module: fields[1], Sum: fields[2]}
	p.checkVersion(number, r)
	if p.unlocked && r.Sum == unknown {
		r.Sum = ""
	} else {
		p.checkSum(number, r.Sum)
	}
	r.Time = p.parseTime(number, fields[3])
	p.releases = append(p.releases, r)
}

func (p *parser) checkVersion(number int, r matrix.Release) {
	if module.CanonicalVersion(r.Version) != r.Version {
		p.problems.Add(p.file, number, "%q is not a version: want all three numbers and the leading v, such as v0.47.0", text.Cut(r.Version, mostQuoted))
		return
	}
	key := p.key(r)
	if first, ok := p.seen[key]; ok {
		p.problems.Add(p.file, number, "%s is already on line %d: a release has one line", r.Version, first)
		return
	}
	p.seen[key] = number
	if err := module.Check(r.Module, r.Version); err != nil {
		p.problems.Add(p.file, number, "%s", text.Cut(err.Error(), 2*mostQuoted))
	}
}

func (p *parser) checkSum(number int, sum string) {
	encoded, ok := strings.CutPrefix(sum, sumPrefix)
	hash, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil || len(hash) != sumBytes {
		p.problems.Add(p.file, number, "%q is not a checksum: want %s and the base64 of %d bytes, as in go.sum", text.Cut(sum, mostQuoted), sumPrefix, sumBytes)
	}
}

func (p *parser) parseTime(number int, field string) time.Time {
	if field == unknown {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, field)
	// Only UTC is accepted, so that a time can be written in one way only.
	if err != nil || !strings.HasSuffix(field, "Z") {
		p.problems.Add(p.file, number, "%q is not a time: want RFC 3339 in UTC, such as 2024-09-14T10:00:00Z, or %q if it is unknown", text.Cut(field, mostQuoted), unknown)
		return time.Time{}
	}
	return t
}
