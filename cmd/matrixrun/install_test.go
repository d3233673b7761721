//go:build proofs

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/forks"
	"github.com/matrixrun/matrixrun/matrix"
)

// TestInstalled installs the program from a module proxy, as users do, and runs
// it without this source, without the module that it was compiled from and
// with an empty home folder.
func TestInstalled(t *testing.T) {
	bin, cache, proxy := t.TempDir(), t.TempDir(), t.TempDir()
	release(t, proxy)
	// The go command downloaded all dependencies to compile this test.
	downloaded := forks.ProxyURL(filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download"))
	env := []string{
		"PATH=" + filepath.Join(goEnv(t, "GOROOT"), "bin"), "HOME=" + t.TempDir(), "GOENV=off", "GOTELEMETRY=off", "GOTOOLCHAIN=local",
		"GOCACHE=" + goEnv(t, "GOCACHE"), "GOMODCACHE=" + cache, "GOFLAGS=-modcacherw", "GOSUMDB=off", "GOPROXY=" + downloaded, "CGO_ENABLED=0",
	}
	install := exec.Command("go", "install", asReleased.Path+"/cmd/matrixrun@"+asReleased.Version)
	install.Dir, install.Env = t.TempDir(), slices.Concat(env, []string{"GOBIN=" + bin, "GOPROXY=" + forks.ProxyURL(proxy) + "," + downloaded})
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
		{"plan --shards 2 --format gitlab", `go install github\.com/matrixrun/matrixrun/cmd/matrixrun@v0\.0\.1-test\n`},
		{"report", `^zerortt: github\.com/quic-go/quic-go\n`},
		{"help patches", `^PATCHES\n`},
		{"fork --help", `\nUsage:\n  matrixrun fork \[VERSION\]`},
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

// runsInstalled runs a row of the shipped suite. Its release is the one that go.mod
// requires, which is in the module cache.
func runsInstalled(t *testing.T, matrixrun func(int, ...string) string, dir string) {
	t.Helper()
	required := regexp.MustCompile(`github\.com/quic-go/quic-go (v\S+)`).FindStringSubmatch(read(t, filepath.Join("..", "..", "go.mod")))
	planned := matrixrun(exitOK, "plan", "--only", required[1])
	if !strings.Contains(planned, " "+runtime.Version()+" ") {
		t.Logf("not run: the toolchain of %s is not %s", required[1], runtime.Version())
		return
	}
	matrixrun(exitOK, "run", "--only", required[1], "--scenario", "after-both", "--trials", "5", "-o", "out")
	var results matrix.Results
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "out", "results.json"))), &results); err != nil {
		t.Fatal(err)
	}
	if len(results.Rows) != 1 || results.Matrixrun != asReleased.Version || len(results.Rows[0].Cells) != 3 {
		t.Errorf("got %+v, want one row, made by %s", results, asReleased.Version)
	}
}
