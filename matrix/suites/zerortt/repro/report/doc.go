// Package report has the journal, in which both sides of a trial record what
// they see, and the report that is made from it and compared with the wire.
//
// It does not use the library under test, so it is compiled once for all
// releases that share a toolchain. The caller turns errors of the library into
// a Fault.
package report
