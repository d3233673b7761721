// Package complete lets a shell complete the command line of matrixrun: flags,
// and what flags and commands take.
package complete

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/engines"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// These directives tell the shell what to do with the words it is offered.
const (
	noFiles   = cobra.ShellCompDirectiveNoFileComp
	orFiles   = cobra.ShellCompDirectiveDefault             // offer files if no word fits
	inOrder   = noFiles | cobra.ShellCompDirectiveKeepOrder // do not sort the words
	openEnded = inOrder | cobra.ShellCompDirectiveNoSpace   // no space after a word, because it goes on
	byEnding  = cobra.ShellCompDirectiveFilterFileExt       // offer folders, and files with these endings
	onlyDirs  = cobra.ShellCompDirectiveFilterDirs
)

// flagValues complete the values of flags, by the name of the flag. A flag means
// the same in each command that has it.
var flagValues = map[string]cobra.CompletionFunc{
	"only":           only,
	"versions":       versionRange,
	"server-version": version,
	"toolchain":      toolchain,
	"sample":         offer(inOrder, "last-patch\tthe newest of each minor line", "latest-10\tthe newest 10", "evenly-10\t10 from end to end"),
	"patch":          patch,
	"scenario":       scenario,
	"fix":            scenario,
	"good":           version,
	"bad":            version,
	"evidence": offer(inOrder, "leaks\tcells that leak, always or at times", "ends\tone of each scenario at both ends of each interval",
		"all\tclean cells too", "none\tno cell"),
	"shard":          shard,
	"shards":         offer(inOrder),
	"image":          offer(inOrder, engines.DefaultImage),
	"trials":         offer(inOrder),
	"jobs":           offer(inOrder),
	"upstream-limit": offer(inOrder, "1m", "5m", "20m"),
	"max-size":       offer(inOrder, "500MB", "1GB", "4GB"),
	"max-age":        offer(inOrder, "7d", "30d", "90d"),
	"times":          offer(byEnding, "json"),
	"cache":          offer(onlyDirs),
	"from":           offer(onlyDirs),
	"git":            offer(onlyDirs),
	"goproxy":        offer(onlyDirs),
}

// arguments complete the arguments of commands, by the name of the command.
var arguments = map[string]cobra.CompletionFunc{
	"run":      each(suite),
	"plan":     each(suite),
	"lock":     each(suite),
	"backport": patchesAndSuite,
	"bisect":   each(suite),
	"fork":     each(version, suite),
	"show":     each(cell, suite),
	"report":   each(offer(byEnding, "json")),
	"index":    each(offer(onlyDirs)),
	"verify":   each(offer(byEnding, "json"), suite),
	"merge":    offer(onlyDirs),
	"help":     each(helpTopic),
	"cache":    each(),
	"man":      each(),
}

// Add adds completions to the commands below root. The formats are the values of
// the flag --format, by the name of the command that has the flag.
func Add(root *cobra.Command, formats map[string][]cobra.Completion) {
	root.CompletionOptions.DisableDefaultCmd = true // matrixrun has a completion command of its own
	for _, c := range root.Commands() {
		if f, ok := arguments[c.Name()]; ok {
			c.ValidArgsFunction = f
		}
		for name, f := range flagValues {
			add(c, name, f)
		}
		add(c, "format", offer(inOrder, formats[c.Name()]...))
		if out := c.Flags().Lookup("out"); out != nil && strings.Contains(out.Usage, "`DIR`") {
			add(c, "out", offer(onlyDirs))
		}
	}
}

// add completes a flag if the command has it.
func add(c *cobra.Command, flag string, f cobra.CompletionFunc) {
	if c.Flags().Lookup(flag) != nil {
		_ = c.RegisterFlagCompletionFunc(flag, f) // fails only if there is no flag, or it has a function
	}
}

// offer always offers the same words, or files with the same endings.
func offer(how cobra.ShellCompDirective, all ...cobra.Completion) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if how == byEnding {
			return all, how
		}
		return withPrefix(all, prefix), how
	}
}

// each completes each argument with a function of its own, and no further ones.
func each(functions ...cobra.CompletionFunc) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, prefix string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) >= len(functions) {
			return nil, noFiles
		}
		return functions[len(args)](c, args, prefix)
	}
}

// withPrefix returns the words that begin with prefix.
func withPrefix(all []cobra.Completion, prefix string) (fit []cobra.Completion) {
	for _, w := range all {
		if strings.HasPrefix(w, prefix) {
			fit = append(fit, w)
		}
	}
	return fit
}

// describe returns a word with what it means, on one short line.
func describe(word, meaning string) cobra.Completion {
	return cobra.CompletionWithDesc(word, text.Cut(strings.Join(strings.Fields(meaning), " "), 60))
}
