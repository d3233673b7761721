package main

import (
	"reflect"

	"github.com/quic-go/quic-go"

	"github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro/wire"
)

// options are the settings in which the connections of trials differ. A zero
// field means the library's default.
type options struct {
	datagrams        bool       // support DATAGRAM frames
	connectionWindow uint64     // flow control of the connection, in bytes
	streamWindow     uint64     // flow control of each stream, in bytes
	streams          int64      // bidirectional streams that may be open at a time
	qlog             *wire.Qlog // where the library writes its qlog; nil: no qlog
	version          uint32     // the only version of QUIC to use; 0: the library's default
}

// applyOptions sets the options in a configuration, and returns it.
func applyOptions(o options, c *quic.Config) *quic.Config {
	c.EnableDatagrams = o.datagrams
	c.MaxIncomingStreams = o.streams
	c.InitialConnectionReceiveWindow, c.MaxConnectionReceiveWindow = o.connectionWindow, o.connectionWindow
	c.InitialStreamReceiveWindow, c.MaxStreamReceiveWindow = o.streamWindow, o.streamWindow
	setVersion(o.version, c)
	if o.qlog != nil {
		trace(c, o.qlog)
	}
	return c
}

// setVersion restricts a configuration to one version of QUIC, unless it is 0.
// It uses reflection because the type of the elements of Versions has changed
// its name.
func setVersion(version uint32, c *quic.Config) {
	if version == 0 {
		return
	}
	field := reflect.ValueOf(c).Elem().FieldByName("Versions")
	one := reflect.MakeSlice(field.Type(), 1, 1)
	one.Index(0).SetUint(uint64(version))
	field.Set(one)
}
