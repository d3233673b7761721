//go:build era020 || era021 || era027 || era029 || era032 || era034
// +build era020 era021 era027 era029 era032 era034

package main

import (
	"io"
	"reflect"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/qlog"
)

// Until v0.34 a tracer was an interface. It is made of a function that opens what
// it writes to. Its types are those of the package logging, which cannot be
// named: it is gone from the newest release, and go mod tidy looks for the imports
// of all eras there.
func trace(c *quic.Config, w io.WriteCloser) {
	opened := []reflect.Value{reflect.ValueOf(&w).Elem()}
	newTracer := reflect.ValueOf(qlog.NewTracer)
	open := reflect.MakeFunc(newTracer.Type().In(0), func([]reflect.Value) []reflect.Value { return opened })
	reflect.ValueOf(&c.Tracer).Elem().Set(newTracer.Call([]reflect.Value{open})[0])
}
