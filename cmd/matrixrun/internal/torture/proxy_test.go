package torture

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
)

// A proxy is in front of a server, such as one for modules, and misbehaves for those who ask
// it to.
type proxy struct {
	address string // URL
	forward http.Handler
	slowest time.Duration // how long an answer may take

	mu    sync.Mutex
	tried map[string]int // how often it misbehaved, by fault
	asked map[string]int // how often it was asked, by path
}

// newProxy starts a proxy in front of the server with this URL.
func newProxy(t *testing.T, server string) *proxy {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(to)
	forward.ErrorLog = log.New(io.Discard, "", 0) // clients that are killed
	p := &proxy{forward: forward, tried: make(map[string]int), asked: make(map[string]int), slowest: 2 * time.Second}
	front := httptest.NewServer(p)
	t.Cleanup(front.Close)
	p.address = front.URL
	return p
}

// good returns the GOPROXY of a proxy that behaves.
func (p *proxy) good() string { return p.address + "/mod" }

// bad returns the GOPROXY of a proxy that misbehaves in one of so many percent of all
// answers. The seed decides in which, and how.
func (p *proxy) bad(seed uint64, percent int) string {
	return fmt.Sprintf("%s/%s/mod", p.address, badly(seed, percent))
}

// badly returns the element of a path that asks a proxy to misbehave.
func badly(seed uint64, percent int) string { return fmt.Sprintf("bad-%d-%d", seed, percent) }

// badPath matches the path of a request that asks for it. A registry has all of its paths
// below /v2.
var badPath = regexp.MustCompile(`^(/v2)?/bad-(\d+)-(\d+)/`)

// An improper is an answer that a proxy is about to spoil.
type improper struct {
	http.ResponseWriter
	request *http.Request
	proper  *bytes.Buffer // the body that it should have
	draw    *rand.Rand
	slowest time.Duration // how long it may take
}

// half returns the first half of the proper body.
func (a improper) half() []byte { return a.proper.Bytes()[:a.proper.Len()/2] }

// A proxyFault is one way to misbehave.
type proxyFault struct {
	name  string
	serve func(improper)
}

// proxyFaults are all ways to misbehave.
var proxyFaults = []proxyFault{
	{"status 500", func(a improper) { http.Error(a, "the proxy is out of order", http.StatusInternalServerError) }},
	{"status 404", func(a improper) { http.NotFound(a, a.request) }},
	{"status 401", func(a improper) { http.Error(a, "who are you?", http.StatusUnauthorized) }},
	{"status 429", func(a improper) { http.Error(a, "too many requests", http.StatusTooManyRequests) }},
	{"wrong bytes", func(a improper) {
		if data := a.proper.Bytes(); len(data) > 0 {
			data[a.draw.IntN(len(data))] ^= 1 << a.draw.IntN(8)
		}
		_, _ = a.proper.WriteTo(a)
	}},
	{"cut short", func(a improper) { _, _ = a.Write(a.half()) }},
	{"closed within", func(a improper) {
		a.Header().Set("Content-Length", strconv.Itoa(a.proper.Len()+1))
		_, _ = a.Write(a.half())
	}},
	{"closed before", func(improper) { panic(http.ErrAbortHandler) }},
	{"slow", func(a improper) {
		for range 4 {
			time.Sleep(upTo(a.draw, a.slowest/4))
			_, _ = a.Write(a.proper.Next(1 + a.proper.Len()/4))
			_ = http.NewResponseController(a.ResponseWriter).Flush()
		}
		_, _ = a.proper.WriteTo(a)
	}},
	{"redirect loop", func(a improper) { http.Redirect(a, a.request, a.request.RequestURI, http.StatusFound) }},
	{"web page", func(a improper) { fmt.Fprint(a, "<!DOCTYPE html><title>Sign in</title>") }},
	{"empty", func(improper) {}},
}

// upTo returns a random duration below a limit.
func upTo(draw *rand.Rand, limit time.Duration) time.Duration {
	return time.Duration(draw.Int64N(int64(limit)))
}

// serve starts a proxy for the modules in a folder.
func serve(t *testing.T, dir string) *proxy {
	t.Helper()
	modules, err := goproxytest.NewServer(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(modules.Close)
	return newProxy(t, strings.TrimSuffix(modules.URL, "/mod"))
}

// ServeHTTP answers a request, properly or not.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	bad := badPath.FindStringSubmatch(path)
	if bad == nil {
		p.forward.ServeHTTP(w, r)
		return
	}
	fault, draw := p.choose(path, bad[2], bad[3])
	r.URL.Path = bad[1] + "/" + strings.TrimPrefix(path, bad[0])
	if fault == nil {
		p.forward.ServeHTTP(w, r)
		return
	}
	proper := httptest.NewRecorder()
	p.forward.ServeHTTP(proper, r)
	fault.serve(improper{w, r, proper.Body, draw, p.slowest})
}

// choose returns the fault for the next answer on a path, nil for none. It depends on
// the path and on how often that was asked for, and not on what is asked for
// meanwhile.
func (p *proxy) choose(path, seed, percent string) (*proxyFault, *rand.Rand) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[path]++
	sum := fnv.New64()
	fmt.Fprint(sum, path, p.asked[path])
	number, _ := strconv.ParseUint(seed, 10, 64) // digits, see badPath
	limit, _ := strconv.Atoi(percent)
	draw := rand.New(rand.NewPCG(number, sum.Sum64()))
	if draw.IntN(100) >= limit {
		return nil, nil
	}
	fault := &proxyFaults[draw.IntN(len(proxyFaults))]
	p.tried[fault.name]++
	return fault, draw
}

// count adds the faults to a group of a tally.
func (p *proxy) count(all *tally, group string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range proxyFaults {
		all.addN(group, fault.name, p.tried[fault.name])
	}
}

// TestProxy checks that the proxy answers properly when it should, that it misbehaves in
// all ways when it should, and that a seed repeats that.
func TestProxy(t *testing.T) {
	t.Parallel()
	const file = "/example.com/lib/@v/v1.0.0.mod"
	ask := func(p *proxy, address string) string {
		resp, err := http.Get(address + file)
		if err != nil {
			return "error"
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return fmt.Sprint(resp.StatusCode, string(body), err)
	}
	var runs [2][]string
	for i := range runs {
		p := serve(t, filepath.Join("..", "..", "testdata", "mod"))
		p.slowest = 4 * time.Millisecond
		proper := ask(p, p.good())
		if !strings.Contains(proper, "module example.com/lib") || ask(p, p.bad(1, 0)) != proper {
			t.Errorf("the proxy that behaves answers %q, and %q", proper, ask(p, p.bad(1, 0)))
		}
		improper := 0
		for range 60 {
			got := ask(p, p.bad(2, 100))
			runs[i] = append(runs[i], got)
			if got != proper {
				improper++
			}
		}
		slow := p.tried["slow"]
		if improper != 60-slow {
			t.Errorf("%d of 60 answers are not proper, and %d are slow", improper, slow)
		}
		for _, fault := range proxyFaults {
			if p.tried[fault.name] == 0 {
				t.Errorf("%s was never tried", fault.name)
			}
		}
	}
	if fmt.Sprint(runs[0]) != fmt.Sprint(runs[1]) {
		t.Errorf("the same seed gives\n%q\nand\n%q", runs[0], runs[1])
	}
}
