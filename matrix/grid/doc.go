// Package grid makes the one table that every format renders: the results of a
// run with their symbols, footnotes and intervals, the answer in sentences,
// and what of it differs or is not known.
//
// It is pure, and changes nothing of the results that it is given.
//
// # Sentences
//
// The answer tells of each probe and workaround where it leaks, where it is
// flaky and where it is clean, in as many intervals as there are:
//
//	drop-a and drop-b leak in v0.1.0 - v0.4.2 (12 releases), clean from v0.5.0; not known for v0.3.0: build-failed
//
// An interval never goes over a release of which nothing is known, and "from"
// is said only of what reaches the newest release in the table. Scenarios of
// one kind that went alike share a sentence.
//
// # What decides the exit status
//
// A difference was found out and is not as expected; an unknown could not be
// found out. Nothing is both: a cell of which nothing is known does not differ
// from its expectation, whatever that is.
package grid
