//go:build proofs

package zerortt

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/source"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// shippedIndex returns the suite and its index.
func shippedIndex(t *testing.T) (*matrix.Spec, *content.Index) {
	t.Helper()
	suite, err := spec.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	index, err := content.Load(Files, "zerortt")
	if err != nil {
		t.Fatal(err)
	}
	return suite, index
}

// TestRealIndex makes the index anew from the releases, and compares it with the file.
func TestRealIndex(t *testing.T) {
	suite, index := shippedIndex(t)
	sources, err := source.NewProxy().FetchAll(t.Context(), suite.Lock)
	if err != nil {
		t.Fatal(err)
	}
	made := new(content.Index)
	for _, src := range sources {
		if err := made.Add(t.Context(), src, suite.Target); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(made.Format()), string(index.Format())); diff != "" {
		t.Errorf("made anew (-), releases.index (+): empty the file, and make lock writes it:\n%s", diff)
	}
}

// realModules are modules with what is found in them: how many files there are, and how
// many of them are those of which releases. The first ones are forks. What follows has no
// code of the target, although it uses it, was written by the same people or is about the
// same.
var realModules = map[string]string{
	"github.com/apernet/quic-go@v0.61.1-0.20260806010916-184d081eef3e":     "222 files: 183 v0.61.0",
	"github.com/sagernet/quic-go@v0.59.0-sing-box-mod.4":                   "182 files: 148 v0.59.0, 148 v0.59.1",
	"github.com/metacubex/quic-go@v0.61.1-0.20260727080200-2548683b76f4":   "220 files: 109 v0.61.0",
	"github.com/refraction-networking/uquic@v0.0.6":                        "228 files: 164 v0.42.0",
	"github.com/Psiphon-Labs/quic-go@v0.0.0-20250527153145-79fe45fb83b1":   "223 files: 183 v0.49.0, 183 v0.49.1",
	"github.com/chungthuang/quic-go@v0.45.1-0.20250428085412-43229ad201fd": "226 files: 222 v0.51.0",
	"github.com/tobyxdd/quic-go@v0.28.1-0.20220706211558-7780039ad599":     "221 files: 201 v0.28.0",
	"github.com/lucas-clemente/quic-go@v0.31.0":                            "206 files: 206 v0.31.0, equal",
	"github.com/lucas-clemente/quic-go@v0.19.3":                            "211 files: 211 v0.19.3, equal",
	"github.com/quic-go/qpack@v0.6.0":                                      "",
	"github.com/quic-go/webtransport-go@v0.13.0":                           "",
	"github.com/quic-go/qtls-go1-20@v0.3.1":                                "",
	"github.com/libp2p/go-libp2p@v0.44.0":                                  "",
	"github.com/caddyserver/caddy/v2@v2.10.2":                              "",
	"golang.org/x/net@v0.62.0":                                             "",
	"golang.org/x/crypto@v0.59.0":                                          "",
}

// TestRealForks looks for the target in real modules, from the module proxy.
func TestRealForks(t *testing.T) {
	suite, index := shippedIndex(t)
	g, dir := new(gocmd.Go), t.TempDir()
	for name, want := range realModules {
		t.Run(name, func(t *testing.T) {
			path, _, _ := strings.Cut(name, "@")
			out, err := g.Run(t.Context(), gocmd.Call{Dir: dir, Args: []string{"mod", "download", "-json", name}})
			if err != nil {
				t.Fatal(err)
			}
			var module struct{ Dir string }
			if err := json.Unmarshal(out, &module); err != nil {
				t.Fatal(err)
			}
			found, err := index.Search(t.Context(), content.Code{Files: os.DirFS(module.Dir), Path: path}, suite.Target)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range found {
				got = append(got, likeness(l))
			}
			if text := strings.Join(got, "; "); text != want {
				t.Errorf("got %q, want %q", text, want)
			}
		})
	}
}

// likeness returns a likeness in words.
func likeness(l matrix.Likeness) string {
	var nearest []string
	for _, n := range l.Nearest {
		text := fmt.Sprintf("%d %s", n.Equal, n.Version)
		if n.Exact {
			text += ", equal"
		}
		nearest = append(nearest, text)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d files: %s", l.Dir, l.Files, strings.Join(nearest, ", ")))
}
