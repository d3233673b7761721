package trial

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

const (
	// profileName is the file in which tests leave how often code ran.
	profileName = "counts"
	// maxProfile bounds it, in bytes. One of 50,000 blocks takes 4 MB.
	maxProfile = 64 << 20
)

// count adds the argument that makes the tests leave how often code of the target ran, in
// a folder.
func (t Tests) count(args []string, dir string) []string {
	if !t.Counted {
		return args
	}
	return append(slices.Clone(args), "-test.coverprofile="+filepath.Join(dir, profileName))
}

// counts are how often blocks of code ran, by their names in a coverage profile. Nil means
// that nobody counts.
type counts map[string]int64

// more reports whether some code ran more often than before.
func (c counts) more(before counts) bool {
	for block, n := range c {
		if n > before[block] {
			return true
		}
	}
	return false
}

// readCounts reads the profile in a folder. It is empty if the tests ended without one.
func readCounts(dir string) (counts, error) {
	data, _, err := regular.Read(filepath.Join(dir, profileName), maxProfile)
	var wrong *regular.Error
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return counts{}, nil
	case errors.As(err, &wrong):
		return nil, wrongf("the file that says which code ran: %v", wrong)
	case err != nil:
		return nil, fmt.Errorf("reading which code ran: %w", err)
	}
	c := counts{}
	for line := range strings.Lines(string(data)) {
		block, n, ok := cutCount(strings.TrimSpace(line))
		if !ok {
			continue // the first line, which has the mode
		}
		c[block] += n
	}
	return c, nil
}

// cutCount reads a line such as "example.com/lib/parse.go:12.2,14.5 2 1": a block, its
// number of statements, and how often it ran.
func cutCount(line string) (block string, n int64, ok bool) {
	at := strings.LastIndexByte(line, ' ')
	if at < 0 || strings.HasPrefix(line, "mode:") {
		return "", 0, false
	}
	n, err := strconv.ParseInt(line[at+1:], 10, 64)
	return line[:at], n, err == nil
}

// An idler is an output of tests of which none runs.
type idler struct {
	reported
	counts counts
}

func (i *idler) Write(p []byte) (int, error) { return len(p), nil }

func (i *idler) onProgress(func()) {}

func (i *idler) finish(end ending) (err error) {
	i.counts, err = readCounts(end.dir)
	return err
}

// idle returns how often code of the target runs if no test does: when the program is
// initialised, and in TestMain. It is nil if the binary does not count.
func (p Program) idle(ctx context.Context, limits Limits) (counts, error) {
	if p.Speaks != matrix.SpeechTest || !p.Tests.Counted {
		return nil, nil
	}
	out := &idler{counts: counts{}}
	// How the process ends does not matter: a test will end in the same way.
	if _, err := p.run(ctx, p.Tests.args("^$"), limits, out); err != nil {
		return nil, err
	}
	return out.counts, nil
}
