//go:build era020
// +build era020

package main

import (
	"errors"
	"reflect"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// classify returns the kind and the code of an error of v0.20. The type of its
// connection errors is internal, but it has methods that tell the kinds apart
// and a field with the code.
func classify(err error) (kind report.FaultKind, code uint64) {
	var onStream quic.StreamError
	if errors.As(err, &onStream) {
		return report.FaultStream, uint64(onStream.ErrorCode())
	}
	var onConnection interface {
		error
		IsApplicationError() bool
		Timeout() bool
	}
	if !errors.As(err, &onConnection) || onConnection.Timeout() {
		return report.FaultOther, 0
	}
	kind = report.FaultTransport
	if onConnection.IsApplicationError() {
		kind = report.FaultApplication
	}
	code = reflect.Indirect(reflect.ValueOf(onConnection)).FieldByName("ErrorCode").Uint()
	return kind, code
}
