package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A home is the folder of a run, or of several runs that continue one another. It
// has a build cache of the go command, a record and temporary files.
type home struct{ dir string }

// newHome creates an empty home, for a cold start.
func (l *lab) newHome() (home, error) {
	l.homes++
	h := home{filepath.Join(l.temp, fmt.Sprintf("home%d", l.homes))}
	for _, dir := range []string{h.cache(), h.record(), h.tmp(), h.out()} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return h, err
		}
	}
	return h, nil
}

func (h home) cache() string  { return filepath.Join(h.dir, "go-build") }
func (h home) record() string { return filepath.Join(h.dir, "record") }
func (h home) tmp() string    { return filepath.Join(h.dir, "tmp") }
func (h home) out() string    { return filepath.Join(h.dir, "out") }

// copied creates a home with the contents of another one.
func (l *lab) copied(from home) (home, error) {
	h, err := l.newHome()
	if err != nil {
		return h, err
	}
	if err := os.RemoveAll(h.dir); err != nil {
		return h, err
	}
	return h, os.CopyFS(h.dir, os.DirFS(from.dir))
}

// remove deletes the home, since a build cache of many releases is large. Errors
// are ignored: bench deletes the folder around all homes at its end.
func (h home) remove() { _ = os.RemoveAll(h.dir) }

// dropped are environment variables that would make the two sides build different
// binaries, or change how they run.
var dropped = []string{
	"GOCACHE", "TMPDIR", "GOTMPDIR", "GODEBUG", "GOEXPERIMENT", "GOFIPS140",
	"GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOMAXPROCS", "GOGC", "GOMEMLIMIT",
}

// environ returns the environment of timed processes: this process's own with the
// folders of the home, without the variables that "go run" set for this program.
// Only an online process may download.
func (h home) environ(online bool) []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		key, _, _ := strings.Cut(pair, "=")
		return strings.HasPrefix(key, "GOTOOLCHAIN_INTERNAL_") || slices.Contains(dropped, key)
	})
	env = append(env, "GOCACHE="+h.cache(), "TMPDIR="+h.tmp())
	if !online {
		env = append(env, "GOPROXY=off")
	}
	return env
}
