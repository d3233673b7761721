// Package report says what a trial saw, and what it tells of it: the journal that
// both sides write, and the report that is concluded from it and held against
// the wire.
//
// It needs nothing of the library under test, and so is compiled once for all
// releases that share a toolchain. Errors of the library come in as faults.
package report
