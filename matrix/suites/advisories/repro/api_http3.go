//go:build !wrapped
// +build !wrapped

package main

import (
	"crypto/tls"
	"net/http"

	"github.com/quic-go/quic-go/http3"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"
)

// httpServer returns an HTTP/3 server.
func httpServer(conf *tls.Config, handler http.Handler) *http3.Server {
	s := &http3.Server{TLSConfig: conf, Handler: handler, MaxHeaderBytes: advisory.MaxHeaderBytes}
	setConfig(s)
	return s
}
