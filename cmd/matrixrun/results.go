package main

import (
	"io"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
	"github.com/matrixrun/matrixrun/matrix/output"
	published "github.com/matrixrun/matrixrun/results"
)

// shippedResults are the results of each shipped suite that were published when
// the program was made. Everyone with that program has the same ones.
var shippedResults = map[string][]byte{"zerortt": published.Zerortt}

// readShipped reads the shipped results of a suite.
func readShipped(suite string) (*matrix.Results, error) {
	return codec.Read("the published results", shippedResults[suite])
}

// readResults reads what a command line calls RESULTS, or the shipped results of
// zerortt if it is empty.
func readResults(name string) (*matrix.Results, error) {
	if name == "" {
		return readShipped(theSuite)
	}
	return output.Read(name)
}

// publish writes a run to the folder of -o, if there is one.
func publish(dir string, r *matrix.Results, table *matrix.Grid, find output.Finder, stderr io.Writer) error {
	if dir == "" {
		return nil
	}
	run := output.Run{Results: r, Table: table, SuiteArg: suiteArgOf(r), Evidence: find}
	return output.Publish(dir, run, stderr)
}

// suiteArgOf returns how a command line names the suite of results.
func suiteArgOf(r *matrix.Results) string {
	if r.Suite == theSuite {
		return ""
	}
	return r.Suite
}
