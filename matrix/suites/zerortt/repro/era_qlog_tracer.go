//go:build era035 || era037 || era040 || era045 || era053
// +build era035 era037 era040 era045 era053

package main

import (
	"io"
	"reflect"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/qlog"
)

// From v0.35 to v0.55 a configuration had a function that made tracers. Its types
// are those of the package logging, which cannot be named: it is gone from the
// newest release, and go mod tidy looks for the imports of all eras there.
func trace(c *quic.Config, w io.WriteCloser) {
	to := reflect.ValueOf(&w).Elem()
	newTracer := reflect.ValueOf(qlog.NewConnectionTracer)
	tracer := reflect.ValueOf(&c.Tracer).Elem()
	tracer.Set(reflect.MakeFunc(tracer.Type(), func(args []reflect.Value) []reflect.Value {
		return newTracer.Call([]reflect.Value{to, args[1], args[2]}) // the perspective and the connection ID
	}))
}
