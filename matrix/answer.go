package matrix

import "slices"

// An Answer says whether a probe's leak affects a program through one use of the target,
// and what proves it if not.
type Answer string

// The answers. All but the last two are all-clears.
const (
	AnswerClean      Answer = "clean"       // the code was measured, and the probe does not leak
	AnswerUntestable Answer = "untestable"  // no trial got as far, as the suite expects of the release
	AnswerUnaffected Answer = "unaffected"  // no scenario can happen in the release
	AnswerNotReached Answer = "not-reached" // the program never gets to the leak, or to what was not measured
	AnswerLeaks      Answer = "leaks"       // it leaks where the program gets to, or may get to
	AnswerUnknown    Answer = "unknown"     // everything else
)

// A ProbeAnswer is the answer for one probe.
type ProbeAnswer struct {
	Probe  string `json:"probe"`
	Answer Answer `json:"answer"`
}

// A FamilyAnswer is the answer for a family.
type FamilyAnswer struct {
	Family string `json:"family"`
	Answer Answer `json:"answer"` // that of its probes which says the most: see answersByWeight
}

// answersByWeight orders the answers for probes by which decides that for their family. Not
// reached comes after unknown: one probe that is not known leaves the family open.
var answersByWeight = []Answer{AnswerLeaks, AnswerUnknown, AnswerNotReached, AnswerUntestable, AnswerUnaffected, AnswerClean}

// Affected says whether leaks affect a program. The zero value means the same as
// AffectedUnknown.
type Affected string

// Whether leaks affect a program.
const (
	AffectedTrue    Affected = "true"
	AffectedFalse   Affected = "false" // that has proof
	AffectedUnknown Affected = "unknown"
)

// Conclude sets the answers of a check and of its uses, from everything else that the
// check has. All formats and the exit status go by what it sets: nothing else decides
// that a program is not affected.
//
// A use without an answer makes the check unknown. So do modules that were not looked at,
// unless something is known to leak.
func (c *Check) Conclude() {
	var all []Affected
	for i := range c.Uses {
		u := &c.Uses[i]
		u.Answers = []ProbeAnswer{}
		for _, probe := range c.Probes {
			u.Answers = append(u.Answers, ProbeAnswer{probe, u.answer(probe)})
		}
		u.Families = nil
		for _, f := range c.Families {
			u.Families = append(u.Families, FamilyAnswer{f.Name, u.familyAnswer(&f)})
		}
		u.Affected = u.concluded(c.FailOn)
		all = append(all, u.Affected)
	}
	switch {
	case slices.Contains(all, AffectedUnknown):
		c.Affected = AffectedUnknown
	case slices.Contains(all, AffectedTrue):
		c.Affected = AffectedTrue
	case len(c.Unseen) > 0 || c.Partial != "" || c.Looked == 0 || len(c.Probes) == 0:
		c.Affected = AffectedUnknown
	default:
		c.Affected = AffectedFalse
	}
}

// answer returns the answer for a probe.
func (u *Use) answer(probe string) Answer {
	a := u.Advice
	switch {
	case u.Unknown != "":
		return AnswerUnknown
	case u.Unaffected != "":
		return AnswerUnaffected
	case a == nil || a.State != StateOK:
		return AnswerUnknown
	case slices.Contains(a.Clean, probe):
		return AnswerClean
	case slices.Contains(a.Untestable, probe):
		return AnswerUntestable
	case u.ReachOf(probe) == NotReached:
		return AnswerNotReached
	case slices.Contains(a.Leaks, probe):
		return AnswerLeaks
	default:
		return AnswerUnknown
	}
}

// familyAnswer returns the answer for a family. A probe of it that the results do not have
// is unknown, unless nothing can happen in the release.
func (u *Use) familyAnswer(f *Family) Answer {
	var answers []Answer
	for _, probe := range f.Scenarios {
		answers = append(answers, u.answer(probe))
	}
	for _, a := range answersByWeight {
		if slices.Contains(answers, a) {
			return a
		}
	}
	return AnswerUnknown
}

// concluded says whether a use affects the program. What is known to leak outranks what
// is not known of the same code. Leaks that the program never gets to count if all do.
func (u *Use) concluded(on FailOn) Affected {
	affected := AffectedFalse
	if len(u.Answers) == 0 {
		affected = AffectedUnknown // the results have no probes
	}
	for _, p := range u.Answers {
		switch {
		case p.Answer == AnswerLeaks, p.Answer == AnswerNotReached && on == FailOnBuilt && slices.Contains(u.Advice.Leaks, p.Probe):
			return AffectedTrue
		case p.Answer == AnswerUnknown, p.Answer == AnswerNotReached && on == FailOnBuilt:
			affected = AffectedUnknown
		}
	}
	return affected
}

// AnswerFor returns the answer for a probe that Conclude set.
func (u *Use) AnswerFor(probe string) Answer {
	for _, p := range u.Answers {
		if p.Probe == probe {
			return p.Answer
		}
	}
	return AnswerUnknown
}

// Exit returns the exit status of a check.
func (c *Check) Exit() int {
	switch c.Affected {
	case AffectedFalse:
		return ExitOK
	case AffectedTrue:
		return ExitDiffers
	default:
		return ExitUnknown
	}
}
