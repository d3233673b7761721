package main

import (
	"io"
	"io/ioutil" //nolint:staticcheck // Go 1.16
	"net/http"
	"reflect"

	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/advisory"
	"github.com/matrixrun/matrixrun/matrix/suites/advisories/repro/victim"
)

// runHTTP runs an HTTP/3 server that reports how large the headers and trailers of each
// request are.
func runHTTP([]string) error {
	socket, err := listenUDP()
	if err != nil {
		return err
	}
	conf, err := serverTLS()
	if err != nil {
		return err
	}
	s := httpServer(conf, http.HandlerFunc(handle))
	emit(victim.Event{Listening: socket.LocalAddr().String()})
	return s.Serve(socket)
}

// handle reads a request, and reports it.
func handle(w http.ResponseWriter, r *http.Request) {
	_, err := io.ReadAll(r.Body)
	report(r.URL.Path, r.Header, r.Trailer, err)
}

// report reports how a request or response was read, whose body ended with err.
func report(path string, header, trailer http.Header, err error) {
	e := victim.Event{Handled: path, Headers: fieldsSize(header), Trailers: fieldsSize(trailer)}
	if err != nil {
		e.ReadError = err.Error()
	}
	emit(e)
}

// runHTTPClient makes two requests to a server, the second one when the first has ended,
// each on a connection of its own.
func runHTTPClient(args []string) error {
	for _, path := range []string{advisory.AttackPath, advisory.HonestPath} {
		transport := httpClient(clientTLS())
		response, err := (&http.Client{Transport: transport}).Get("https://" + args[0] + path)
		if err != nil {
			report(path, nil, nil, err)
			continue
		}
		_, err = io.Copy(ioutil.Discard, response.Body)
		report(path, response.Header, response.Trailer, err)
	}
	return nil
}

// fieldsSize returns the size of a field section (RFC 9114, section 4.2.2).
func fieldsSize(h http.Header) (size int) {
	for name, values := range h {
		for _, v := range values {
			size += len(name) + len(v) + 32
		}
	}
	return size
}

// setConfig sets the QUIC configuration of a server or client, whose field has changed its
// name.
func setConfig(of interface{}) {
	v := reflect.ValueOf(of).Elem()
	f := v.FieldByName("QUICConfig")
	if !f.IsValid() {
		f = v.FieldByName("QuicConfig")
	}
	f.Set(reflect.ValueOf(config()))
}
