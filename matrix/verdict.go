package matrix

// A Verdict is the judgement on a cell.
type Verdict string

// The verdicts.
const (
	VerdictLeak        Verdict = "leak"        // every proven trial leaked
	VerdictFlaky       Verdict = "flaky"       // some did
	VerdictClean       Verdict = "clean"       // none did, and as many as were asked for were proven
	VerdictVacuous     Verdict = "vacuous"     // too little was proven to say clean
	VerdictError       Verdict = "error"       // the reproduction crashed or hung, or its control failed
	VerdictUnsupported Verdict = "unsupported" // the suite has no adapter for the release, or its two sides cannot talk
)

// Verdicts returns all verdicts: first those that are known, then the others.
func Verdicts() []Verdict {
	return []Verdict{VerdictLeak, VerdictFlaky, VerdictClean, VerdictVacuous, VerdictError, VerdictUnsupported}
}

// Leaks reports whether a leak was seen, in every proven trial or in some.
func (v Verdict) Leaks() bool { return v == VerdictLeak || v == VerdictFlaky }

// Known reports whether the verdict says what the target does: it leaks, or it
// was shown not to. All other verdicts, and the empty one of a cell that was not
// run, say why that is not known.
func (v Verdict) Known() bool { return v.Leaks() || v == VerdictClean }

// Undecided reports whether trials ran and did not answer their question, so that
// another run may. Unsupported is not undecided: no run can answer it.
func (v Verdict) Undecided() bool { return v == VerdictVacuous || v == VerdictError }

// VerdictCounts counts verdicts by what they say of the target.
type VerdictCounts struct{ Leaking, Clean, Unknown int }

// Add counts a verdict.
func (n *VerdictCounts) Add(v Verdict) {
	switch {
	case v.Leaks():
		n.Leaking++
	case v.Known():
		n.Clean++
	default:
		n.Unknown++
	}
}

// Known returns how many of the verdicts are known.
func (n VerdictCounts) Known() int { return n.Leaking + n.Clean }

// Kills reports whether the cell leaks and the leak can end the connection.
func (c Cell) Kills() bool { return c.Verdict.Leaks() && c.Severity == SeveritySevere }

// Harm ranks what a cell shows the target to do: 0 for no leak, then flaky, leak,
// and both again for a leak that can end the connection. Compare the harm of
// cells with a known verdict only: all others have 0.
func (c Cell) Harm() int {
	harm := 0
	switch c.Verdict {
	case VerdictFlaky:
		harm = 1
	case VerdictLeak:
		harm = 2
	}
	if c.Kills() {
		harm += 2
	}
	return harm
}

// Want returns the verdict that a scenario of this kind has when all is well: a
// planted leak must be seen, everything else should be clean.
func (k Kind) Want() Verdict {
	if k == KindPlanted {
		return VerdictLeak
	}
	return VerdictClean
}

// Holds reports whether the kind is an invariant and the verdict is the one that
// it must have. A control that leaks at times does not hold, and neither does a
// planted leak that is seen at times.
func (k Kind) Holds(v Verdict) bool { return k.Invariant() && v == k.Want() }

// Regressions returns the scenarios that are clean in base, and leak or end in an
// error in row, in the order of scenarios. Planted scenarios leak on purpose and
// cannot regress.
func Regressions(scenarios []Scenario, base, row *RowResult) []string {
	var names []string
	for _, s := range scenarios {
		was, _ := base.Cell(s.Name)
		is, _ := row.Cell(s.Name)
		if s.Kind != KindPlanted && was.Verdict == VerdictClean && (is.Verdict.Leaks() || is.Verdict == VerdictError) {
			names = append(names, s.Name)
		}
	}
	return names
}

// Cures returns the probes and workarounds that leak in base and are clean in row.
func Cures(scenarios []Scenario, base, row *RowResult) []string {
	var names []string
	for _, s := range scenarios {
		was, _ := base.Cell(s.Name)
		is, _ := row.Cell(s.Name)
		if !s.Kind.Invariant() && was.Verdict.Leaks() && is.Verdict == VerdictClean {
			names = append(names, s.Name)
		}
	}
	return names
}
