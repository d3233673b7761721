package main

import "github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"

// fault returns an error of the library together with its kind and code.
func fault(err error) report.Fault {
	kind, code := classify(err)
	return report.Fault{Kind: kind, Code: code, Err: err}
}
