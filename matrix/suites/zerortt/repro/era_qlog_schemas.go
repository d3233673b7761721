//go:build era056
// +build era056

package main

import (
	"context"
	"io"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/qlog"
	"github.com/quic-go/quic-go/qlogwriter"
)

// trace makes the library write a qlog to w for a connection that is dialed
// with c. From v0.56 to v0.64 it must be told which events the qlog has.
func trace(c *quic.Config, w io.WriteCloser) {
	c.Tracer = func(_ context.Context, isClient bool, id quic.ConnectionID) qlogwriter.Trace {
		t := qlogwriter.NewConnectionFileSeq(w, isClient, id, []string{qlog.EventSchema})
		go t.Run()
		return t
	}
}
