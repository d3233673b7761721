package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/screen"
	"github.com/matrixrun/matrixrun/matrix/interrupt"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/text"
)

func main() {
	interrupt.SurvivePipes() // so that a reader who goes away keeps no -o from being written
	os.Exit(execute(os.Args[1:], os.Stdout, os.Stderr))
}

// execute runs a command line and returns the exit code. A signal stops the command
// in an orderly manner, and a second one kills the program.
func execute(args []string, stdout, stderr io.Writer) int {
	ctx, stop := interrupt.Context(context.Background(), stderr)
	defer stop()
	defer scratch.Close()

	root := newRoot()
	root.SetArgs(args)
	out := &stream{Writer: stdout}
	root.SetOut(text.NewGuard(out, screen.Colored(stdout)))
	guarded := text.NewGuard(stderr, screen.Colored(stderr))
	root.SetErr(guarded)
	return complain(guarded, out.check(root.ExecuteContext(ctx)))
}

// newRoot returns the command with all its subcommands.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "matrixrun",
		Short:         "Find out, with proof, which releases of a Go module have a defect and which patches cure it",
		Version:       version(),
		Args:          noCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		SilenceErrors: true, // complain prints them
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(wrongFlag)
	root.AddCommand(newRun(), newTry(), newPlan(), newInit(), newMerge(), newBackport(), newBisect(), newShow(), newReport(), newIndex(), newVerify(), newDiff(), newCheck(), newFork(), newLock(), newCache())
	root.AddCommand(newSchema(), newCompletion(), newMan())
	addHelp(root)
	addCompletions(root)
	for _, c := range append(root.Commands(), root) {
		args := c.Args
		c.Args = func(c *cobra.Command, given []string) error { return usage(c, args(c, given)) }
	}
	return root
}

// noCommand returns an error for a word that is not a command. Otherwise cobra would
// print the help, and exit with 0.
func noCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("unknown command %q%s", args[0], didYouMean("%q", args[0], commandNames(c)))
}

// sources is the digest of the code that decides the results of a run, and of
// matrix.yaml. make sets it when it links the program: see results/fresh.
var sources string

// version returns the version of the module that this program was built from, and
// the digest of its sources if make built it.
func version() string {
	version := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	if sources != "" {
		version = strings.Trim(version, "()") + " (sources " + sources + ")"
	}
	return version
}
