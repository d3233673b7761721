package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/matrixrun/matrixrun/matrix/remote/registrytest"
)

const key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// noise returns contents that do not compress.
func noise(seed uint64, n int) []byte {
	r := rand.NewChaCha8([32]byte{byte(seed)})
	data := make([]byte, n)
	_, _ = r.Read(data)
	return data
}

// each runs a test with a repository and with a folder.
func each(t *testing.T, test func(t *testing.T, r *Remote)) {
	t.Run("repository", func(t *testing.T) { test(t, open(t, "oci://"+registrytest.Start(t, false).Host+"/a/b")) })
	t.Run("folder", func(t *testing.T) { test(t, open(t, "oci-layout:"+filepath.Join(t.TempDir(), "new"))) })
}

func open(t *testing.T, text string) *Remote {
	t.Helper()
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	ref, err := ParseRef(text)
	if err != nil {
		t.Fatal(err)
	}
	return Open(t.Context(), ref)
}

// fetch returns the contents of a file.
func fetch(t *testing.T, r *Remote, e *Entry, i int) []byte {
	t.Helper()
	content, err := r.Fetch(t.Context(), e, e.Files[i], func(File) ([]byte, bool) { return nil, false })
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestPutGet(t *testing.T) {
	each(t, func(t *testing.T, r *Remote) {
		if _, err := r.Get(t.Context(), "build", key); !errors.Is(err, ErrNone) {
			t.Fatalf("Get before Put: %v, want ErrNone", err)
		}
		whole := noise(1, 100_000)
		near := bytes.Clone(whole)
		near[500] ^= 1
		first, err := r.Put(t.Context(), "build", key, map[string]int{"n": 1}, Source{Content: whole})
		if err != nil {
			t.Fatal(err)
		}
		base := &Base{File: first.Files[0], Content: func() ([]byte, error) { return whole, nil }}
		other := strings.Repeat("f", 64)
		if _, err := r.Put(t.Context(), "build", other, nil, Source{Content: near, Base: base}, Source{Content: noise(2, 1000), Base: base}); err != nil {
			t.Fatal(err)
		}
		e, err := r.Get(t.Context(), "build", key)
		if err != nil {
			t.Fatal(err)
		}
		if string(e.Data) != `{"n":1}` || len(e.Files) != 1 || !bytes.Equal(fetch(t, r, e, 0), whole) {
			t.Errorf("the entry is %+v", e)
		}
		if e, err = r.Get(t.Context(), "build", other); err != nil {
			t.Fatal(err)
		}
		if e.Files[0].Whole() || e.Files[0].stored.Size > 1000 {
			t.Errorf("a file that differs in a byte takes %d bytes", e.Files[0].stored.Size)
		}
		if !bytes.Equal(fetch(t, r, e, 0), near) || !bytes.Equal(fetch(t, r, e, 1), noise(2, 1000)) {
			t.Error("the contents are other ones")
		}
		if got, err := r.Fetch(t.Context(), e, e.Files[0], func(File) ([]byte, bool) { return whole, true }); err != nil || !bytes.Equal(got, near) {
			t.Errorf("with a base that is here: %v", err)
		}
	})
}

// A large document is not repeated in the manifest, and no files take one empty layer.
func TestLargeData(t *testing.T) {
	each(t, func(t *testing.T, r *Remote) {
		text := strings.Repeat("a compiler's complaint ", 10_000)
		if _, err := r.Put(t.Context(), "build", key, text); err != nil {
			t.Fatal(err)
		}
		e, err := r.Get(t.Context(), "build", key)
		var got string
		if err != nil || json.Unmarshal(e.Data, &got) != nil || got != text {
			t.Errorf("Get: %v", err)
		}
	})
}

// Writers of different entries, and of the same one, do not lose each other's.
func TestManyWriters(t *testing.T) {
	each(t, func(t *testing.T, r *Remote) {
		var group sync.WaitGroup
		for i := range 24 {
			group.Go(func() {
				k := digest.FromString(fmt.Sprint(i % 12)).Encoded()
				if _, err := Open(t.Context(), r.Ref()).Put(t.Context(), "build", k, i%12, Source{Content: noise(uint64(i%12), 1000)}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for i := range 12 {
			e, err := r.Get(t.Context(), "build", digest.FromString(fmt.Sprint(i)).Encoded())
			if err != nil || string(e.Data) != fmt.Sprint(i) || !bytes.Equal(fetch(t, r, e, 0), noise(uint64(i), 1000)) {
				t.Errorf("entry %d: %v", i, err)
			}
		}
	})
}

// What a registry serves in place of an entry is not believed.
func TestLies(t *testing.T) {
	registry := registrytest.Start(t, false)
	r := open(t, "oci://"+registry.Host+"/a")
	e, err := r.Put(t.Context(), "build", key, 1, Source{Content: noise(1, 1000)})
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Repeat("f", 64)
	if _, err := r.Put(t.Context(), "build", other, 2); err != nil {
		t.Fatal(err)
	}
	replace := func(old, with string) registrytest.Fault {
		return registrytest.Manifests(func(data []byte) []byte { return bytes.ReplaceAll(data, []byte(old), []byte(with)) })
	}
	manifest, err := r.backend.manifest(t.Context(), Tag("build", other))
	if err != nil {
		t.Fatal(err)
	}
	for name, fault := range map[string]registrytest.Fault{
		"a flipped byte":           registrytest.Manifests(registrytest.Flip),
		"a manifest cut short":     registrytest.Manifests(func(data []byte) []byte { return data[:len(data)/2] }),
		"another schema":           replace("entry.v1", "entry.v9"),
		"the entry of another key": registrytest.Manifests(func([]byte) []byte { return manifest }),
		"no manifest":              registrytest.Manifests(func([]byte) []byte { return []byte("<html>") }),
		"an endless manifest":      registrytest.Manifests(func([]byte) []byte { return bytes.Repeat([]byte(" "), maxManifest+10) }),
	} {
		registry.Break(fault)
		var bad *BadError
		if _, err := r.Get(t.Context(), "build", key); !errors.As(err, &bad) {
			t.Errorf("%s: %v, want a BadError", name, err)
		}
	}
	for name, change := range map[string]func([]byte) []byte{
		"a flipped byte": registrytest.Flip,
		"half":           func(data []byte) []byte { return data[:len(data)/2] },
		"more":           func(data []byte) []byte { return append(data, 0) },
		"nothing":        func([]byte) []byte { return nil },
	} {
		registry.Break(registrytest.Blobs(change))
		var bad *BadError
		if _, err := r.Fetch(t.Context(), e, e.Files[0], nil); !errors.As(err, &bad) {
			t.Errorf("a blob with %s: %v, want a BadError", name, err)
		}
	}
}

// A blob of a folder that was damaged is written again.
func TestRepair(t *testing.T) {
	dir := t.TempDir()
	r := open(t, "oci-layout:"+dir)
	put := func() (*Entry, error) { return r.Put(t.Context(), "build", key, 1, Source{Content: noise(1, 1000)}) }
	e, err := put()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "blobs", "sha256", e.Files[0].stored.Digest.Encoded())
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte("torn"), 0o600)); err != nil {
		t.Fatal(err)
	}
	var bad *BadError
	if _, err := r.Fetch(t.Context(), e, e.Files[0], nil); !errors.As(err, &bad) {
		t.Fatalf("a torn blob: %v, want a BadError", err)
	}
	if e, err = put(); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Fetch(t.Context(), e, e.Files[0], nil); err != nil || !bytes.Equal(got, noise(1, 1000)) {
		t.Errorf("after another Put: %v", err)
	}
}

// A registry that cannot be used is an error within a bounded time, and says what to do.
func TestFaults(t *testing.T) {
	registry := registrytest.Start(t, false)
	r := open(t, "oci://"+registry.Host+"/a")
	e, err := r.Put(t.Context(), "build", key, 1, Source{Content: noise(1, 1000)})
	if err != nil {
		t.Fatal(err)
	}
	get := func() error {
		_, err := r.Get(t.Context(), "build", key)
		return err
	}
	put := func() error {
		_, err := r.Put(t.Context(), "build", strings.Repeat("e", 64), 1, Source{Content: noise(3, 1000)})
		return err
	}
	read := func() error {
		_, err := r.Fetch(t.Context(), e, e.Files[0], nil)
		return err
	}
	tests := []struct {
		name  string
		fault registrytest.Fault
		do    func() error
		want  string
	}{
		{"401", registrytest.Status(401), get, "401 Unauthorized: log in with docker login"},
		{"403", registrytest.Status(403), get, "403 Forbidden: log in"},
		{"404", registrytest.Status(404), get, "not in the remote record"},
		{"429", registrytest.Status(429), get, "429 Too Many Requests"},
		{"500", registrytest.Status(500), get, "500 Internal Server Error"},
		{"503", registrytest.Status(503), put, "503 Service Unavailable"},
		{"full", registrytest.Writing(registrytest.Status(507)), put, "507 Insufficient Storage"},
		{"read-only", registrytest.Writing(registrytest.Status(405)), put, "405 Method Not Allowed: it may not be set up for that"},
		{"dies", registrytest.Die(), read, "reading a part of the entry"},
	}
	for _, test := range tests {
		registry.Break(test.fault)
		begin := time.Now()
		if err := test.do(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("%s took %v", test.name, took)
		}
	}
	// Reading goes on where only writing fails.
	registry.Break(registrytest.Writing(registrytest.Status(507)))
	if err := get(); err != nil {
		t.Errorf("Get while the registry is full: %v", err)
	}
	// A request that fails is made again.
	n := 0
	registry.Break(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if n++; n == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, req)
	})
	if err := get(); err != nil || n != 2 {
		t.Errorf("Get after one 503: %v after %d requests", err, n)
	}
	// Nobody waits for a slow one longer than it is worth.
	registry.Break(registrytest.Slow(time.Hour))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := r.Get(ctx, "build", key); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get from a slow registry: %v", err)
	}
}

// A registry with TLS whose certificate nobody trusts is not used, and not without TLS.
func TestUntrusted(t *testing.T) {
	registry := registrytest.Start(t, true)
	registry.Config.ErrorLog = nil
	r := open(t, "oci://"+registry.Host+"/a")
	if _, err := r.Get(t.Context(), "build", key); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("Get: %v, want an error about the certificate", err)
	}
	if got := registry.Requests(); len(got) > 0 {
		t.Errorf("it was asked for %q", got)
	}
}

// Credentials are those of docker login, and go to their registry only.
func TestCredentials(t *testing.T) {
	registry := registrytest.Start(t, false)
	r := open(t, "oci://"+registry.Host+"/a")
	config := fmt.Sprintf(`{"auths":{%q:{"auth":"dXNlcjpwYXNz"}}}`, registry.Host) // user:pass
	if err := os.WriteFile(filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	r = Open(t.Context(), r.Ref())
	registry.Break(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if user, pass, ok := req.BasicAuth(); !ok || user != "user" || pass != "pass" {
			w.Header().Set("WWW-Authenticate", `Basic realm="r"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, req)
	})
	if _, err := r.Put(t.Context(), "build", key, 1, Source{Content: noise(1, 1000)}); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), r.Ref()).Get(t.Context(), "build", key); err == nil || !strings.Contains(err.Error(), "docker login") {
		t.Errorf("with a torn config.json: %v", err)
	}
}

func TestContents(t *testing.T) {
	each(t, func(t *testing.T, r *Remote) {
		if c, err := r.Contents(t.Context()); err != nil || len(c.Items) > 0 {
			t.Errorf("before Put: %+v, %v", c, err)
		}
		var base *Base
		for i := range 3 {
			e, err := r.Put(t.Context(), "build", digest.FromString(fmt.Sprint(i)).Encoded(), i, Source{Content: noise(uint64(1), 10_000+i), Base: base})
			if err != nil {
				t.Fatal(err)
			}
			if base == nil {
				base = &Base{File: e.Files[0], Content: func() ([]byte, error) { return noise(1, 10_000), nil }}
			}
		}
		c, err := r.Contents(t.Context())
		if err != nil || len(c.Items) != 3 || c.Bytes < 10_000 || c.Bytes > 15_000 {
			t.Fatalf("Contents: %+v, %v", c, err)
		}
		tags, _ := c.Choose(0, time.Hour, time.Now())
		if len(tags) != 3 {
			t.Errorf("Choose 0 bytes: %q", tags)
		}
		if tags, freed := c.Choose(1<<30, time.Hour, time.Now()); len(tags) != 0 || freed != 0 {
			t.Errorf("Choose everything: %q", tags)
		}
		if tags, _ := c.Choose(1<<30, time.Hour, time.Now().Add(2*time.Hour)); len(tags) != 3 {
			t.Errorf("Choose what is young: %q", tags)
		}
		if err := r.Remove(t.Context(), []string{c.Items[0].Tag, c.Items[1].Tag}); err != nil {
			t.Fatal(err)
		}
		left, err := r.Contents(t.Context())
		if err != nil || len(left.Items) != 1 || left.Items[0].Tag != c.Items[2].Tag {
			t.Errorf("after Remove: %+v, %v", left, err)
		}
		kind, k, _ := strings.Cut(left.Items[0].Tag, "-")
		e, err := r.Get(t.Context(), kind, k)
		if err != nil {
			t.Fatal(err)
		}
		fetch(t, r, e, 0) // with its base, if it has one
	})
}

// A folder loses the blobs that nobody needs once they are old, and no others.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	r := open(t, "oci-layout:"+dir)
	keep, err := r.Put(t.Context(), "build", key, 1, Source{Content: noise(1, 1000)})
	if err != nil {
		t.Fatal(err)
	}
	drop, err := r.Put(t.Context(), "build", strings.Repeat("e", 64), 2, Source{Content: noise(2, 1000)})
	if err != nil {
		t.Fatal(err)
	}
	blobs := filepath.Join(dir, "blobs", "sha256")
	path := func(e *Entry) string { return filepath.Join(blobs, e.Files[0].stored.Digest.Encoded()) }
	if err := r.Remove(t.Context(), []string{Tag("build", drop.Key)}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path(drop)); err != nil {
		t.Errorf("a young blob, which a writer may be about to use: %v", err)
	}
	old := time.Now().Add(-2 * unfinished)
	entries, err := os.ReadDir(blobs)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Chtimes(filepath.Join(blobs, e.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Remove(t.Context(), []string{"build-none"}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path(drop)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an old blob that no entry has is still there: %v", err)
	}
	if _, err := os.Stat(path(keep)); err != nil {
		t.Errorf("a blob of an entry: %v", err)
	}
}

func TestParseRef(t *testing.T) {
	for text, want := range map[string]string{
		"oci://registry.example/a/b":   "",
		"oci://localhost:5000/a":       "",
		"oci-layout:some/dir":          "",
		"":                             "want oci://HOST/REPOSITORY or oci-layout:DIR",
		"registry.example/a/b":         "want oci://HOST/REPOSITORY or oci-layout:DIR",
		"oci-layout:":                  "want a folder",
		"oci://registry.example":       "want oci://HOST/REPOSITORY",
		"oci://registry.example/A":     "in lower case",
		"oci://registry.example/a:tag": "want no tag",
		"oci://user:secret@host/a":     "credentials are those of docker login",
		"https://user:secret@host/a":   "credentials are those of docker login",
		"oci://host/a@sha256:" + key:   "neither a user nor a digest",
	} {
		ref, err := ParseRef(text)
		switch {
		case want == "" && (err != nil || ref.String() != text):
			t.Errorf("ParseRef(%q) = %v, %v", text, ref, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret")):
			t.Errorf("ParseRef(%q): %v, want %q and no secret", text, err, want)
		}
	}
	ref, _ := ParseRef("oci-layout:/home/somebody/layouts/team")
	if got := ref.Name(); got != "oci-layout:team" {
		t.Errorf("Name = %s", got)
	}
}

// Entries of other programs and versions, and those under another's tag, are found out, even
// if all their digests are right.
func TestForeign(t *testing.T) {
	each(t, func(t *testing.T, r *Remote) {
		e := Entry{Kind: "build", Key: key, Data: json.RawMessage("1"), Created: time.Now()}
		manifest, _, err := e.manifest()
		if err != nil {
			t.Fatal(err)
		}
		config := func(d document) []byte {
			text, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			if err := json.Unmarshal(manifest, &m); err != nil {
				t.Fatal(err)
			}
			b := newBlob(entryType, text)
			b.Data = text
			m["config"] = b.Descriptor
			if err := r.push(t.Context(), blob{newBlob(entryType, text).Descriptor, text}); err != nil {
				t.Fatal(err)
			}
			out, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if _, err := r.Put(t.Context(), "build", key, 1); err != nil { // for its empty layer and its config
			t.Fatal(err)
		}
		tests := []struct {
			manifest []byte
			want     string
		}{
			{bytes.ReplaceAll(manifest, []byte("entry.v1"), []byte("entry.v9")), "does not read its type"},
			{config(document{Schema: 9, Kind: "build", Key: key}), "it is of schema 9"},
			{config(document{Schema: 1, Kind: "build", Key: strings.Repeat("e", 64)}), "it is the entry of another key"},
			{config(document{Schema: 1, Kind: "traces", Key: key}), "it is the entry of another key"},
			{config(document{Schema: 1, Kind: "build", Key: key, Files: []place{{SHA256: "../x"}}}), "a file that it cannot have"},
			{config(document{Schema: 1, Kind: "build", Key: key, Files: []place{{SHA256: key, Layer: 5}}}), "a file that it cannot have"},
			{config(document{Schema: 1, Kind: "build", Key: key, Files: []place{{SHA256: key, Base: &place{SHA256: key, Base: &place{SHA256: key}}}}}), "a file that it cannot have"},
		}
		for _, test := range tests {
			if err := r.backend.tag(t.Context(), Tag("build", key), test.manifest); err != nil {
				t.Fatal(err)
			}
			var bad *BadError
			if _, err := r.Get(t.Context(), "build", key); !errors.As(err, &bad) || !strings.Contains(bad.Why, test.want) {
				t.Errorf("%s: %v, want %q", test.manifest, err, test.want)
			}
		}
	})
}

// What a file is compressed to never takes more memory than the entry says.
func TestBomb(t *testing.T) {
	packed, err := pack(make([]byte, 100<<20), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(packed, nil, 1000); err == nil || !strings.Contains(err.Error(), "another size") {
		t.Errorf("unpack: %v", err)
	}
}
