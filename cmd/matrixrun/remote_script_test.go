package main

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/matrixrun/matrixrun/matrix/remote"
	"github.com/matrixrun/matrixrun/matrix/remote/registrytest"
)

// registries has the registry of each script that has started one.
var registries syncMap[*testscript.TestScript, *registrytest.Registry]

// registry starts a registry on loopback. The variable REGISTRY has its host and port.
func registry(ts *testscript.TestScript, _ []string) {
	r := registrytest.New(false)
	ts.Defer(r.Close)
	registries.put(ts, r)
	ts.Setenv("REGISTRY", r.Host)
}

// breaks makes the registry fail: with a status code, with one for writers only, or in
// another way. "mend" ends that.
func breaks(ts *testscript.TestScript, args []string) {
	r := registries.get(ts)
	if code, err := strconv.Atoi(args[0]); err == nil {
		fault := registrytest.Status(code)
		if len(args) > 1 && args[1] == "writing" {
			fault = registrytest.Writing(fault)
		}
		r.Break(fault)
		return
	}
	faults := map[string]registrytest.Fault{
		"mend":  nil,
		"slow":  registrytest.Slow(time.Hour),
		"flip":  registrytest.Blobs(registrytest.Flip),
		"die":   registrytest.Die(),
		"stale": registrytest.Manifests(func([]byte) []byte { return []byte(`{"schemaVersion":2,"config":{}}`) }),
	}
	fault, ok := faults[args[0]]
	if !ok {
		ts.Fatalf("no fault is called %s", args[0])
	}
	r.Break(fault)
}

// forge gives each build of a remote record that has a binary the binary of another one, so
// that only building them shows it.
func forge(ts *testscript.TestScript, args []string) {
	ref, err := remote.ParseRef(args[0])
	ts.Check(err)
	if ref.Dir != "" {
		ref.Dir = ts.MkAbs(ref.Dir)
	}
	r := remote.Open(context.Background(), ref)
	has, err := r.Contents(context.Background())
	ts.Check(err)
	var content []byte
	var sum string
	for range 2 { // the first one gets that of the last
		for _, item := range has.Items {
			kind, key, _ := strings.Cut(item.Tag, "-")
			if kind != "build" {
				continue
			}
			e, err := r.Get(context.Background(), kind, key)
			ts.Check(err)
			was, err := r.Fetch(context.Background(), e, e.Files[0], func(remote.File) ([]byte, bool) { return nil, false })
			ts.Check(err)
			if sum != "" && sum != e.Files[0].SHA256 {
				var data map[string]any
				ts.Check(json.Unmarshal(e.Data, &data))
				data["sha256"] = sum
				_, err = r.Put(context.Background(), kind, key, data, remote.Source{Content: content})
				ts.Check(err)
				return
			}
			content, sum = was, e.Files[0].SHA256
		}
	}
	ts.Fatalf("there are not two binaries")
}
