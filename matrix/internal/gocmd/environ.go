package gocmd

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// dropped are variables of the user's that would change what is built. What
// is stored by "go env -w" stays in force for all that is not set here; GOPROXY
// and its kin are wanted from there.
var dropped = []string{
	"GODEBUG", "GOEXPERIMENT", "GOFIPS140",
	"GO386", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM",
	// Left by "go run" when it has switched toolchains to run this program; a
	// go command that finds them believes itself to be the one switched to.
	"GOTOOLCHAIN_INTERNAL_SWITCH_VERSION", "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT",
}

// fixed are the variables that every call gets.
func fixed() map[string]string {
	return map[string]string{
		"GO111MODULE": "on",
		"GOWORK":      "off", // with a go.work in a folder above, builds fail
		"CGO_ENABLED": "0",
		// Set rather than dropped: a dropped one falls back to what "go env -w"
		// has stored.
		"GOOS": runtime.GOOS, "GOARCH": runtime.GOARCH, "GOAMD64": "v1",
		// For the same reason never empty: old go commands die of flags that a
		// newer one has stored. This value is for calls outside a module.
		"GOFLAGS": "-mod=mod",
	}
}

// Fixed returns, sorted, the KEY=VALUE pairs that every call gets unless it
// asks for others: what a key over a build has to cover.
func Fixed() []string { return join(fixed(), func(v string) string { return v }) }

// An environment is what a command gets, and how that differs from what this
// process has.
type environment struct {
	all     map[string]string
	changed map[string]string // from this process's own; empty text for what was dropped
}

// environ makes the environment of a call: this process's own, without what is
// dropped, with what is fixed, and with what the call asks for.
func (c Call) environ() environment {
	own := split(os.Environ())
	env := environment{all: split(os.Environ()), changed: map[string]string{}}
	for _, key := range dropped {
		delete(env.all, key)
	}
	set := fixed()
	set["GOTOOLCHAIN"] = c.Toolchain
	if c.Toolchain == "" {
		set["GOTOOLCHAIN"] = "local"
	}
	// Go programs believe PWD where it names the folder that they are in, so
	// it decides between a folder and a link to it.
	if dir, err := filepath.Abs(c.Dir); err == nil {
		set["PWD"] = dir
	}
	for key, value := range split(c.Env) {
		set[key] = value
	}
	for key, value := range set {
		env.all[key] = value
		env.changed[key] = value
	}
	for key := range own {
		if _, kept := env.all[key]; !kept {
			env.changed[key] = ""
		}
	}
	delete(env.changed, "PWD") // the shell that the line is pasted into sees to it
	return env
}

// list returns the environment as exec.Cmd takes it, sorted, each key once.
func (e environment) list() []string { return join(e.all, func(v string) string { return v }) }

// split reads KEY=VALUE pairs; the last of a key wins.
func split(list []string) map[string]string {
	env := make(map[string]string, len(list))
	for _, entry := range list {
		if entry == "" {
			continue
		}
		// Windows has keys that begin with "=", such as "=C:".
		i := strings.IndexByte(entry[1:], '=') + 1
		if i > 0 {
			env[entry[:i]] = entry[i+1:]
		}
	}
	return env
}

func join(env map[string]string, quote func(string) string) []string {
	list := make([]string, 0, len(env))
	for key, value := range env {
		list = append(list, key+"="+quote(value))
	}
	slices.Sort(list)
	return list
}

// line writes the call as it can be pasted into a POSIX shell.
func (c Call) line(env environment) string {
	words := join(env.changed, text.Quote)
	words = append(words, "go")
	for _, arg := range c.Args {
		words = append(words, text.Quote(arg))
	}
	line := strings.Join(words, " ")
	if c.Dir != "" {
		line = "cd " + text.Quote(c.Dir) + " && " + line
	}
	return line
}
