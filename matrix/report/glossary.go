package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
)

// glossary has what explains each word that nobody can guess: the clause that every text
// which explains it has. The words of a suite are between braces.
var glossary = map[string]string{
	"suite":        "a folder that asks one question",
	"reproduction": "compiled with each build",
	"adapter":      "the code for releases with one API",
	"scenario":     "that an application does",
	"probe":        "asks for the {noun}",
	"workaround":   "is meant to avoid",
	"trial":        "one run of a scenario",
	"proof":        "proven if it reports that it did what the scenario says",
	"cell":         "one scenario on one build",
	"planted":      "on purpose: it shows that {a noun} would be seen",
	"expectation":  "the verdict that matrix.yaml expects",

	string(matrix.VerdictLeak):        "every proven trial {past}",
	string(matrix.VerdictClean):       "no proven trial {past}",
	string(matrix.VerdictFlaky):       "some of the proven trials {past}",
	string(matrix.VerdictVacuous):     "too few trials were proven",
	string(matrix.VerdictError):       "the reproduction crashed or hung, or cannot be believed",
	string(matrix.VerdictUnsupported): "the suite has no adapter for the release, or its two sides cannot talk",
}

// Meaning returns the clause that explains a word of the glossary or a verdict, in the words
// of a suite.
func Meaning(word string, w matrix.Words) string {
	return strings.NewReplacer("{noun}", w.Leak.Noun, "{a noun}", w.Leak.A(), "{past}", w.Leak.Past).Replace(glossary[word])
}

// Glossary returns the words that Meaning explains.
func Glossary() []string { return slices.Sorted(maps.Keys(glossary)) }
