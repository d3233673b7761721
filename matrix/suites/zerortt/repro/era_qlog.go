//go:build !(era020 || era021 || era027 || era029 || era032 || era034 || era035 || era037 || era040 || era045 || era053 || era056)
// +build !era020,!era021,!era027,!era029,!era032,!era034,!era035,!era037,!era040,!era045,!era053,!era056

package main

import (
	"context"
	"io"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/qlogwriter"
)

// trace makes the library write a qlog to w for a connection that is dialed
// with c. Dial only one connection with c.
func trace(c *quic.Config, w io.WriteCloser) {
	c.Tracer = func(_ context.Context, isClient bool, id quic.ConnectionID) qlogwriter.Trace {
		t := qlogwriter.NewConnectionFileSeq(w, isClient, id)
		go t.Run()
		return t
	}
}
