package main

import "github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"

// fault says what an error of the library stands for.
func fault(err error) report.Fault {
	kind, code := classify(err)
	return report.Fault{Kind: kind, Code: code, Err: err}
}
