package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// repeat returns the lines that repeat a cell by hand, for a POSIX shell in an
// empty folder: matrixrun writes the files, and the go command does the rest.
// Where they are written already, the first line goes there.
func (c *cell) repeat(f showFlags) []string {
	get := "cd " + text.Quote(f.out)
	if f.out == "" {
		words := append(append(append([]string{"show", c.name()}, c.serverFlag()...), c.cacheFlag(f)...), c.suiteName()...)
		get = thisProgram().line(words) + ` -o "$PWD"`
	}
	run := text.QuoteAll([]string{"./" + matrix.HandBinary, "run", "-scenario", c.scenario.Name, "-trials", strconv.Itoa(f.trials)})
	if c.plan.Server == nil {
		return []string{get, buildLine(c.row, matrix.HandBinary), run}
	}
	return []string{
		get,
		buildLine(c.row, matrix.HandBinary),
		"(cd " + matrix.HandServer + " && " + buildLine(*c.plan.Server, "../"+matrix.HandServers) + ")",
		fmt.Sprintf("./%s serve > %[2]s & until [ -s %[2]s ]; do sleep 0.1; done", matrix.HandServers, matrix.HandAddress),
		run + ` -peer "$(head -n 1 ` + matrix.HandAddress + `)"`,
		"kill $!",
	}
}

// buildLine compiles a row in the folder of its workspace.
func buildLine(row matrix.Row, output string) string {
	// What a go.work above, a C compiler that the toolchain does not know, or the
	// user's flags would change is set as a run sets it.
	build := []string{"CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off"}
	if row.Toolchain != "" {
		build = append(build, "GOTOOLCHAIN="+row.Toolchain)
	}
	build = append(build, "go", "build", "-trimpath")
	if tags := row.Adapter.Tags; len(tags) > 0 {
		build = append(build, "-tags="+strings.Join(tags, ","))
	}
	return text.QuoteAll(append(build, "-o", output, "."))
}

// runLine is the command that puts a cell into the record.
func (c *cell) runLine(f showFlags) string {
	words := []string{"matrixrun", "run", "--only", c.row.Release.Version}
	for _, name := range c.patches {
		words = append(words, "--patch", name)
	}
	words = append(append(words, c.serverFlag()...), "--scenario", c.scenario.Name)
	if f.trials != 10 {
		words = append(words, "--trials", strconv.Itoa(f.trials))
	}
	if f.fixed {
		words = append(words, "--fixed")
	}
	if f.cache != "" {
		words = append(words, "--cache", f.cache)
	}
	return text.QuoteAll(append(words, c.suiteArg...))
}

// name is the cell's own, with patches as they were named: it is to be found
// from another folder too.
func (c *cell) name() string {
	id := matrix.RowID{Version: c.row.Release.Version}
	for _, p := range c.patches {
		id.Patches = append(id.Patches, find.PatchPath(p))
	}
	return id.String() + "/" + c.scenario.Name
}

// suiteName names the suite for any folder.
func (c *cell) suiteName() []string {
	if len(c.suiteArg) == 0 {
		return nil
	}
	if find.IsShipped(c.suiteArg[0]) {
		return c.suiteArg
	}
	return []string{find.Absolute(c.suiteArg[0])}
}

func (c *cell) serverFlag() []string {
	if c.plan.Server == nil {
		return nil
	}
	return []string{"--server-version", c.plan.Server.Release.Version}
}

func (c *cell) cacheFlag(f showFlags) []string {
	if f.cache == "" {
		return nil
	}
	return []string{"--cache", find.Absolute(f.cache)}
}
