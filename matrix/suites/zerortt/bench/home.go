package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A home is where one run, or several that build on one another, keep what they
// make: the go command's build cache, the record, and temporary files.
type home struct{ dir string }

// newHome makes an empty one: a cold start.
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

// copied makes a home with the contents of another.
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

// remove deletes it: a build cache of many releases is large. What cannot be
// deleted now goes with the lab's folder.
func (h home) remove() { _ = os.RemoveAll(h.dir) }

// dropped are variables of the user's that would make the two sides build
// different things, or run otherwise than they do elsewhere.
var dropped = []string{
	"GOCACHE", "TMPDIR", "GOTMPDIR", "GODEBUG", "GOEXPERIMENT", "GOFIPS140",
	"GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOMAXPROCS", "GOGC", "GOMEMLIMIT",
}

// environ is the environment of what is timed: this process's own, with folders
// of this home, and without what "go run" left when it started this program.
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
