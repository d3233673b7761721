// Package page renders the table of a run as one HTML page. The page needs nothing
// else: no server, no other file, no request.
//
// It answers first. A reader types the version of a release, or pastes a text about a
// build, and learns whether it leaks, how sure that is, and what to do. The page reads
// such texts by the rules of package program, which testdata/texts.txtar holds both to.
// Other pages next to it, such as that of forks, are linked, and it answers for their rows.
// Below is the table as a heat map, in which every cell opens everything that is known
// of it.
//
// The page is complete without JavaScript. The table, the advice on each release, the
// scenarios and the footnotes are plain HTML, and the program in the page reads them
// from there, so that nothing is in the page twice. Rows with the same advice refer to
// the first of them, see share.go. Only the details of the cells are data, see
// details.go: they are many, and most are the same.
//
// Like every report it is pure. Texts come from outside and may be hostile:
// html/template escapes them for their context, and the page's content security
// policy allows no program but the one whose hash it has.
package page
