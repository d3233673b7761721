package cells

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
	"github.com/matrixrun/matrixrun/matrix/trial"
)

// SuitesTrials is the value of --trials that leaves the number to the suite.
const SuitesTrials = -1

// AddTrials adds --trials to the flags of a command.
func AddTrials(flags *pflag.FlagSet, n *int, usage string) {
	flags.IntVar(n, "trials", SuitesTrials, usage)
	flags.Lookup("trials").DefValue = "10, or what the suite says" // for the help
}

// CheckTrials reports a number that --trials cannot have.
func CheckTrials(n int, problems *matrix.Problems) {
	if n != SuitesTrials && n < 1 {
		problems.Add("", 0, "--trials %d: want at least 1", n)
	}
}

// CheckSure returns the mistake of asking for --sure with a suite that does not say
// how sure a table must be.
func CheckSure(suite *matrix.Spec) error {
	if suite.Sure == nil {
		return matrix.Mistake("--sure: the suite %s does not say how sure its table must be: add \"sure: {clean: 0.05, edge: 0.005}\" to its matrix.yaml", suite.Suite)
	}
	return nil
}

// Flags are the flags of show that the commands repeat.
type Flags struct {
	Trials int
	Fixed  bool
	Sure   bool
	Ran    int    // how many trials the verdict took; 0 if unknown
	Out    string // the folder that has what repeating takes, or empty
	Cache  string
}

// trials returns the flags for the number of trials, as words of a command line.
func (f Flags) trials() (words []string) {
	if f.Trials != SuitesTrials {
		words = append(words, "--trials", strconv.Itoa(f.Trials))
	}
	if f.Fixed {
		words = append(words, "--fixed")
	}
	if f.Sure {
		words = append(words, "--sure")
	}
	return words
}

// Repeat returns the lines that repeat a cell by hand, for a POSIX shell in an
// empty folder: matrixrun writes the files, and the go command does the rest. If
// the files are written already, the first line goes to their folder.
func (c *Cell) Repeat(f Flags) []string {
	get := "cd " + text.Quote(f.Out)
	if f.Out == "" {
		words := append([]string{"show", c.name()}, c.otherFlags()...)
		words = append(words, c.origins.Anywhere().Words()...)
		words = append(words, f.trials()...)
		if f.Cache != "" {
			words = append(words, "--cache", find.Absolute(f.Cache))
		}
		get = thisProgram().line(append(words, c.absoluteSuite()...)) + ` -o "$PWD"`
	}
	if c.Suite.Speaks == matrix.SpeechTest {
		return []string{get, c.environment() + c.testLine()}
	}
	trials := c.Suite.MostTrials(f.Trials)
	if f.Sure {
		trials = cmp.Or(f.Ran, trials)
	}
	args := []string{"run", "-scenario", c.Scenario.Name, "-trials", strconv.Itoa(trials)}
	if c.Suite.Speaks == matrix.SpeechExit {
		args = c.Scenario.Args
	}
	run := c.environment() + text.QuoteAll(append([]string{"./" + matrix.HandBinary}, args...))
	if c.Plan.Server == nil {
		return []string{get, c.buildLine(c.Row, matrix.HandBinary), run}
	}
	return []string{
		get,
		c.buildLine(c.Row, matrix.HandBinary),
		"(cd " + matrix.HandServer + " && " + c.buildLine(*c.Plan.Server, "../"+matrix.HandServers) + ")",
		c.environment() + fmt.Sprintf("./%s serve > %[2]s & until [ -s %[2]s ]; do sleep 0.1; done", matrix.HandServers, matrix.HandAddress),
		run + ` -peer "$(head -n 1 ` + matrix.HandAddress + `)"`,
		"kill $!",
	}
}

// environment returns the variables that a run sets for the reproduction, as the beginning
// of a command line.
func (c *Cell) environment() string {
	return text.QuoteAll(trial.Environment(c.Suite.Environment)) + " "
}

// AsBuilt makes the row what it was built from in the end. For what is no release, that is
// found out by building it.
func (c *Cell) AsBuilt(built *matrix.RowResult) {
	c.Row.Required, c.Row.Swap, c.cgo = built.Required, built.Swap, built.CCompiler != ""
	if built.Adapter != "" {
		c.Row.Adapter.Tags = strings.Split(built.Adapter, ",")
	}
	if c.Row.Toolchain != "" {
		c.Row.Toolchain = built.Toolchain
	}
	for i, p := range built.Patches {
		c.Row.Patches[i] = c.Row.Patches[i].Taken(p.SHA256)
	}
}

// buildLine returns the command that compiles a row in the folder of its
// workspace. It sets what a run sets, so that neither a go.work above nor the flags of
// the user change the result.
func (c *Cell) buildLine(row matrix.Row, output string) string {
	return text.QuoteAll(append(c.goWords(row, "build"), "-o", output, "."))
}

// testLine returns the command that runs a test of a row in the folder of its workspace. If
// a hang is the defect, it ends as the run did.
func (c *Cell) testLine() string {
	words := append(c.goWords(c.Row, "test"), "-count=1", "-v")
	if c.Suite.Defects.Hang {
		words = append(words, "-timeout="+c.Suite.Limits.Trial.String())
	}
	return text.QuoteAll(append(words, "-run", trial.Pattern(c.Scenario.Test), matrix.PackageArg(c.Scenario.Package)))
}

// goWords returns the words of a go command for a row, without its last arguments. As in a
// run, only the go.mod of tests may be completed.
func (c *Cell) goWords(row matrix.Row, verb string) []string {
	mode, cgo := "readonly", "0"
	if c.cgo {
		cgo = "1"
	}
	if verb == "test" {
		mode = "mod"
	}
	words := []string{"CGO_ENABLED=" + cgo, "GOFLAGS=-mod=" + mode, "GOWORK=off"}
	if row.Toolchain != "" {
		words = append(words, "GOTOOLCHAIN="+row.Toolchain)
	}
	words = append(words, "go", verb, "-trimpath")
	if tags := row.Adapter.Tags; len(tags) > 0 {
		words = append(words, "-tags="+strings.Join(tags, ","))
	}
	return words
}

// RunLine returns the command that adds the cell to the record.
func (c *Cell) RunLine(f Flags) string {
	words := []string{"matrixrun", "run"}
	if c.commits {
		words = append([]string{"matrixrun", "backport"}, c.patches...)
	}
	words = append(words, c.targetFlags()...)
	for _, name := range c.patches {
		if !c.commits {
			words = append(words, "--patch", name)
		}
	}
	words = append(append(words, c.otherFlags()...), "--scenario", c.Scenario.Name)
	words = append(words, f.trials()...)
	if f.Cache != "" {
		words = append(words, "--cache", f.Cache)
	}
	return text.QuoteAll(append(words, c.suiteArg...))
}

// targetFlags returns the flags that select the row's target.
func (c *Cell) targetFlags() []string {
	if c.Row.Release.Origin != nil {
		return c.origins.Words()
	}
	words := []string{"--only", c.Row.Release.Version}
	if c.Row.Release.Toolchain != "" {
		words = append(words, "--toolchain", c.Row.Release.Toolchain)
	}
	if c.commits {
		words = append([]string{"--git", c.origins.Git}, words...)
	}
	return words
}

// name returns the cell's name for a command line in any folder.
func (c *Cell) name() string {
	id := matrix.RowID{Version: c.Row.Release.Name()}
	for _, p := range c.patches {
		id.Patches = append(id.Patches, find.PatchPath(p))
	}
	return id.String() + "/" + c.Scenario.Name
}

// absoluteSuite returns the argument that names the suite in any folder: none for the one
// that no argument means there.
func (c *Cell) absoluteSuite() []string {
	name := find.SuiteName(c.suiteArg)
	if find.IsShipped(name) {
		return c.suiteArg
	}
	return []string{find.Absolute(name)}
}

// otherFlags returns the flags that the cell was found with, apart from those that name
// its target.
func (c *Cell) otherFlags() (words []string) {
	if c.Plan.Server != nil {
		words = append(words, "--server-version", c.Plan.Server.Release.Version)
	}
	if c.names.Strip >= 0 {
		words = append(words, "-p", strconv.Itoa(c.names.Strip))
	}
	return words
}
