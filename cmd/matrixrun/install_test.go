package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/matrixrun/matrixrun/matrix"
)

// asReleased is this source as a release of it.
var asReleased = module.Version{Path: "github.com/matrixrun/matrixrun", Version: "v0.0.1-test"}

// release lays this source out as a module proxy serves a release, and returns
// the folder. The module zip leaves out nested modules: what is embedded must not
// lie in one.
func release(t *testing.T) (proxy string) {
	t.Helper()
	proxy = t.TempDir()
	dir := filepath.Join(proxy, filepath.FromSlash(asReleased.Path), "@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "..")
	for name, text := range map[string]string{
		"list":                       asReleased.Version + "\n",
		asReleased.Version + ".info": fmt.Sprintf(`{"Version": %q}`, asReleased.Version),
		asReleased.Version + ".mod":  read(t, filepath.Join(root, "go.mod")),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	out, err := os.Create(filepath.Join(dir, asReleased.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := zip.CreateFromDir(out, asReleased, root); err != nil {
		t.Fatalf("no module proxy would serve this source: %v", err)
	}
	const most = 50e6 // a tenth of what the go command takes
	info, err := out.Stat()
	if err != nil || info.Size() > most {
		t.Fatalf("the module zip has %d bytes (%v), want at most %.0f", info.Size(), err, most)
	}
	t.Logf("the module zip has %.1f MB", float64(info.Size())/1e6)
	return proxy
}

// goEnv asks the go command for a setting.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestInstalled installs the program as anybody would, from a module proxy, and
// uses it where there is nothing else: neither this source, nor the module that
// it was made from, nor a home.
func TestInstalled(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the whole program")
	}
	bin, cache := t.TempDir(), t.TempDir()
	// What this source requires has been downloaded to compile this test.
	downloaded := fileURL(filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download"))
	env := []string{
		"PATH=" + filepath.Join(goEnv(t, "GOROOT"), "bin"), "HOME=" + t.TempDir(), "GOENV=off", "GOTELEMETRY=off", "GOTOOLCHAIN=local",
		"GOCACHE=" + goEnv(t, "GOCACHE"), "GOMODCACHE=" + cache, "GOFLAGS=-modcacherw", "GOSUMDB=off", "GOPROXY=" + downloaded, "CGO_ENABLED=0",
	}
	install := exec.Command("go", "install", asReleased.Path+"/cmd/matrixrun@"+asReleased.Version)
	install.Dir, install.Env = t.TempDir(), slices.Concat(env, []string{"GOBIN=" + bin, "GOPROXY=" + fileURL(release(t)) + "," + downloaded})
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", install.Args, err, out)
	}
	if err := os.RemoveAll(filepath.Join(cache, filepath.FromSlash(asReleased.Path)+"@"+asReleased.Version)); err != nil {
		t.Fatal(err)
	}
	anywhere := t.TempDir()
	matrixrun := func(want int, args ...string) string {
		cmd := exec.Command(filepath.Join(bin, "matrixrun"), args...)
		cmd.Dir, cmd.Env = anywhere, env
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != want {
			t.Errorf("matrixrun %s: %v, want exit code %d\n%s", strings.Join(args, " "), err, want, out)
		}
		return string(out)
	}
	for _, test := range []struct{ line, want string }{
		{"--version", `^matrixrun version v0\.0\.1-test\n$`},
		{"plan", `^zerortt: \d+ rows, \d+ scenarios\n(?s).*\nv0\.47\.0 +github\.com/quic-go/quic-go `},
		{"plan --patch drop-late-resets --only v0.47.0", `\nv0\.47\.0\+drop-late-resets `},
		{"plan --shards 2", `^\{"include":\[\{"shard":"1/2"`},
		{"report", `^zerortt: github\.com/quic-go/quic-go\n`},
		{"help patches", `^PATCHES\n`},
		{"fork --help", `\nUsage:\n  matrixrun fork VERSION`},
		{"__complete run --patch drop-l", `^drop-late-resets\t`},
		{"cache", `\n *0 +0 B +in all\n`},
	} {
		if out := matrixrun(exitOK, strings.Fields(test.line)...); !regexp.MustCompile(test.want).MatchString(out) {
			t.Errorf("matrixrun %s: want %s in\n%s", test.line, test.want, out)
		}
	}
	matrixrun(exitOK, "man", "-o", "man")
	runsInstalled(t, matrixrun, anywhere)
}

// runsInstalled runs a row of the shipped suite: of the release that this source
// requires, which is therefore at hand.
func runsInstalled(t *testing.T, matrixrun func(int, ...string) string, dir string) {
	t.Helper()
	required := regexp.MustCompile(`github\.com/quic-go/quic-go (v\S+)`).FindStringSubmatch(read(t, filepath.Join("..", "..", "go.mod")))
	planned := matrixrun(exitOK, "plan", "--only", required[1])
	if !strings.Contains(planned, " "+runtime.Version()+" ") {
		t.Logf("not run: %s is compiled with another Go than this, %s, which would have to be downloaded", required[1], runtime.Version())
		return
	}
	matrixrun(exitOK, "run", "--only", required[1], "--scenario", "after-both", "--trials", "5", "-o", "out")
	var results matrix.Results
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "out", "results.json"))), &results); err != nil {
		t.Fatal(err)
	}
	if len(results.Rows) != 1 || results.Matrixrun != asReleased.Version || len(results.Rows[0].Cells) != 3 {
		t.Errorf("got %+v, want the one row, of %s", results, asReleased.Version)
	}
}
