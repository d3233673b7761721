package matrix

import (
	"path"
	"strings"
)

// A Wire is what the reproduction's own decoder saw of a trial in the raw
// datagrams, independently of the library under test.
type Wire struct {
	Agrees bool        `json:"agrees"`           // with the outcome that the trial reports
	Unread string      `json:"unread,omitempty"` // why the datagrams say nothing of it; empty where they do
	Why    string      `json:"why,omitempty"`    // one line
	Frames []WireFrame `json:"frames,omitempty"` // those that matter, in the order in which they were sent
}

// A WireFrame is one frame of a packet on the wire.
type WireFrame struct {
	From      string `json:"from"`       // "client" or "server"
	Packet    string `json:"packet"`     // the kind of the packet that carried it
	Number    int64  `json:"number"`     // of that packet
	US        int64  `json:"us"`         // microseconds since the trial began
	Type      string `json:"type"`       // the frame's name in the protocol's own specification
	Stream    int64  `json:"stream"`     // the stream's ID; -1 for the connection
	Code      uint64 `json:"code"`       // the error code that it carries
	FinalSize uint64 `json:"final_size"` // bytes of the stream, where the frame tells
}

// An Evidence is what one trial left for people to look at.
type Evidence struct {
	Trial Trial          `json:"trial"`          // the one that left it
	Files []EvidenceFile `json:"files"`          // by suffix; none where no trial left any
	None  string         `json:"none,omitempty"` // why there are no files
}

// An EvidenceFile is one file of an Evidence. Its name is that of the scenario
// with the suffix.
type EvidenceFile struct {
	Suffix string `json:"suffix"` // with its leading dot, such as ".pcapng"
	Data   []byte `json:"data"`
}

// EvidenceFolder is where the files of all cells are, beside results.json.
const EvidenceFolder = "evidence"

// EvidencePath returns where a file of a cell is, as a slash-separated path
// relative to results.json.
func EvidencePath(row, scenario, suffix string) string {
	return path.Join(EvidenceFolder, row, scenario+suffix)
}

// OwnEvidence reports whether a name that came from a file is one for evidence of
// a cell, and leads nowhere else.
func OwnEvidence(row, scenario, name string) bool {
	suffix, ok := strings.CutPrefix(name, EvidencePath(row, scenario, ""))
	return ok && strings.HasPrefix(suffix, ".") && IsEvidence(name)
}

// IsEvidence reports whether a name is one for evidence of some cell, and leads
// nowhere else.
func IsEvidence(name string) bool {
	return path.Clean(name) == name && !strings.ContainsAny(name, `\:`) &&
		strings.HasPrefix(name, EvidenceFolder+"/") && strings.Count(name, "/") == 2
}

// An EvidenceMode says which cells are to have evidence.
type EvidenceMode string

// The modes.
const (
	EvidenceNone  EvidenceMode = "none"
	EvidenceLeaks EvidenceMode = "leaks" // those that leak, always or at times
	EvidenceEnds  EvidenceMode = "ends"  // those at the ends of each interval, clean ones too where nothing is patched
	EvidenceAll   EvidenceMode = "all"   // all that leak, and all clean ones
)

// Wants returns the outcome of the trial that is to show a verdict, and whether
// a cell with that verdict is to have evidence at all. What could not be found
// out has nothing to show. Where intervals end is known only when all cells are,
// so that those in between are wanted too, until KeepEnds. That a patch cures is
// told by the same cell without it, beside its own trials.
func (m EvidenceMode) Wants(v Verdict, patched bool) (outcome Outcome, wanted bool) {
	switch {
	case v.Leaks():
		return OutcomeLeak, m == EvidenceLeaks || m == EvidenceEnds || m == EvidenceAll
	case v == VerdictClean:
		return OutcomeClean, m == EvidenceEnds && !patched || m == EvidenceAll
	default:
		return "", false
	}
}

// KeepEnds takes the evidence from all cells but those of the rows with which an
// interval of their scenario begins or ends.
func (r *Results) KeepEnds() {
	ends := make(map[string]bool)
	for _, i := range r.Intervals {
		for _, e := range i.Ranges {
			ends[endKey(i.Scenario, e.From, i.Patches)] = true
			ends[endKey(i.Scenario, e.To, i.Patches)] = true
		}
	}
	for _, row := range r.Rows {
		patches := row.PatchNames()
		for i, c := range row.Cells {
			if !ends[endKey(c.Scenario, row.Version(), patches)] {
				row.Cells[i].Evidence = nil
			}
		}
	}
}

// endKey names a cell as intervals do.
func endKey(scenario, version string, patches []string) string {
	return strings.Join(append([]string{scenario, version}, patches...), " ")
}
