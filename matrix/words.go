package matrix

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Words are what a suite calls verdicts and severities in text for people, such as
// "panics" in place of a leak and "survives" in place of clean. results.json and
// matrix.yaml always have the verdicts themselves. Every word is optional, see Complete.
type Words struct {
	Leak   Phrase `json:"leak,omitzero"`
	Clean  Phrase `json:"clean,omitzero"`
	Flaky  Phrase `json:"flaky,omitzero"`
	Mild   Phrase `json:"mild,omitzero"`   // what a leak of SeverityMild does
	Severe Phrase `json:"severe,omitzero"` // what a leak of SeveritySevere does
	Part   string `json:"part,omitempty"`  // what the number of a sighting counts, such as "file"
	All    string `json:"all,omitempty"`   // what a sighting is about that concerns all parts, such as "folder"
}

// A Phrase is one of the Words, in the forms that sentences need.
type Phrase struct {
	One  string `json:"one,omitempty"`  // what one scenario does: "leaks" or "is bad"
	Many string `json:"many,omitempty"` // what several do: "leak" or "are bad"
	Past string `json:"past,omitempty"` // what trials did: "leaked" or "had the defect"; of Leak alone
	Noun string `json:"noun,omitempty"` // what there then is: "leak" or "defect"; of Leak alone
	Name string `json:"name,omitempty"` // what a table calls it: "leak" or "bad"
	Sign string `json:"sign,omitempty"` // the symbol in a table, one character; not of Mild
}

// Forms returns the forms of a phrase by the names that they have in matrix.yaml, so that
// they can be read and checked.
func (p *Phrase) Forms() map[string]*string {
	return map[string]*string{"one": &p.One, "many": &p.Many, "past": &p.Past, "noun": &p.Noun, "name": &p.Name, "sign": &p.Sign}
}

// Phrases returns the phrases by the names that they have in matrix.yaml.
func (w *Words) Phrases() map[string]*Phrase {
	return map[string]*Phrase{"leak": &w.Leak, "clean": &w.Clean, "flaky": &w.Flaky, "mild": &w.Mild, "severe": &w.Severe}
}

var (
	// harmlessText matches words that need no care in any format, be it a page, Markdown
	// or a terminal. It says nothing about their length: with it, to compile the expression
	// takes every start of the program some milliseconds.
	harmlessText = regexp.MustCompile(`^[\pL\pN][\pL\pN ,.'/-]*$`)
	// harmlessSign matches symbols that are one column wide.
	harmlessSign = regexp.MustCompile(`^[A-Za-z0-9·~×+]$`)
)

// maxWord is the length of a word, in characters.
const maxWord = 60

// otherSigns are the symbols for verdicts that have no words, and for what is not as
// expected.
const otherSigns = "?E-!"

// CheckWord returns what is wrong with a word of a suite for one form of a phrase, or for
// another name; empty if nothing is.
func CheckWord(form, word string) string {
	switch {
	case form == "sign" && (!harmlessSign.MatchString(word) || strings.Contains(otherSigns, word)):
		return fmt.Sprintf("sign %q: want one letter other than E, a digit, or one of · ~ × +", word)
	case form != "sign" && (utf8.RuneCountInString(word) > maxWord || !harmlessText.MatchString(word)):
		return fmt.Sprintf("%s %q: want at most %d letters, digits, spaces and , . ' / - with a letter or digit first", form, word, maxWord)
	}
	return ""
}

// Mistakes returns what is wrong with the words of a file, a line each, sorted.
func (w Words) Mistakes() (all []string) {
	add := func(form, word string) {
		if wrong := CheckWord(form, word); word != "" && wrong != "" {
			all = append(all, wrong)
		}
	}
	for _, phrase := range w.Phrases() {
		for form, word := range phrase.Forms() {
			add(form, *word)
		}
	}
	add("part", w.Part)
	add("all", w.All)
	if one, other := w.Complete().sameSign(); one != "" {
		all = append(all, fmt.Sprintf("%s and %s have the same sign: each needs its own", one, other))
	}
	slices.Sort(all)
	return all
}

// sameSign returns the names of two phrases with the same sign; empty if there are none.
func (w Words) sameSign() (one, other string) {
	seen := map[string]string{}
	for _, p := range []struct{ name, sign string }{
		{"leak", w.Leak.Sign}, {"clean", w.Clean.Sign}, {"flaky", w.Flaky.Sign}, {"severe", w.Severe.Sign},
	} {
		if first := seen[p.sign]; first != "" {
			return first, p.name
		}
		seen[p.sign] = p.name
	}
	return "", ""
}

// plainWords are for what a suite does not name. They say nothing about the target.
var plainWords = Words{
	Leak:   Phrase{One: "is bad", Past: "had the defect", Noun: "defect", Sign: "x"},
	Clean:  Phrase{One: "is good", Sign: "·"},
	Flaky:  Phrase{One: "is flaky", Sign: "~"},
	Mild:   Phrase{One: "is mild", Name: "mild"},
	Severe: Phrase{One: "can be severe", Name: "severe", Sign: "X"},
	Part:   "part",
	All:    "all",
}

// Complete returns the words with a plain one for each that a suite does not name. A suite
// need only say what one scenario does; plurals and names are made of that.
func (w Words) Complete() Words {
	return Words{
		Leak:   w.Leak.complete(plainWords.Leak),
		Clean:  w.Clean.complete(plainWords.Clean),
		Flaky:  w.Flaky.complete(plainWords.Flaky),
		Mild:   w.Mild.complete(plainWords.Mild),
		Severe: w.Severe.complete(plainWords.Severe),
		Part:   cmp.Or(w.Part, plainWords.Part),
		All:    cmp.Or(w.All, plainWords.All),
	}
}

// complete adds the forms that a phrase does not have.
func (p Phrase) complete(plain Phrase) Phrase {
	p.One = cmp.Or(p.One, plain.One)
	p.Many = cmp.Or(p.Many, many(p.One))
	p.Past = cmp.Or(p.Past, plain.Past)
	p.Noun = cmp.Or(p.Noun, plain.Noun)
	p.Name = cmp.Or(p.Name, strings.TrimPrefix(p.One, "is "))
	p.Sign = cmp.Or(p.Sign, plain.Sign)
	return p
}

// irregular are the plurals of verbs that do not follow the rules.
var irregular = map[string]string{"is": "are", "has": "have", "does": "do", "was": "were"}

// many returns what several things do, of what one does: "leak" of "leaks", "are bad" of
// "is bad", "can hang" of "can hang".
func many(one string) string {
	verb, rest, _ := strings.Cut(one, " ")
	switch {
	case irregular[verb] != "":
		verb = irregular[verb]
	case len(verb) > 4 && strings.HasSuffix(verb, "ies"):
		verb = strings.TrimSuffix(verb, "ies") + "y"
	case endsIn(verb, "sses", "shes", "ches", "xes", "zzes", "oes"):
		verb = strings.TrimSuffix(verb, "es")
	case !strings.HasSuffix(verb, "ss"):
		verb = strings.TrimSuffix(verb, "s")
	}
	return strings.TrimRight(verb+" "+rest, " ")
}

// endsIn reports whether a word has one of some endings.
func endsIn(word string, endings ...string) bool {
	for _, ending := range endings {
		if strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}

// Verb returns what n things do.
func (p Phrase) Verb(n int) string {
	if n == 1 {
		return p.One
	}
	return p.Many
}

// After returns what n things do, after a clause that has its verb already: "drop leaks in
// v0.1.0, clean from v0.2.0".
func (p Phrase) After(n int) string {
	return strings.TrimPrefix(strings.TrimPrefix(p.Verb(n), "is "), "are ")
}

// Base returns the verb after an auxiliary: "leak" or "be bad", as in "it must leak".
func (p Phrase) Base() string {
	if adjective, ok := strings.CutPrefix(p.One, "is "); ok {
		return "be " + adjective
	}
	return p.Many
}

// Do returns the auxiliary verb that can take the place of the phrase for n things: "does"
// or "are", as in "v1.1.0 leaks, and v1.2.0 does".
func (p Phrase) Do(n int) string {
	switch verb, _, _ := strings.Cut(p.Verb(n), " "); {
	case verb == "is" || verb == "are" || verb == "can" || verb == "must":
		return verb
	case n == 1:
		return "does"
	default:
		return "do"
	}
}

// Not returns what n things do instead: "does not leak" or "are not bad".
func (p Phrase) Not(n int) string {
	do := p.Do(n)
	if rest, ok := strings.CutPrefix(p.Verb(n), do+" "); ok {
		return do + " not " + rest
	}
	return do + " not " + p.Base()
}

// Less returns what a release does that is better than another, and not good: "leaks
// less" or "is bad in fewer probes".
func (p Phrase) Less() string { return p.less(p.One) }

// BaseLess is Less after an auxiliary: "leak less" or "be bad in fewer probes".
func (p Phrase) BaseLess() string { return p.less(p.Base()) }

func (p Phrase) less(verb string) string {
	if strings.Contains(p.One, " ") {
		return verb + " in fewer probes"
	}
	return verb + " less"
}

// A returns the noun with its article: "a leak" or "an overflow".
func (p Phrase) A() string {
	if strings.ContainsAny(p.Noun[:min(1, len(p.Noun))], "aeiouAEIOU") {
		return "an " + p.Noun
	}
	return "a " + p.Noun
}

// Nouns returns the noun for n things.
func (p Phrase) Nouns(n int) string {
	if n == 1 {
		return p.Noun
	}
	return p.Noun + "s"
}

// NotShown is what people read in place of VerdictVacuous: no suite has another word for it.
const NotShown = "not shown"

// Of returns the phrase for a verdict that says what the target does, and a phrase with
// nothing but a name for any other.
func (w Words) Of(v Verdict) Phrase {
	switch v {
	case VerdictLeak:
		return w.Leak
	case VerdictClean:
		return w.Clean
	case VerdictFlaky:
		return w.Flaky
	case VerdictVacuous:
		return Phrase{Name: NotShown}
	default:
		return Phrase{Name: string(v)}
	}
}

// Name returns what a table calls a verdict.
func (w Words) Name(v Verdict) string { return w.Of(v).Name }

// NameOf is Name for the text of a range, which may be the state of rows without cells.
func (w Words) NameOf(verdict string) string { return w.Name(Verdict(verdict)) }

// Harm returns what a leak of a severity does; a phrase without words for none.
func (w Words) Harm(s Severity) Phrase {
	switch s {
	case SeverityMild:
		return w.Mild
	case SeveritySevere:
		return w.Severe
	default:
		return Phrase{}
	}
}

// Place names the part that a number of a sighting stands for, or all of them if it is
// negative.
func (w Words) Place(number int64) string {
	if number < 0 {
		return w.All
	}
	return fmt.Sprintf("%s %d", w.Part, number)
}
