//go:build !era020
// +build !era020

package main

import (
	"errors"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/report"
)

// classify returns the kind and the code of an error of the library.
func classify(err error) (kind report.FaultKind, code uint64) {
	var onStream *quic.StreamError
	var transport *quic.TransportError
	var application *quic.ApplicationError
	switch {
	case errors.As(err, &onStream):
		return report.FaultStream, uint64(onStream.ErrorCode)
	case errors.As(err, &transport):
		return report.FaultTransport, uint64(transport.ErrorCode)
	case errors.As(err, &application):
		return report.FaultApplication, uint64(application.ErrorCode)
	default:
		return report.FaultOther, 0
	}
}
