package gocmd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/matrixrun/matrixrun/matrix/internal/proc"
)

// A C is what compiles the C code of packages that use cgo. The zero value compiles nothing.
type C struct {
	Compiler string   // the first line that it prints for --version, such as "gcc (Debian 14.2.0-19) 14.2.0"; empty without a compiler
	Flags    []string // what else decides what it compiles, as NAME=VALUE, sorted
}

// NoCompiler is the advice for a machine without a C compiler.
const NoCompiler = "install gcc, or set CC to another compiler"

// cFlags are the variables of the go command with flags for C compilers and linkers, and what
// they are unless somebody sets them.
var cFlags = []struct{ name, usual string }{
	{"CGO_CFLAGS", "-O2 -g"}, {"CGO_CPPFLAGS", ""}, {"CGO_CXXFLAGS", "-O2 -g"}, {"CGO_FFLAGS", "-O2 -g"}, {"CGO_LDFLAGS", ""},
}

// cVariables are further variables that decide what C compilers, linkers and pkg-config find.
var cVariables = []string{
	"CXX", "FC", "AR", "PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR",
	"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "LIBRARY_PATH", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET",
}

// versionLimit limits a compiler that says which version it is.
const versionLimit = time.Minute

// C finds out what compiles C for this user: the program that CC names, or the go command's
// usual one. Its Compiler is empty if that cannot be run. The answer is cached.
func (g *Go) C(ctx context.Context) (C, error) {
	g.mu.Lock()
	known := g.c
	g.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	c, err := g.findC(ctx)
	if err != nil {
		return c, fmt.Errorf("finding the C compiler: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.c = &c
	return c, nil
}

// findC is C without the cache.
func (g *Go) findC(ctx context.Context) (c C, err error) {
	args := []string{"env", "CC"}
	for _, f := range cFlags {
		args = append(args, f.name)
	}
	out, err := g.Run(ctx, Call{Args: args, Env: []string{"CGO_ENABLED=1"}, Limit: versionLimit})
	if err != nil {
		return c, err
	}
	values := strings.Split(strings.ReplaceAll(string(out), "\r", ""), "\n")
	for i, f := range cFlags {
		if value := values[i+1]; value != f.usual {
			c.Flags = append(c.Flags, f.name+"="+value)
		}
	}
	for _, name := range cVariables {
		if value := os.Getenv(name); value != "" {
			c.Flags = append(c.Flags, name+"="+value)
		}
	}
	c.Flags = append(c.Flags, "CC="+values[0])
	slices.Sort(c.Flags)
	words := command(values[0])
	if len(words) == 0 {
		return c, nil
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		return c, nil // no compiler is not an error
	}
	limited, cancel := context.WithTimeout(ctx, versionLimit)
	defer cancel()
	var said bytes.Buffer
	err = proc.Cmd{
		Path: path, Args: append(words[1:], "--version"), Env: Call{}.environ().list(), Stdout: &said, MaxStdout: maxStderr,
	}.Run(limited)
	if ctx.Err() != nil {
		return c, context.Cause(ctx)
	}
	if first, _, _ := strings.Cut(said.String(), "\n"); err == nil {
		c.Compiler = strings.TrimSpace(first)
	}
	return c, nil
}

// command splits the value of CC into a program and its arguments, as the go command does: at
// spaces, other than between quotes.
func command(cc string) (words []string) {
	for cc = strings.TrimSpace(cc); cc != ""; cc = strings.TrimSpace(cc) {
		word, rest, quoted := "", "", false
		if quote := cc[:1]; quote == "'" || quote == `"` {
			word, rest, quoted = strings.Cut(cc[1:], quote)
		}
		if !quoted {
			word, rest, _ = strings.Cut(cc, " ")
		}
		words, cc = append(words, word), rest
	}
	return words
}
