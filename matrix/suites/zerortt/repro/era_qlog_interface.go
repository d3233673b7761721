//go:build era020 || era021 || era027 || era029 || era032 || era034
// +build era020 era021 era027 era029 era032 era034

package main

import (
	"io"
	"reflect"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/qlog"
)

// trace makes the library write a qlog to w for a connection that is dialed
// with c.
//
// Until v0.34 Tracer is an interface, and qlog.NewTracer takes a function that
// opens the file to write to. Their types are in the package logging, which
// must not be imported: go mod tidy looks for the imports of all eras in the
// newest release, and that no longer has it. So trace uses reflection.
func trace(c *quic.Config, w io.WriteCloser) {
	opened := []reflect.Value{reflect.ValueOf(&w).Elem()}
	newTracer := reflect.ValueOf(qlog.NewTracer)
	open := reflect.MakeFunc(newTracer.Type().In(0), func([]reflect.Value) []reflect.Value { return opened })
	reflect.ValueOf(&c.Tracer).Elem().Set(newTracer.Call([]reflect.Value{open})[0])
}
