package spec

import (
	"cmp"
	"math"
	"path"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// mostTrials bounds trials. A trace has room for 100,000.
const mostTrials = 100_000

var speeches = words(matrix.Speeches())

// checkSpeaks checks how the reproduction speaks, and that it is not asked for more than
// it then can say.
func (r *reader) checkSpeaks(d *document) {
	if d.speaks.given() && !slices.Contains(speeches, d.speaks.value) {
		r.addf(d.speaks.line, "unknown way of speaking %q: %s", d.speaks.value, text.Hint(d.speaks.value, speeches))
		return
	}
	if n := d.trials.value; d.trials.given() && (n < 1 || n > mostTrials || n != math.Trunc(n)) {
		r.addf(d.trials.line, "trials is %v: want a number from 1 to %d", n, mostTrials)
	}
	r.checkTestPackages(d)
	if d.speech().Reports() {
		return
	}
	for _, asked := range []struct {
		name string
		yes  bool
	}{{"evidence", d.evidence}, {"peer", d.peer}, {"proof", d.proof.line > 0}} {
		if asked.yes {
			r.addf(d.speaks.line, "%s is for a reproduction that speaks trials: remove it, since this one speaks %s", asked.name, d.speaks.value)
		}
	}
}

// checkTestPackages checks the names of the packages with tests.
func (r *reader) checkTestPackages(d *document) {
	lines := map[string]int{}
	for _, p := range d.packages {
		folder := path.Clean(p.value)
		switch first, again := lines[folder]; {
		case d.speech() != matrix.SpeechTest:
			r.addf(p.line, "package is for a reproduction that speaks test: remove it")
		case !localPath(p.value):
			r.addf(p.line, "package %q is outside the reproduction: want a folder in it, with forward slashes", p.value)
		case again:
			r.addf(p.line, "package %q is already on line %d: remove one of the two", p.value, first)
		}
		lines[folder] = p.line
	}
}

// checkSpeech reports keys of a scenario that do not fit the way in which the
// reproduction speaks.
func (r *reader) checkSpeech(scenario table, speech matrix.Speech) {
	for _, key := range []struct {
		name string
		fits bool
	}{{"proof", speech.Reports()}, {"args", speech == matrix.SpeechExit}, {"test", speech == matrix.SpeechTest}, {"package", speech == matrix.SpeechTest}} {
		n, ok := scenario.values[key.name]
		if ok && !key.fits {
			r.addf(n.Line, "%s is not for a reproduction that speaks %s: remove it", key.name, cmp.Or(speech, matrix.SpeechTrials))
		}
	}
}
