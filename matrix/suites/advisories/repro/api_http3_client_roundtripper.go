//go:build roundtripper
// +build roundtripper

package main

import (
	"crypto/tls"
	"net/http"

	"github.com/quic-go/quic-go/http3"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"
)

// httpClient returns an HTTP/3 client. Until v0.47 it is called a RoundTripper.
func httpClient(conf *tls.Config) http.RoundTripper {
	c := &http3.RoundTripper{TLSClientConfig: conf, MaxResponseHeaderBytes: advisory.MaxHeaderBytes}
	setConfig(c)
	return c
}
