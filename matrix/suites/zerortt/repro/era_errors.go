//go:build !era020
// +build !era020

package main

import (
	"errors"

	"github.com/quic-go/quic-go"
)

type streamCode = quic.StreamErrorCode

// classify says what an error of the library stands for.
func classify(err error) fault {
	var onStream *quic.StreamError
	var transport *quic.TransportError
	var application *quic.ApplicationError
	switch {
	case errors.As(err, &onStream):
		return fault{faultStream, uint64(onStream.ErrorCode)}
	case errors.As(err, &transport):
		return fault{faultTransport, uint64(transport.ErrorCode)}
	case errors.As(err, &application):
		return fault{faultApplication, uint64(application.ErrorCode)}
	default:
		return fault{}
	}
}
