package trial

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

const (
	// profileName is the file in which tests leave how often code ran.
	profileName = "counts"
	// MaxProfile bounds it, in bytes. One of 50,000 blocks takes 4 MB.
	MaxProfile = 64 << 20
	// maxData bounds the data files from which it is made.
	maxData = 16 << 20
)

// count adds the argument that makes the tests leave how often code of the target ran, in
// a folder.
func (t Tests) count(args []string, dir string) []string {
	if !t.Counted {
		return args
	}
	return append(slices.Clone(args), "-test.coverprofile="+filepath.Join(dir, profileName))
}

// A Profile returns the coverage profile, a text, of the data files of a program that counts
// how often code runs (see build.Counts), by their names; or why they do not say that. A nil
// Profile means that the program does not count.
type Profile func(ctx context.Context, files map[string][]byte) (profile []byte, why string, err error)

// dataFile matches the names of these files.
var dataFile = regexp.MustCompile(`^cov(?:meta|counters)\.[0-9a-f.]+$`)

// counter returns a function that returns how often code of the target ran in a process, from
// what that left in its folder. It is nil if the program does not count.
func (p Program) counter(ctx context.Context, dir string) func() (counts, error) {
	if p.Profile == nil {
		return nil
	}
	return func() (counts, error) {
		names, err := list(dir, "cov")
		if err != nil {
			return nil, wrongf("the files that say which code ran: %v", err)
		}
		files, room := make(map[string][]byte), int64(maxData)
		for _, name := range names {
			if !dataFile.MatchString(name) {
				continue
			}
			data, _, err := regular.Read(filepath.Join(dir, name), room)
			if err != nil {
				return nil, wrongf("the file %s, which says which code ran: %v", name, err)
			}
			files[name], room = data, room-int64(len(data))
		}
		if len(files) == 0 {
			return nil, nil
		}
		profile, why, err := p.Profile(ctx, files)
		if err != nil {
			return nil, err
		}
		if why != "" {
			return nil, wrongf("the files that say which code ran: %s", why)
		}
		return parseCounts(profile).of(p.Defects), nil
	}
}

// of returns those counts that are of packages of the target, by their import paths, and not of
// a reproduction whose module is below that of the target.
func (c counts) of(d Defects) counts {
	all := counts{}
	below := strings.HasPrefix(d.Own, d.Target+"/")
	for block, n := range c {
		if strings.HasPrefix(block, d.Target+"/") && !(below && strings.HasPrefix(block, d.Own+"/")) {
			all[block] = n
		}
	}
	return all
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

// readCounts reads the profile in a folder. It is nil if the tests ended without one.
func readCounts(dir string) (counts, error) {
	data, _, err := regular.Read(filepath.Join(dir, profileName), MaxProfile)
	var wrong *regular.Error
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.As(err, &wrong):
		return nil, wrongf("the file that says which code ran: %v", wrong)
	case err != nil:
		return nil, fmt.Errorf("reading which code ran: %w", err)
	}
	return parseCounts(data), nil
}

// parseCounts reads a coverage profile.
func parseCounts(data []byte) counts {
	c := counts{}
	for line := range strings.Lines(string(data)) {
		block, n, ok := cutCount(strings.TrimSpace(line))
		if !ok {
			continue // the first line, which has the mode
		}
		c[block] += n
	}
	return c
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

// A baseline is how often code of the target runs if the program does nothing, or no test runs:
// when packages are initialised, and in TestMain.
type baseline struct {
	counts counts
	failed string // why that is not known; empty if it is
}

// An idler is an output of a program that does nothing, or of tests of which none runs.
type idler struct {
	reported
	counts counts
}

func (i *idler) Write(p []byte) (int, error) { return len(p), nil }

func (i *idler) onProgress(func()) {}

func (i *idler) finish(end ending) (err error) {
	if end.ran != nil {
		i.counts, err = end.ran()
	} else {
		i.counts, err = readCounts(end.dir)
	}
	return err
}

// idle returns the baseline; nil if the binary does not count. How the process ends does not
// matter if it leaves its counts: a trial will end in the same way.
func (p Program) idle(ctx context.Context, limits Limits) (*baseline, error) {
	out := new(idler)
	var args []string
	switch {
	case p.Profile != nil:
		out.env = []string{matrix.IdleVariable + "=1"}
	case p.Speaks == matrix.SpeechTest && p.Tests.Counted:
		args = p.Tests.args("^$")
	default:
		return nil, nil
	}
	died, err := p.run(ctx, args, limits, out)
	switch {
	case err != nil:
		return nil, err
	case out.counts != nil:
		return &baseline{counts: out.counts}, nil
	case died == nil:
		return &baseline{failed: "nothing was counted"}, nil
	case died.Kind == matrix.FailureTimeout: // on a busy machine, once
		return nil, doubtf("before anything was asked of it: %s", died.Reason)
	default:
		return &baseline{failed: died.Reason}, nil
	}
}

// unproven returns why a trial says nothing about a module, its target, although it ended in
// some way, such as "the test passed": no code of it ran. It is empty if some did.
func (b *baseline) unproven(after counts, ended, target string) string {
	switch {
	case b.failed != "":
		return fmt.Sprintf("%s, and it is not known which code of %s runs before that: %s", ended, target, b.failed)
	case after == nil:
		return fmt.Sprintf("%s, and left no count of the code that ran, as it does by os.Exit or when main returns", ended)
	case !after.more(b.counts):
		return fmt.Sprintf("%s without running any code of %s", ended, target)
	}
	return ""
}
