package matrix

import (
	"path"
	"strings"
)

// A Wire is what the reproduction's own decoder read in the raw datagrams of a
// trial. It does not depend on the library under test.
type Wire struct {
	Agrees bool        `json:"agrees"`           // with the outcome that the trial reports
	Unread string      `json:"unread,omitempty"` // why the datagrams do not tell; empty if they do
	Why    string      `json:"why,omitempty"`    // one line
	Frames []WireFrame `json:"frames,omitempty"` // the ones that matter, in the order in which they were sent
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
	FinalSize uint64 `json:"final_size"` // bytes of the stream, if the frame has it
}

// An Evidence is the files that one trial left for people to look at.
type Evidence struct {
	Trial  Trial          `json:"trial"`            // which left it
	Files  []EvidenceFile `json:"files"`            // by suffix; empty if no trial left any
	None   string         `json:"none,omitempty"`   // why there are no files
	Proven bool           `json:"proven,omitempty"` // whether the reproduction is the reason for None, and not the machine
}

// An EvidenceFile is one file of an Evidence. It is named after the scenario, with
// the suffix.
type EvidenceFile struct {
	Suffix string `json:"suffix"` // with its leading dot, such as ".pcapng"
	Data   []byte `json:"data"`
}

// EvidenceFolder is the folder next to results.json that has the files of all cells.
const EvidenceFolder = "evidence"

// EvidencePath returns the slash-separated path of a cell's file, relative to
// results.json.
func EvidencePath(row, scenario, suffix string) string {
	return path.Join(EvidenceFolder, RowFolder(row), scenario+suffix)
}

// OwnEvidence reports whether a name that was read from a file is an evidence path
// of the cell, and leads nowhere else.
func OwnEvidence(row, scenario, name string) bool {
	suffix, ok := strings.CutPrefix(name, EvidencePath(row, scenario, ""))
	return ok && strings.HasPrefix(suffix, ".") && IsEvidence(name)
}

// IsEvidence reports whether a name is an evidence path of some cell, and leads
// nowhere else.
func IsEvidence(name string) bool {
	return path.Clean(name) == name && !strings.ContainsAny(name, `\:`) &&
		strings.HasPrefix(name, EvidenceFolder+"/") && strings.Count(name, "/") == 2
}

// An EvidenceMode says which cells get evidence.
type EvidenceMode string

// The modes.
const (
	EvidenceNone  EvidenceMode = "none"
	EvidenceLeaks EvidenceMode = "leaks" // cells that leak or are flaky
	EvidenceEnds  EvidenceMode = "ends"  // cells at the ends of each interval: leaks, and clean cells of unpatched rows
	EvidenceAll   EvidenceMode = "all"   // all cells with a known verdict
)

// Wants returns the outcome that a trial must have to be evidence of a verdict, and
// whether a cell with that verdict gets evidence. A verdict that is not known gets
// none. Where intervals end is known only at the end of the run, so EvidenceEnds
// wants cells within intervals too, and KeepEnds drops theirs. A clean cell with
// patches needs none: the leak of the same cell without them shows what they fix.
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

// KeepEnds drops the evidence of all cells except those in rows with which an
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

// endKey returns the cell of a scenario in terms of its interval.
func endKey(scenario, version string, patches []string) string {
	return strings.Join(append([]string{scenario, version}, patches...), " ")
}
