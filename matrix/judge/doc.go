// Package judge turns the reports of trials into verdicts on cells. It checks the
// invariants of a row, and compares a patched row with the row without patches.
//
// It is pure. Verdicts are computed from recorded traces each time they are needed,
// so that a change of this package needs no new trials.
//
// # A trial
//
// The outcome that a trial reports is a claim. The trial is proven, and counts, if
// it reports every value of proof that its scenario needs. The suite may ask for more: a
// clean trial must report what it asks for of all clean ones, and a leak must have been
// seen by the side that it names, since the reproduction may cause what its own side
// sees. A clean trial that reports no proof at all never counts. What
// matrixrun observed itself, such as a panic of the target, needs no report and no proof.
// All other trials are inconclusive, and are repeated once.
//
// # A cell
//
// Of n proven trials, k leaked. The first line that is true gives the verdict:
//
//	a process crashed, hung or could not be read     error
//	the datagrams of a trial contradict its outcome  error
//	n = 0, as the two sides of a trial cannot talk   unsupported
//	n = 0                                            vacuous
//	k = n                                            leak
//	k > 0                                            flaky
//	the cell is settled, or n is the whole budget    clean
//	otherwise                                        vacuous
//
// The sequential test of the suite settles a cell early if all of its proven trials
// agree and there are enough of them, at least five. If two disagree, all trials
// run, since it takes all of them to say how flaky the cell is.
//
// A run may want to be surer of some cells; see Sure and matrix.Sure. If all trials of
// such a cell agree, it takes more. One that disagrees makes it flaky, however late it
// comes.
//
// A trial can come out differently because other work delays it. So all trials of a
// flaky cell run again with nothing else running; see Apart.
//
// # A row
//
// If a control or planted scenario does not have the verdict that it must have, the
// other cells of its row do not count either; see Row. Other rows are not affected,
// since each has a binary of its own.
package judge
