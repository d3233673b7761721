package gocmd

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// dropped lists variables of the user that would change what is built. Settings
// stored by "go env -w" stay in force unless they are set here; GOPROXY and the
// like are wanted from there.
var dropped = []string{
	"GODEBUG", "GOEXPERIMENT", "GOFIPS140",
	"GO386", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM",
}

// switched lists variables that "go run" sets when it switched toolchains to run this
// program. A go command that finds them assumes that it is the toolchain switched to.
var switched = []string{"GOTOOLCHAIN_INTERNAL_SWITCH_VERSION", "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT"}

// temporary lists the variables that name the folder for temporary files.
var temporary = []string{"GOTMPDIR", "TMPDIR", "TMP", "TEMP"}

// fixed returns the variables that every call gets.
func fixed() map[string]string {
	return map[string]string{
		"GO111MODULE": "on",
		"GOWORK":      "off", // a go.work in a parent folder would break builds
		"CGO_ENABLED": "0",
		// Set rather than dropped: a dropped variable falls back to the value
		// stored by "go env -w".
		"GOOS": runtime.GOOS, "GOARCH": runtime.GOARCH, "GOAMD64": "v1",
		// Never empty for the same reason: old go commands fail on flags that a
		// newer one stored. This value suits calls outside a module.
		"GOFLAGS": "-mod=mod",
	}
}

// Fixed returns the KEY=VALUE pairs that every call gets unless its Env overrides
// them, sorted. The record key of a build has to cover them.
func Fixed() []string { return join(fixed(), func(v string) string { return v }) }

// An environment is the environment of a command, and how it differs from that of
// this process.
type environment struct {
	all     map[string]string
	changed map[string]string // relative to this process; "" if dropped
}

// environ returns the environment of a call: that of this process without the
// dropped variables, with the fixed ones, and with those of the call. A call with Own
// keeps the user's.
func (c Call) environ() environment {
	own := split(os.Environ())
	env := environment{all: split(os.Environ()), changed: map[string]string{}}
	drop, set := switched, map[string]string{}
	if !c.Own {
		drop, set = slices.Concat(switched, dropped), fixed()
		set["GOTOOLCHAIN"] = "local"
	}
	for _, key := range drop {
		delete(env.all, key)
	}
	if c.Toolchain != "" {
		set["GOTOOLCHAIN"] = c.Toolchain
	}
	// Go programs trust PWD if it names their working directory, so it decides
	// between a folder and a link to it.
	if dir, err := filepath.Abs(c.Dir); err == nil {
		set["PWD"] = dir
	}
	// What a killed go command leaves behind is removed with the other temporary files.
	// If there can be none, the go command reports it.
	if dir, err := scratch.Root(); err == nil {
		for _, key := range temporary {
			set[key] = dir
		}
	}
	maps.Copy(set, split(c.Env))
	for key, value := range set {
		env.all[key] = value
		env.changed[key] = value
	}
	for key := range own {
		if _, kept := env.all[key]; !kept {
			env.changed[key] = ""
		}
	}
	delete(env.changed, "PWD") // the shell that runs a pasted line sets it
	for _, key := range temporary {
		delete(env.changed, key) // the folder is gone by then
	}
	return env
}

// list returns the environment sorted, as exec.Cmd takes it.
func (e environment) list() []string { return join(e.all, func(v string) string { return v }) }

// split parses KEY=VALUE pairs; the last value of a key wins.
func split(list []string) map[string]string {
	env := make(map[string]string, len(list))
	for _, entry := range list {
		if entry == "" {
			continue
		}
		// On Windows keys may begin with "=", such as "=C:".
		i := strings.IndexByte(entry[1:], '=') + 1
		if i > 0 {
			env[entry[:i]] = entry[i+1:]
		}
	}
	return env
}

// join returns KEY=VALUE pairs, sorted, with quoted values.
func join(env map[string]string, quote func(string) string) []string {
	list := make([]string, 0, len(env))
	for key, value := range env {
		list = append(list, key+"="+quote(value))
	}
	slices.Sort(list)
	return list
}

// line returns the call as a line for a POSIX shell.
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
