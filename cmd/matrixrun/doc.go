// Command matrixrun reports, with proof, which releases of a Go module have a
// defect and which patches cure it.
//
// "matrixrun help" lists its commands and topics, and "matrixrun help manual"
// prints the whole manual, whose source is in internal/manual. The package
// matrix describes the pipeline that answers a question.
package main
