// Package compare finds what changed between two results of one suite, cell by cell,
// and which changes are for the worse. It is pure.
//
// Rows are matched by ID, and cells by scenario. These are the kinds of changes:
//
//	worse         a cell that leaks more, or more often, in the order below; a
//	              patch that does less good than before, or no longer applies; a
//	              test of the release that a patch now breaks; a control that is
//	              no longer clean, or a planted scenario that no longer leaks; a
//	              new release that leaks more than the release before it
//	less certain  something that was known and no longer is: a verdict that became
//	              vacuous, error or unsupported, or a row that no longer builds or
//	              is no longer available; the same verdict from far fewer trials
//	gone          a row or scenario that only the older results have
//	new           a row or scenario that only the newer results have
//	better        the opposite of worse
//	more certain  the opposite of less certain
//	expected      the same verdict, but matrix.yaml expects another one now
//
// Known cells are ordered by matrix.Cell.Harm: clean; then leaks of a stream, first
// flaky and then always; then leaks that can end the connection, first flaky and then
// always. So a change that is worse in one direction is better in the other, and a
// leak that can now end the connection is worse however rare it is. Two flaky cells
// differ if their 95 % intervals do not overlap. Differences within the intervals are
// noise and not reported.
//
// What is not known has an order too, from more to less certain: unsupported,
// vacuous, error, not run. Fewer trials with the same verdict are less certain only if
// the interval grew by more than half, since some trials prove nothing in every run.
// The same is true for more trials.
//
// A change counts, and makes the exit status of the comparison 1, if it is worse, or
// if something that was known no longer is: gone, or less certain for another reason
// than the number of trials. These do not count:
//
//   - what is missing in newer results of a part of the rows or scenarios, if
//     Options.Part is set
//   - new rows that are not worse than the release before them
//   - expectations: the exit status of the run itself says whether they are met
//   - a flaky cell that now always leaks while the intervals overlap: a cell that
//     leaks in 19 of 20 trials must not fail every other comparison
//
// The release before a new row is the newest row of the older results, with the same
// patches, in which the scenario's answer is known. If a new row between the two leaks
// less, it takes its place: what it fixed should stay fixed.
package compare
