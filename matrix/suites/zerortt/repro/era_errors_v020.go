//go:build era020
// +build era020

package main

import (
	"errors"
	"reflect"

	"github.com/quic-go/quic-go"
)

type streamCode = quic.ErrorCode

// classify says what an error of v0.20 stands for. The type of its connection
// errors is internal, but has methods to tell them apart and a field with the code.
func classify(err error) fault {
	var onStream quic.StreamError
	if errors.As(err, &onStream) {
		return fault{faultStream, uint64(onStream.ErrorCode())}
	}
	var onConnection interface {
		error
		IsApplicationError() bool
		Timeout() bool
	}
	if !errors.As(err, &onConnection) || onConnection.Timeout() {
		return fault{}
	}
	kind := faultTransport
	if onConnection.IsApplicationError() {
		kind = faultApplication
	}
	code := reflect.Indirect(reflect.ValueOf(onConnection)).FieldByName("ErrorCode").Uint()
	return fault{kind, code}
}
