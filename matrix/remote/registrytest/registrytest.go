// Package registrytest is a registry on loopback that keeps everything in memory, with
// faults, for tests.
package registrytest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"
)

// A Fault answers a request in place of the registry, which next is.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// A Registry is a server that speaks the OCI distribution specification.
type Registry struct {
	*httptest.Server
	Host string // HOST:PORT

	mu       sync.Mutex
	fault    Fault
	requests []string
}

// Start starts a registry. With TLS, it has a certificate that only its own client trusts.
func Start(t testing.TB, tls bool) *Registry {
	t.Helper()
	r := New(tls)
	t.Cleanup(r.Close)
	return r
}

// New is Start without a test: the caller closes the registry.
func New(tls bool) *Registry {
	r := new(Registry)
	real := ociserver.New(ocimem.New(), nil)
	handler := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		fault := r.fault
		r.requests = append(r.requests, req.Method+" "+req.URL.Path)
		r.mu.Unlock()
		if fault == nil {
			fault = func(w http.ResponseWriter, req *http.Request, next http.Handler) { next.ServeHTTP(w, req) }
		}
		fault(w, req, real)
	})
	if tls {
		r.Server = httptest.NewTLSServer(handler)
	} else {
		r.Server = httptest.NewServer(handler)
	}
	r.Host = r.Listener.Addr().String()
	return r
}

// Break makes the registry answer with a fault from now on; nil mends it.
func (r *Registry) Break(f Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = f
}

// Requests returns the method and the path of each request since it was last called.
func (r *Registry) Requests() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.requests
	r.requests = nil
	return all
}

// Status answers everything with a status code.
func Status(code int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { w.WriteHeader(code) }
}

// Writing applies a fault only to requests that write.
func Writing(f Fault) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
		} else {
			f(w, r, next)
		}
	}
}

// Slow waits before it answers, until the client gives up.
func Slow(by time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		select {
		case <-r.Context().Done():
		case <-time.After(by):
			next.ServeHTTP(w, r)
		}
	}
}

// Blobs applies a change to the contents of blobs that are read.
func Blobs(change func([]byte) []byte) Fault { return reading("/blobs/", change) }

// Manifests applies a change to the contents of manifests that are read.
func Manifests(change func([]byte) []byte) Fault { return reading("/manifests/", change) }

func reading(part string, change func([]byte) []byte) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, part) {
			next.ServeHTTP(w, r)
			return
		}
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		body := kept.Body.Bytes()
		if kept.Code == http.StatusOK {
			body = change(bytes.Clone(body))
		}
		for name, values := range kept.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(kept.Code)
		_, _ = w.Write(body)
	}
}

// Die closes the connection in the middle of blobs that are read.
func Die() Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/blobs/") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Length", "100000")
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte("half"))
		panic(http.ErrAbortHandler)
	}
}

// Flip changes a byte.
func Flip(data []byte) []byte {
	data[len(data)/2] ^= 1
	return data
}
