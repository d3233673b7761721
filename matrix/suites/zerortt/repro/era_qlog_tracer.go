//go:build era035 || era037 || era040 || era045 || era053
// +build era035 era037 era040 era045 era053

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
// From v0.35 to v0.55 Tracer is a function that returns a tracer. Its types
// are in the package logging, which must not be imported: go mod tidy looks
// for the imports of all eras in the newest release, and that no longer has
// it. So trace uses reflection.
func trace(c *quic.Config, w io.WriteCloser) {
	to := reflect.ValueOf(&w).Elem()
	newTracer := reflect.ValueOf(qlog.NewConnectionTracer)
	tracer := reflect.ValueOf(&c.Tracer).Elem()
	tracer.Set(reflect.MakeFunc(tracer.Type(), func(args []reflect.Value) []reflect.Value {
		return newTracer.Call([]reflect.Value{to, args[1], args[2]}) // the perspective and the connection ID
	}))
}
