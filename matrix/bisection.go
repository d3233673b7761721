package matrix

import (
	"regexp"
	"time"
)

// A Presence says whether a state of the target has a defect.
type Presence string

// The presences.
const (
	PresenceThere  Presence = "there"  // a leak was seen
	PresenceAbsent Presence = "absent" // it was shown that nothing leaks

	// PresenceUnreached means that no trial came to the point where it could leak. So the
	// defect does no harm there, and nothing proves that its cause is gone.
	PresenceUnreached Presence = "unreached"

	PresenceUnknown Presence = "unknown" // it could not be found out
)

// A Bisection is where a scenario's verdict changes, over releases or over commits. Every
// format is a function of it, and does not change it.
type Bisection struct {
	Suite    string   `json:"suite"`
	Target   string   `json:"target"`
	Scenario Scenario `json:"scenario"`
	Commits  bool     `json:"commits"` // the states are commits, and not releases
	// Toolchain is the Go release that compiled all states, if one was asked for: what
	// changes, changes in builds with it.
	Toolchain string `json:"toolchain,omitempty"`

	All bool `json:"all"` // every state was tried, and not only as many as it takes to find one change

	Changes []Turn   `json:"changes"` // the oldest first; empty if nothing changes
	Visits  []Visit  `json:"visits"`  // the states that were tried, in that order
	Notes   []string `json:"notes"`   // what the reader should know about the search

	Words Words `json:"-"` // what the suite calls verdicts, as far as it says
}

// Exit returns the exit status of a bisection: ExitUnknown if it is not known which of
// several states made a change.
func (b *Bisection) Exit() int {
	for i := range b.Changes {
		if !b.Changes[i].Exact() {
			return ExitUnknown
		}
	}
	return ExitOK
}

// A TurnKind says how a verdict changes.
type TurnKind string

// The kinds of changes.
const (
	TurnBroken TurnKind = "broken" // the leak is there after it
	TurnFixed  TurnKind = "fixed"  // the leak is gone after it, with proof

	// TurnHidden means that the scenario does not come to the point any more where it
	// leaked, by its proof or by what is on the wire: nothing proves that the leak is gone.
	TurnHidden TurnKind = "hidden"
)

// A Turn is a change of a verdict between two states that were tried.
type Turn struct {
	Kind   TurnKind `json:"kind"`
	Before Visit    `json:"before"`
	After  Visit    `json:"after"`

	// Between are the states before After that could not be tried, one of which may have
	// made the change; empty if it is known that After did.
	Between []HistoryState `json:"between"`

	Why    string   `json:"why"`              // what differs in what the trials of both sides saw
	PR     string   `json:"pr,omitempty"`     // the number in the subject of the commit, without #
	Tag    string   `json:"tag,omitempty"`    // the lowest version that has the commit
	Files  []string `json:"files,omitempty"`  // that the commit changes
	Repeat []string `json:"repeat,omitempty"` // commands that repeat both sides
}

// Exact reports whether it is known which state made the change.
func (t *Turn) Exact() bool { return len(t.Between) == 0 }

// A HistoryState is a release or a commit.
type HistoryState struct {
	Name    string    `json:"name"` // a version, or the full hash of a commit
	Subject string    `json:"subject,omitempty"`
	Time    time.Time `json:"time,omitzero"`
}

// shortHash is the number of digits of a hash in tables and sentences.
const shortHash = 12

// Short returns the name for a table: hashes have their first digits.
func (s HistoryState) Short() string {
	if isHash.MatchString(s.Name) {
		return s.Name[:shortHash]
	}
	return s.Name
}

var isHash = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// A Visit is what the trials of a state showed.
type Visit struct {
	HistoryState
	Presence Presence `json:"presence"`
	Verdict  Verdict  `json:"verdict,omitempty"` // empty if nothing was tried
	State    State    `json:"state"`             // of the row
	Leaks    int      `json:"leaks"`
	Trials   int      `json:"trials"` // proven
	Reason   string   `json:"reason,omitempty"`
	Binary   string   `json:"binary,omitempty"` // "sha256:..."; empty if the answer comes from a log
	From     string   `json:"from,omitempty"`   // as in Cell

	// Frames are those that matter of the deciding trial, if Decoded says that its datagrams
	// were read.
	Frames  []WireFrame `json:"frames,omitempty"`
	Decoded bool        `json:"decoded,omitempty"`

	// Sent has every kind of frame that some trial had, and Always those that every trial
	// had that shows what the visit says. A kind is a frame without packet number, time,
	// code and size. Cut says that a leak ended the connection of some trial, which then had
	// no frames of what comes after it.
	Sent   []WireFrame `json:"-"`
	Always []WireFrame `json:"-"`
	Cut    bool        `json:"-"`

	Log bool `json:"log,omitempty"` // the answer comes from a log

	// Same is the state tried earlier that has the same binary, so that its trials count
	// for this one too. It is empty if this binary is a new one.
	Same string `json:"same,omitempty"`
}

// PresenceOf returns what a cell says about the defect. A cell none of whose trials
// proves anything, although they ran, says that the scenario does not come to the point.
// If some trials prove something and not enough, nothing is known.
func PresenceOf(c Cell) Presence {
	switch {
	case c.Verdict.Leaks():
		return PresenceThere
	case c.Verdict == VerdictClean:
		return PresenceAbsent
	case c.Verdict == VerdictVacuous && c.Trials == 0 && c.Inconclusive > 0:
		return PresenceUnreached
	default:
		return PresenceUnknown
	}
}

// KindOf returns how the verdict changes from one presence to another, and whether it
// does: to be unreached is not to leak.
func KindOf(before, after Presence) (kind TurnKind, changes bool) {
	switch {
	case before == PresenceUnknown || after == PresenceUnknown, (before == PresenceThere) == (after == PresenceThere):
		return "", false
	case after == PresenceThere:
		return TurnBroken, true
	case after == PresenceUnreached:
		return TurnHidden, true
	default:
		return TurnFixed, true
	}
}

var pullRequest = regexp.MustCompile(`\(#([0-9]+)\)\s*$|^Merge pull request #([0-9]+) `)

// PullRequest returns the number of the pull request that the subject of a commit names,
// without #, or "".
func PullRequest(subject string) string {
	found := pullRequest.FindStringSubmatch(subject)
	if found == nil {
		return ""
	}
	return found[1] + found[2]
}
