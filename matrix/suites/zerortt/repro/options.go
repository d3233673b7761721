package main

import (
	"reflect"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// options are what the connections of a trial can differ in. The zero value of
// each is the library's default.
type options struct {
	datagrams        bool       // take DATAGRAM frames
	connectionWindow uint64     // bytes that all streams together may send ahead
	streamWindow     uint64     // bytes that one stream may send ahead
	streams          int64      // bidirectional streams that may be open
	qlog             *wire.Qlog // where the library writes what it does; nil: nowhere
	version          uint32     // of QUIC, the only one that is spoken
}

// limit puts the options into a configuration.
func limit(o options, c *quic.Config) *quic.Config {
	c.EnableDatagrams = o.datagrams
	c.MaxIncomingStreams = o.streams
	c.InitialConnectionReceiveWindow, c.MaxConnectionReceiveWindow = o.connectionWindow, o.connectionWindow
	c.InitialStreamReceiveWindow, c.MaxStreamReceiveWindow = o.streamWindow, o.streamWindow
	speak(o.version, c)
	if o.qlog != nil {
		trace(c, o.qlog)
	}
	return c
}

// speak makes a configuration speak one version of QUIC alone. The type of a
// version has had two names; the field is the same.
func speak(version uint32, c *quic.Config) {
	if version == 0 {
		return
	}
	field := reflect.ValueOf(c).Elem().FieldByName("Versions")
	one := reflect.MakeSlice(field.Type(), 1, 1)
	one.Index(0).SetUint(uint64(version))
	field.Set(one)
}
