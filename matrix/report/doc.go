// Package report renders the table of a run for the terminal and as Markdown, its
// results as JSON, and both in the forms that other tools take: JUnit XML, CSV, SVG,
// Open Source Vulnerability records, and what GitHub shows of a job.
//
// It is pure: a renderer prints what it was given and changes none of it. What
// a word of the table means, how rows are labelled and which footnotes there
// are was decided with the table, so that no two formats can disagree; what is
// decided here is how it looks.
//
// Much of the text comes from outside: reasons quote compilers and programs
// under test, titles and names come from a suite that somebody else may have
// written. None of it may move the cursor of a terminal, break a table or
// become markup, so all of it goes through plain or escape.
package report
