package matrix

// A Speech is the way in which a reproduction says what it finds.
type Speech string

// The ways of speaking.
const (
	SpeechTrials Speech = "trials" // it reports trials, with proof, as the topic suites of the manual says
	SpeechExit   Speech = "exit"   // it is a program, whose exit code counts
)

// Speeches returns all ways of speaking.
func Speeches() []Speech { return []Speech{SpeechTrials, SpeechExit} }

// Reports reports whether the reproduction speaks of its trials itself. Otherwise matrixrun
// observes them, see Observation: there is no proof that it could ask for, and no
// evidence, and the suite needs neither a control nor a planted scenario.
func (s Speech) Reports() bool { return s != SpeechExit }
