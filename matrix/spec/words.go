package spec

import (
	"go.yaml.in/yaml/v4"

	"github.com/matrixrun/matrixrun/matrix"
)

// forms are the keys of a phrase.
var forms = []string{"one", "many", "past", "noun", "name", "sign"}

// readWords reads what the suite calls verdicts and severities. Each phrase is a text,
// what one scenario does, or a mapping with its forms.
func (r *reader) readWords(document table) (w matrix.Words) {
	n, ok := document.values["words"]
	if !ok {
		return w
	}
	t := r.table(n, "words", "leak", "clean", "flaky", "mild", "severe", "part", "all")
	for name, phrase := range w.Phrases() {
		if n, ok := t.values[name]; ok {
			r.readPhrase(n, name, t, phrase)
		}
	}
	w.Part, w.All = r.word(t, "part", "part"), r.word(t, "all", "all")
	if len(r.problems) == 0 {
		for _, wrong := range w.Mistakes() { // what is wrong with two of them together
			r.addf(t.line, "%s", wrong)
		}
	}
	return w
}

// readPhrase reads the forms of one phrase.
func (r *reader) readPhrase(n *yaml.Node, name string, words table, phrase *matrix.Phrase) {
	if resolve(n).Kind == yaml.ScalarNode {
		phrase.One = r.word(words, name, "one")
		return
	}
	t := r.table(n, name, forms...)
	for form, word := range phrase.Forms() {
		*word = r.word(t, form, form)
	}
}

// word reads the text of a key for a form, and reports what is wrong with it.
func (r *reader) word(t table, key, form string) string {
	read := t.text(key)
	if wrong := matrix.CheckWord(form, read.value); read.given() && wrong != "" {
		r.addf(read.line, "words: %s", wrong)
	}
	return read.value
}

// spoken adds the words that fit the way in which a reproduction speaks, where the suite
// has none.
func spoken(w matrix.Words, speech matrix.Speech) matrix.Words {
	if speech != matrix.SpeechTest {
		return w
	}
	if w.Leak == (matrix.Phrase{}) {
		w.Leak = matrix.Phrase{One: "fails", Past: "failed", Noun: "failure"}
	}
	if w.Clean == (matrix.Phrase{}) {
		w.Clean = matrix.Phrase{One: "passes"}
	}
	return w
}
