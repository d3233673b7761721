// Package judge turns what trials reported into verdicts: of one cell, of a
// row by its invariants, of a patch by the row without it.
//
// It is pure. A verdict is computed anew from the recorded trace whenever it
// is wanted, so that a better judge needs no new trial.
//
// # A trial
//
// What a trial says of itself is a claim. It counts only with every value of
// proof that its scenario needs, a clean one only if the connection that
// nothing leaked into was really used besides, and a leak only if the peer saw
// it: what the reproduction sees of itself may be its own doing. All else is
// inconclusive, and is repeated up to once.
//
// # A cell
//
// Of n trials that count, k leaked. The first that holds is the verdict:
//
//	a process crashed, hung or could not be read   error
//	a capture of the wire contradicts a trial      error
//	n = 0, as the two sides of a trial cannot talk unsupported
//	n = 0                                          vacuous
//	k = n                                          leak
//	k > 0                                          flaky
//	the cell is settled, or n is the whole budget  clean
//	otherwise                                      vacuous
//
// A cell is settled early, by the sequential test that its suite names, where
// all of its proven trials agree and they are enough, five at least. Where two
// of them differ, all trials are run: how flaky a cell is takes a count.
//
// A trial may fail for want of time alone, and its neighbours take that. So a
// flaky cell is tried again with nothing beside it, before it is called so, see
// Apart.
//
// # A row
//
// One control or planted scenario that is not as it must be takes the cells of
// its row with it, see Row. It never takes those of other rows: each is a
// binary of its own.
package judge
