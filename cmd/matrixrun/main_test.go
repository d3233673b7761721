package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/goproxytest"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the real main available to scripts as the command matrixrun.
//
// Scripts mostly wait for processes, so twice as many run at a time as Go would run.
func TestMain(m *testing.M) {
	_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))) // unless -parallel is given
	testscript.Main(m, map[string]func(){"matrixrun": main})
}

// TestScripts runs testdata/script. Each script has, in a folder of its own,
//
//	suite/     testdata/suite with a releases.lock of all that the proxy lists
//	patches/   testdata/patches
//
// and uses the fake proxy of testdata/mod, whose address is in $GOPROXY. $INDEX is the
// path of the suite's releases.index, and $RESULTS that of results of a few releases, for
// scripts that check programs. Scripts
// share the build cache of the machine, and no record.
//
// With -short only some scripts run. With the race detector only those run that
// keep several goroutines or processes busy, since it slows them all down.
func TestScripts(t *testing.T) {
	w := newWorld(t)
	p := testscript.Params{
		Setup:               w.setup,
		Cmds:                commands,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	}
	switch {
	case len(raceScripts) > 0:
		p.Files = scriptFiles(raceScripts)
	case testing.Short():
		p.Files = scriptFiles(shortScripts)
	default:
		p.Dir = scriptFolder
		t.Run("examples", w.runExamples)
	}
	testscript.Run(t, p)
}

// scriptFolder has all scripts.
const scriptFolder = "testdata/script"

// shortScripts run with -short. Together they take a few seconds of CPU time.
var shortScripts = strings.Fields("backport_input diff fork_input fork_refused help input_flags input_suite json lock only patch plan report run schema show_from")

// scriptFiles returns the paths of scripts.
func scriptFiles(names []string) []string {
	var files []string
	for _, name := range names {
		files = append(files, filepath.Join(scriptFolder, name+".txtar"))
	}
	return files
}

// A world has what all scripts share.
type world struct {
	proxy   string // URL
	gocache string
	lock    []byte // releases.lock of the fake suite
	index   string // path of its releases.index
	results string // path of results of four of its releases
}

// newWorld starts the proxy, and runs matrixrun twice: to lock the releases, and
// to compile the standard library for rows if the build cache does not have it,
// which scripts that run at the same time would each do.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{proxy: serve(t), gocache: goEnv(t, "GOCACHE")}
	env := &testscript.Env{WorkDir: t.TempDir(), Vars: []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}}
	if err := w.setup(env); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { makeWritable(t, env.WorkDir) })
	for _, args := range [][]string{{"lock", "--prerelease", "suite"}, {"run", "--only", "v0.5.0,v1.0.0,v1.2.0,v1.2.1", "--patch", "mend", "-o", "out", "suite"}} {
		cmd := exec.Command("matrixrun", args...)
		cmd.Dir, cmd.Env = env.WorkDir, env.Vars
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("matrixrun %v: %v\n%s", args, err, out)
		}
	}
	lock, err := os.ReadFile(filepath.Join(env.WorkDir, "suite", "releases.lock"))
	if err != nil {
		t.Fatal(err)
	}
	w.lock, w.index, w.results = lock, filepath.Join(env.WorkDir, "suite", "releases.index"), filepath.Join(env.WorkDir, "out", "results.json")
	return w
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

// setup writes the files of a script's folder and sets its environment.
func (w *world) setup(env *testscript.Env) error {
	for _, dir := range []string{"suite", "patches"} {
		if err := os.CopyFS(filepath.Join(env.WorkDir, dir), os.DirFS(filepath.Join("testdata", dir))); err != nil {
			return err
		}
	}
	if len(w.lock) > 0 {
		if err := os.WriteFile(filepath.Join(env.WorkDir, "suite", "releases.lock"), w.lock, 0o666); err != nil {
			return err
		}
	}
	home := filepath.Join(env.WorkDir, "home")
	if err := os.MkdirAll(home, 0o777); err != nil {
		return err
	}
	env.Vars = append(env.Vars,
		"HOME="+home, "USERPROFILE="+home, "LocalAppData="+home, "XDG_CACHE_HOME=",
		"GOENV=off", "GOCACHE="+w.gocache, "GOMODCACHE="+filepath.Join(env.WorkDir, "gomodcache"),
		"GOPROXY="+w.proxy+"/mod", "PROXY="+w.proxy, "INDEX="+w.index, "RESULTS="+w.results, "GONOSUMDB=*", "GOTELEMETRY=off", "GORACE="+os.Getenv("GORACE"), "GOVERSION="+runtime.Version(), "PLATFORM="+runtime.GOOS+"/"+runtime.GOARCH,
	)
	return nil
}

// serve starts the fake proxy and returns its address. It serves
//
//	/mod              all of testdata/mod
//	/unlisted/V/mod   the same, but lists have no version V
//	/broken/V/mod     the same, but version V cannot be downloaded
//	/counted/V/mod    the same, and "listed V" counts how often versions were listed
func serve(t *testing.T) (address string) {
	t.Helper()
	modules, err := goproxytest.NewServer(filepath.Join("testdata", "mod"), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(modules.Close)
	to, err := url.Parse(strings.TrimSuffix(modules.URL, "/mod"))
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		flaw := flawed.FindStringSubmatch(r.URL.Path)
		if flaw == nil {
			forward.ServeHTTP(w, r)
			return
		}
		how, version := flaw[1], flaw[2]
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/"+how+"/"+version)
		switch {
		case how == "broken" && strings.HasSuffix(r.URL.Path, "/@v/"+version+".zip"):
			http.Error(w, "the fake proxy is broken\n::error::by a proxy\n##[group]by a proxy", http.StatusBadGateway)
		case how == "unlisted" && strings.HasSuffix(r.URL.Path, "/@v/list"):
			list := httptest.NewRecorder()
			forward.ServeHTTP(list, r)
			fmt.Fprint(w, strings.Replace(list.Body.String(), version+"\n", "", 1))
		case how == "counted" && strings.HasSuffix(r.URL.Path, "/@v/list"):
			lists.put(version, append(lists.get(version), r.URL.Path))
			fallthrough
		default:
			forward.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

var flawed = regexp.MustCompile(`^/(broken|unlisted|counted)/([^/]+)/`)

// lists has the lists of versions that the fake proxy was asked for, by what counts them.
var lists syncMap[string, []string]

// makeWritable makes the folders of a module cache writable, so that they can be
// removed.
func makeWritable(t *testing.T, dir string) {
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
