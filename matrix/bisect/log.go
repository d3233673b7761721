package bisect

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A Log keeps the answers of a bisect as text, so that it can go on where it was, and
// so that somebody else can repeat it. Each line has a state and what was seen there:
//
//	suite example sha256:0123
//	scenario late-read
//	there v1.2.0 leak 10/10
//	absent v1.3.0 clean 0/10
//	unreached v1.0.0 vacuous 0/0
//	unknown v1.1.0 build-failed
//	there v1.1.1 leak 10/10 from oci://hub.example/team
type Log struct {
	Suite    string // its name and the digest of its reproduction
	Scenario string
	Entries  []Entry
}

// An Entry is the answer for a state.
type Entry struct {
	Presence matrix.Presence
	State    string // a version, or the full hash of a commit
	Verdict  string // a verdict, or the state of a row that was not tried
	Leaks    int
	Trials   int // proven

	From string // the remote record that the trials are from; empty if they ran here
}

// Find returns the last entry for a state.
func (l *Log) Find(state string) (Entry, bool) {
	for i := len(l.Entries) - 1; i >= 0; i-- {
		if l.Entries[i].State == state {
			return l.Entries[i], true
		}
	}
	return Entry{}, false
}

// Header returns the lines that begin the log.
func (l *Log) Header() string {
	return fmt.Sprintf("# matrixrun bisect: what each state showed; the same command with --log goes on from here\nsuite %s\nscenario %s\n", l.Suite, l.Scenario)
}

// Line returns the line of an entry.
func (e Entry) Line() string {
	from := ""
	if e.From != "" {
		from = " from " + strings.Join(strings.Fields(e.From), " ") // on one line, whatever a folder is called
	}
	if e.Presence == matrix.PresenceUnknown {
		return fmt.Sprintf("%s %s %s%s\n", e.Presence, e.State, e.Verdict, from)
	}
	return fmt.Sprintf("%s %s %s %d/%d%s\n", e.Presence, e.State, e.Verdict, e.Leaks, e.Trials, from)
}

// ParseLog reads a log. The error is of type matrix.Problems and has every mistake, with
// the lines of the file. Empty lines and those that begin with # are skipped. The last
// line may have been cut off when a bisect was stopped: if it has no end, it is skipped.
func ParseLog(file string, data []byte) (*Log, error) {
	var l Log
	var problems matrix.Problems
	if end := bytes.LastIndexByte(data, '\n'); end >= 0 {
		data = data[:end]
	}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case word == "suite":
			l.Suite = rest
		case word == "scenario":
			l.Scenario = rest
		default:
			e, err := parseEntry(line)
			if err != nil {
				problems.Add(file, i+1, "%v", err)
			}
			l.Entries = append(l.Entries, e)
		}
	}
	if l.Suite == "" || l.Scenario == "" {
		problems.Add(file, 0, "it is not the log of a bisect: want lines that begin with suite and scenario")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return &l, nil
}

// mostQuoted is how many characters of a line a message shows.
const mostQuoted = 100

// parseEntry is the inverse of Entry.Line.
func parseEntry(line string) (e Entry, err error) {
	line, from, _ := strings.Cut(line, " from ")
	words := strings.Fields(line)
	e.From = from
	e.Presence = matrix.Presence(words[0])
	want := 4
	switch e.Presence {
	case matrix.PresenceUnknown:
		want = 3
	case matrix.PresenceThere, matrix.PresenceAbsent, matrix.PresenceUnreached:
	default:
		return e, fmt.Errorf("%q: want there, absent, unreached or unknown", text.Cut(words[0], mostQuoted))
	}
	if len(words) != want {
		return e, fmt.Errorf("%q: want %d words", text.Cut(line, mostQuoted), want)
	}
	e.State, e.Verdict = words[1], words[2]
	if want == 3 {
		return e, nil
	}
	leaks, trials, _ := strings.Cut(words[3], "/")
	e.Leaks, err = strconv.Atoi(leaks)
	if err == nil {
		e.Trials, err = strconv.Atoi(trials)
	}
	if err != nil || e.Leaks < 0 || e.Trials < e.Leaks {
		return e, fmt.Errorf("%q: want COUNT/TRIALS, such as 3/10", text.Cut(words[3], mostQuoted))
	}
	return e, nil
}
