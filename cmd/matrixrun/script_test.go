package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are the commands of the scripts, in addition to those of testscript.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits":          affirm(2, "exits CODE PROGRAM [ARGS...]", exits),
	"started":        affirm(0, "started", started),
	"listed":         affirm(1, "listed NAME [PATHS...]", listed),
	"nogo":           affirm(0, "nogo", noGo),
	"exited":         affirm(1, "exited CODE", exited),
	"await":          affirm(1, "await FILE", await),
	"edit":           affirm(3, "edit FILE OLD NEW", edit),
	"crlf":           affirm(2, "crlf FROM TO", crlf),
	"chop":           affirm(2, "chop FROM TO", chop),
	"relock":         affirm(3, "relock SUITE VERSION SUM", relock),
	"age":            affirm(2, "age FOLDER DURATION", age),
	"sums":           affirm(3, "sums BUILT TRIALS EVENTS...", sums),
	"damage":         affirm(2, "damage cut|flip|remove FOLDER", damage),
	"fingerprint":    affirm(2, "fingerprint FOLDER FILE", fingerprint),
	"lacks":          affirm(2, "lacks FOLDER TEXT", lacks),
	"empty":          affirm(1, "empty FOLDER", empty),
	"holds":          affirm(2, "holds FOLDER TEXT", holds),
	"harmless":       affirm(0, "harmless [FILES...]", harmless),
	"files":          affirm(1, "files FOLDER [NAMES...]", files),
	"alone":          affirm(0, "alone", alone),
	"results":        affirm(1, "results FILE", results),
	"alike":          affirm(2, "alike RESULTS RESULTS", alike),
	"same":           affirm(2, "same RESULTS KEY", same),
	"trials":         affirm(2, "trials RESULTS SCENARIO NUMBERS...", trials),
	"paste":          affirm(2, "paste FILE FOLDER", paste),
	"events":         affirm(2, "events FILE CODE", events),
	"forked":         affirm(1, "forked FILE", forked),
	"usefork":        affirm(2, "usefork FILE FOLDER", useFork),
	"engine":         affirm(4, "engine CODE NAME FILE RESULTS", engine),
	"registry":       affirm(0, "registry", registry),
	"break":          affirm(1, "break FAULT", breaks),
	"dockerregistry": affirm(0, "dockerregistry [stop|start]", runDockerRegistry),
	"forge":          affirm(1, "forge REF [traces]", forge),
	"tear":           affirm(1, "tear FOLDER", tear),
}

// affirm returns a command that has no negative form and takes at least this number
// of arguments.
func affirm(least int, usage string, f func(ts *testscript.TestScript, args []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < least {
			ts.Fatalf("usage: %s", usage)
		}
		f(ts, args)
	}
}

// exits runs a program that must exit with this code.
func exits(ts *testscript.TestScript, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if want := atoi(ts, args[0]); code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func atoi(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

// background has the commands that "started" recorded, by script. testscript itself
// forgets them after "wait".
var background syncMap[*testscript.TestScript, []*exec.Cmd]

// started records the commands in the background, for "exited" after "wait".
func started(ts *testscript.TestScript, _ []string) { background.put(ts, ts.BackgroundCmds()) }

// exited checks the exit code of these commands.
func exited(ts *testscript.TestScript, args []string) {
	for _, cmd := range background.get(ts) {
		if code := cmd.ProcessState.ExitCode(); code != atoi(ts, args[0]) {
			ts.Fatalf("%v: exit code %d, want %s", cmd.Args, code, args[0])
		}
	}
}

// listed checks for which module paths, and how often, the fake proxy was asked for the list
// of versions below /counted/NAME.
func listed(ts *testscript.TestScript, args []string) {
	var got []string
	for _, path := range lists.get(args[0]) {
		got = append(got, strings.TrimSuffix(strings.TrimPrefix(path, "/mod/"), "/@v/list"))
	}
	if !slices.Equal(got, args[1:]) {
		ts.Fatalf("the versions of %q were listed, want %q", got, args[1:])
	}
}

// noGo leaves matrixrun alone in PATH, without the go command.
func noGo(ts *testscript.TestScript, _ []string) {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if matches, _ := filepath.Glob(filepath.Join(dir, "matrixrun*")); len(matches) > 0 {
			ts.Setenv("PATH", dir)
			return
		}
	}
	ts.Fatalf("matrixrun is not in PATH")
}

// patience is how long scripts wait for an event. On an idle machine it comes within
// milliseconds. patience is shorter than the sleep of the reproduction, since
// "alone" must fail while a process that was left behind still runs.
const patience = 3 * time.Minute

// poll waits until done returns true.
func poll(ts *testscript.TestScript, what string, done func() bool) {
	for end := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("after %v, still not: %s", patience, what)
		}
	}
}

// await waits until a file exists.
func await(ts *testscript.TestScript, args []string) {
	poll(ts, args[0]+" is there", func() bool {
		_, err := os.Stat(ts.MkAbs(args[0]))
		return err == nil
	})
}

// alone checks that no process runs a program below the script's folder, such as a
// reproduction or a child of one. A killed process may take a moment to end.
func alone(ts *testscript.TestScript, _ []string) {
	if runtime.GOOS != "linux" {
		ts.Logf("processes are listed on Linux only")
		return
	}
	var left []string
	poll(ts, "no process of the reproduction is left", func() bool {
		left = slices.DeleteFunc(programs(), func(path string) bool { return !strings.HasPrefix(path, ts.Getenv("WORK")+"/") })
		return len(left) == 0
	})
}

// programs returns the executables of all processes that this user may inspect.
func programs() []string {
	links, _ := filepath.Glob("/proc/[0-9]*/exe")
	var paths []string
	for _, link := range links {
		if path, err := os.Readlink(link); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// A syncMap is a map for scripts that run in parallel.
type syncMap[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]V
}

func (s *syncMap[K, V]) put(key K, value V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = make(map[K]V)
	}
	s.m[key] = value
}

func (s *syncMap[K, V]) get(key K) V {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[key]
}
