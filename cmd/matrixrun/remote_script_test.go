package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/matrixrun/matrixrun/matrix/checksum"
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

// forge makes a remote record lie, so that only doing the work again shows it: it gives each
// build the binary of another one, or with "traces" turns each leak into none.
func forge(ts *testscript.TestScript, args []string) {
	ref, err := remote.ParseRef(args[0])
	ts.Check(err)
	ref.Dir = ts.MkAbs(ref.Dir)
	r := remote.Open(context.Background(), ref)
	has, err := r.Contents(context.Background())
	ts.Check(err)
	var entries []*remote.Entry
	var contents [][]byte
	for _, item := range has.Items {
		kind, key, _ := strings.Cut(item.Tag, "-")
		if (kind == "traces") != (len(args) > 1) {
			continue
		}
		e, err := r.Get(context.Background(), kind, key)
		ts.Check(err)
		content, err := r.Fetch(context.Background(), e, e.Files[0], func(remote.File) ([]byte, bool) { return nil, false })
		ts.Check(err)
		entries, contents = append(entries, e), append(contents, content)
	}
	for i, e := range entries {
		content := contents[(i+1)%len(contents)]
		var data any = e.Data
		if e.Kind == "traces" {
			content = bytes.ReplaceAll(contents[i], []byte(`"outcome":"leak"`), []byte(`"outcome":"clean"`))
		} else {
			build := map[string]any{}
			ts.Check(json.Unmarshal(e.Data, &build))
			build["sha256"] = checksum.Bytes(content)
			data = build
		}
		_, err = r.Put(context.Background(), e.Kind, e.Key, data, remote.Source{Content: content})
		ts.Check(err)
	}
}

// tear changes a byte in each large file of a folder: that of a binary, and no manifest.
func tear(ts *testscript.TestScript, args []string) {
	torn := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) < 100_000 {
			return err
		}
		torn++
		if err := os.Chmod(path, 0o600); err != nil {
			return err
		}
		return os.WriteFile(path, registrytest.Flip(data), 0o600)
	}))
	if torn == 0 {
		ts.Fatalf("no file is large")
	}
}
