// Package report writes the table of a run in every format: for a terminal, as
// Markdown and SVG, and in the forms that other tools read: JUnit XML, CSV, Open
// Source Vulnerability records, and what GitHub shows of a job. It also writes what
// other commands find: tables of patches, comparisons, checks and single cells.
//
// Every format of a run is a function of its matrix.Grid alone and changes nothing
// in it. What a word means, how rows are labelled, which footnotes there are and
// what differs was decided with the table, so that no two formats can disagree. A
// format decides only how the table looks. Colours are those of package fills.
//
// Much of the text comes from outside: reasons quote compilers and the programs
// under test, and titles and names come from a suite that somebody else may have
// written. None of it may move the cursor of a terminal, break a table or become
// markup, so all of it goes through plain or escape.
package report
