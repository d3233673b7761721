// Package grid makes the table of a run that every report shows: the results with
// their symbols, footnotes and intervals, the answer in sentences, what differs
// from what is expected, and what could not be found out.
//
// It is pure and does not change the results that it is given.
//
// # Sentences
//
// The answer says of each probe and workaround where it leaks, where it is flaky
// and where it is clean, in as many intervals as there are:
//
//	drop-a and drop-b leak in v0.1.0 - v0.4.2 (12 releases), clean from v0.5.0; not known for v0.3.0: build-failed
//
// An interval never includes a release of which nothing is known, and "from" is
// used only for an interval that reaches the newest release in the table.
// Scenarios of one kind with the same intervals share a sentence.
//
// # Toolchains
//
// What several toolchains make of one release can differ: loops, timers and limits of the
// standard library have changed. These rules keep a table from saying of a release what
// only one toolchain shows:
//
//   - Intervals, and sentences about ranges, count the rows of the toolchains that the
//     suite's rules choose, and no others.
//   - Where the verdict on a scenario depends on the toolchain, an answer and a footnote say
//     so. Advice on the release counts it as not known, and an advisory is compared without it.
//   - Advice on the row of a further toolchain is about builds with that toolchain, and names
//     no other release.
//   - That a further toolchain cannot compile a release is an answer. That it cannot compile
//     the reproduction is not.
//
// # What decides the exit status
//
// A difference was found out and is not as expected. An unknown could not be found
// out. Nothing is both: a cell of which nothing is known does not differ from its
// expectation, whatever that is.
package grid
