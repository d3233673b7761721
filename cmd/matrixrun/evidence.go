package main

import "github.com/matrixrun/matrixrun/matrix"

// evidenceModes are the values of --evidence.
var evidenceModes = []matrix.EvidenceMode{matrix.EvidenceNone, matrix.EvidenceLeaks, matrix.EvidenceEnds, matrix.EvidenceAll}

// evidenceMode returns which cells keep evidence. Without -o there is no folder
// to keep it in.
func (f runFlags) evidenceMode() matrix.EvidenceMode {
	if f.out == "" {
		return matrix.EvidenceNone
	}
	return matrix.EvidenceMode(f.evidence)
}
