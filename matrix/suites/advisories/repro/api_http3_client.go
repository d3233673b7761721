//go:build !roundtripper
// +build !roundtripper

package main

import (
	"crypto/tls"
	"net/http"

	"github.com/quic-go/quic-go/http3"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"
)

// httpClient returns an HTTP/3 client.
func httpClient(conf *tls.Config) http.RoundTripper {
	c := &http3.Transport{TLSClientConfig: conf, MaxResponseHeaderBytes: advisory.MaxHeaderBytes}
	setConfig(c)
	return c
}
