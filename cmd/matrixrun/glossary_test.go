package main

import (
	stdhtml "html"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// glossary has words that nobody can guess, and what explains them. WORD stands for the
// meaning of a word in package report.
var glossary = []struct{ word, explained string }{
	{`suites?`, `suite (\S+ )?is SUITE`},
	{`reproduction`, `small program, the\s+reproduction|reproduction, the program that was REPRODUCTION`},
	{`scenarios?`, `things? SCENARIO`},
	{`trials?`, `TRIAL`},
	{`proven`, `PROOF`},
	{`cells?`, `CELL`},
	{`(a|\d+) probes?`, `[Pp]robe asks for`},
	{`workarounds?`, `[Ww]orkaround WORKAROUND`},
	{`planted`, `on purpose`},
	{`adapters?`, `(adapter,|adapter is) ADAPTER`},
	{` locks?`, `lock, which lists the releases`},
	{`expectations?`, `expectation, EXPECTATION`},
	{`intervals?`, `[Ii]nterval is releases|95 % interval|the interval`},
	{`evidence:`, `evidence: v[0-9.]+ \([a-z ]+, [0-9]+ of [0-9]+ trials\)`},
	{`(build-failed|patch-conflict|unavailable)`, `has a state instead`},
	{`still-leaks`, `never`},
	{`inconclusive`, `never`},
	{`flaky`, "flaky`?( +\\|)? (if )?some"},
	{`not shown for`, "not shown`? if too few"},
	{`[^-]unsupported`, "unsupported`? (if |\\| )"},
}

// upperCase matches a WORD.
var upperCase = regexp.MustCompile(`\b[A-Z]{3,}\b`)

// explanation matches what explains a word.
func explanation(pattern string) *regexp.Regexp {
	return regexp.MustCompile(upperCase.ReplaceAllStringFunc(pattern, func(word string) string {
		return regexp.QuoteMeta(report.Meaning(strings.ToLower(word), matrix.Words{}))
	}))
}

// TestGlossary checks that README.md and what is published explain each of these words not
// later than in the paragraph, the table or, in a page, the section that has it first.
func TestGlossary(t *testing.T) {
	words := 0
	for _, file := range []string{
		"README.md", "results/index.html", "results/zerortt/COMPATIBILITY.md", "results/zerortt/index.html",
		"results/zerortt/against-newest/COMPATIBILITY.md", "results/zerortt/forks/COMPATIBILITY.md", "results/zerortt/forks/index.html",
		"results/advisories/COMPATIBILITY.md", "results/advisories/index.html",
	} {
		parts := passages(read(t, filepath.Join(root, filepath.FromSlash(file))), strings.HasSuffix(file, ".html"))
		for _, g := range glossary {
			word, explained := regexp.MustCompile(`(?i)(^|\W)`+g.word+`\b`), explanation(g.explained)
			for i, part := range parts {
				if !word.MatchString(part) {
					continue
				}
				words++
				if !explained.MatchString(strings.Join(parts[:i+1], "\n")) {
					t.Errorf("%s does not explain the word %q where it is first: %.300s", file, word.FindString(part), part)
				}
				break
			}
		}
	}
	if words < 60 {
		t.Errorf("%d words of the glossary in all: that cannot be all", words)
	}
}

var (
	unseen  = regexp.MustCompile(`(?s)<head>.*?</head>|<script.*?</script>|<noscript>.*?</noscript>|<form.*?</form>|<!--.*?-->`)
	tag     = regexp.MustCompile(`(?s)<[^>]*>`)
	listing = regexp.MustCompile("(?s)```.*?```")
	heading = regexp.MustCompile(`(?m)^(#+ .*)\n\n`)
	blanks  = regexp.MustCompile(`\s+`)
)

// passages returns the paragraphs of a document, or the sections of a page, as a reader
// sees them.
func passages(text string, page bool) []string {
	between := "\n\n"
	if page {
		text, between = unseen.ReplaceAllString(text, ""), "<section"
	}
	text = heading.ReplaceAllString(text, "$1\n") // and what follows
	parts := strings.Split(listing.ReplaceAllString(text, ""), between)
	for i, part := range parts {
		if page {
			part = stdhtml.UnescapeString(tag.ReplaceAllString("<"+part, " "))
		}
		parts[i] = blanks.ReplaceAllString(part, " ")
	}
	return parts
}
