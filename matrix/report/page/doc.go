// Package page renders the results of a run as one HTML page that needs nothing
// beside itself: no server, no other file, no request.
//
// It answers first. Whoever runs some release types its version, or pastes a
// go.mod, and reads whether it leaks, how sure that is, and what to do. Below is
// the table as a heat map, in which each cell opens all that is known of it.
//
// The page is whole without JavaScript: the table, what the adviser says of each
// release, scenarios and footnotes are plain HTML, from which the program in the
// page takes them too, so that nothing is told twice. Only the details of the
// cells are data, see details.go: they are many, and much alike.
//
// Like all reports it is pure: it prints what it was given. Texts come from
// outside, and may be hostile. html/template escapes them for where they stand,
// and the page's own content security policy allows no program but the one
// whose hash it names.
package page
