// Package compare tells what changed between two results of one suite, cell by
// cell, and which of it is for the worse. It is pure.
//
// Rows are matched by their IDs, cells by their scenarios. What a change is:
//
//	worse         a cell that leaks more, or more often: see below. A patch that
//	              does less good than it did, or goes on no longer. A test of the
//	              release that a patch now breaks. A control that is no longer
//	              clean, a planted scenario that no longer leaks. And a row that
//	              the older results lack, a new release, where it leaks more than
//	              the release before it
//	less certain  what was found out and no longer is: a verdict that became
//	              vacuous, error or unsupported, a row that no longer builds or
//	              can no longer be had. Or the same verdict from far fewer trials
//	gone          a row or a scenario that the newer results lack
//	new           one that the older results lack
//	better        the opposite of worse
//	more certain  the opposite of less certain
//	expected      found out the same, where matrix.yaml expects something else now
//
// The answers of a cell have one order, so that what is worse one way is better
// the other way: clean; then leaks of a stream, flaky before always; then leaks
// that can kill the connection, flaky before always. A leak that can now kill the
// connection is worse however rare. Two flaky cells differ where their 95 %
// intervals do not touch. Everything that lies within its interval is noise, and
// not told.
//
// What is known has an order of its own: an answer, unsupported, vacuous, error.
// Fewer trials with the same verdict count as less certain where the interval
// became wider by more than half: some trials prove nothing in any run, and a
// cell or two fewer must not fill a screen. More trials likewise.
//
// A comparison counts against the newer results, for its exit status, where
// something is worse, and where something was known and is not any more: less
// certain for another reason than the number of trials, or gone. Who looks at a
// table that CI keeps must not miss that a cell lost its answer. Results of a
// part of the rows or scenarios are no reason to cry: Options.Part leaves out
// what they lack. New rows that are no worse than the release before them do not
// count, and neither do expectations: whether what was found out is what is
// expected is the exit status of the run. What was flaky and always leaks now is
// worse, and counts only where the intervals do not touch: a cell that leaks 19
// times in 20 must not end every other run.
//
// The release before a new one is the newest in the older results of which the
// scenario's answer is known, with the same patches. Where a new one in between
// leaks less, it is that one: what it mended should stay so.
package compare
