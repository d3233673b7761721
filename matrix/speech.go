package matrix

import "slices"

// A Speech is the way in which a reproduction says what it finds.
type Speech string

// The ways of speaking.
const (
	SpeechTrials Speech = "trials" // it reports trials, with proof, as the topic suites of the manual says
	SpeechExit   Speech = "exit"   // it is a program, whose exit code counts
	SpeechTest   Speech = "test"   // it is a package with tests, which pass or fail
)

// Speeches returns all ways of speaking.
func Speeches() []Speech { return []Speech{SpeechTrials, SpeechExit, SpeechTest} }

// Reports reports whether the reproduction speaks of its trials itself. Otherwise matrixrun
// observes them, see Observation: there is no proof that it could ask for, and no
// evidence, and the suite needs neither a control nor a planted scenario.
func (s Speech) Reports() bool { return s != SpeechExit && s != SpeechTest }

// IdleVariable makes a program of SpeechExit that counts how often its target's code runs end
// before its main function. What has been counted by then says nothing about the program:
// packages are initialised.
const IdleVariable = "MATRIXRUN_IDLE"

// Tests says what the reproduction of SpeechTest consists of.
type Tests struct {
	Packages []string // folders of the packages with the tests, in the reproduction's: "." for itself
	Files    []string // slash-separated paths below Spec.Files, sorted
}

// PackageArg returns the package in a folder as the go command takes it in the folder of
// the module: "." and "parse" become "." and "./parse".
func PackageArg(folder string) string {
	if folder == "." {
		return "."
	}
	return "./" + folder
}

// TestPackages returns the packages whose tests these scenarios are, in the order in which
// the scenarios name them: none if the scenarios are no tests.
func TestPackages(scenarios []Scenario) (folders []string) {
	for _, s := range scenarios {
		if s.Package != "" && !slices.Contains(folders, s.Package) {
			folders = append(folders, s.Package)
		}
	}
	return folders
}
