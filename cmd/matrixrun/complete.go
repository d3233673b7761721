package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// How a shell goes on after what it was offered.
const (
	noFiles  = cobra.ShellCompDirectiveNoFileComp
	orFiles  = cobra.ShellCompDirectiveDefault // files, where nothing else fits
	inOrder  = noFiles | cobra.ShellCompDirectiveKeepOrder
	unended  = inOrder | cobra.ShellCompDirectiveNoSpace // the word goes on
	ofKind   = cobra.ShellCompDirectiveFilterFileExt     // files with these endings, and folders
	onlyDirs = cobra.ShellCompDirectiveFilterDirs
)

// flagValues complete what flags take, by the flag's name: it means the same to
// each command that has it.
var flagValues = map[string]cobra.CompletionFunc{
	"only":           completeOnly,
	"versions":       completeRange,
	"server-version": completeVersion,
	"sample":         offer(inOrder, "last-patch\tthe newest of each minor line", "latest-10\tthe newest 10", "evenly-10\t10 from end to end"),
	"patch":          completePatch,
	"scenario":       completeScenario,
	"fix":            completeScenario,
	"evidence": offer(inOrder, "leaks\tcells that leak, always or at times", "ends\tone of each scenario at both ends of each interval",
		"all\tclean cells too", "none\tno cell"),
	"format":         completeFormat,
	"shard":          completeShard,
	"shards":         offer(inOrder),
	"trials":         offer(inOrder),
	"jobs":           offer(inOrder),
	"upstream-limit": offer(inOrder, "1m", "5m", "20m"),
	"max-size":       offer(inOrder, "500MB", "1GB", "4GB"),
	"max-age":        offer(inOrder, "7d", "30d", "90d"),
	"times":          offer(ofKind, "json"),
	"cache":          offer(onlyDirs),
	"from":           offer(onlyDirs),
	"git":            offer(onlyDirs),
	"goproxy":        offer(onlyDirs),
}

// wordValues complete the words behind a command, by its name.
var wordValues = map[string]cobra.CompletionFunc{
	"run":      wordByWord(completeSuite),
	"plan":     wordByWord(completeSuite),
	"lock":     wordByWord(completeSuite),
	"backport": completeBackport,
	"fork":     wordByWord(completeVersion, completeSuite),
	"show":     wordByWord(completeCell, completeSuite),
	"report":   wordByWord(offer(ofKind, "json")),
	"merge":    offer(onlyDirs),
	"help":     wordByWord(completeTopic),
	"cache":    wordByWord(),
	"man":      wordByWord(),
}

// addCompletions lets shells complete what commands and flags take.
func addCompletions(root *cobra.Command) {
	root.CompletionOptions.DisableDefaultCmd = true // there is one of our own
	for _, c := range root.Commands() {
		if f, ok := wordValues[c.Name()]; ok {
			c.ValidArgsFunction = f
		}
		for name, f := range flagValues {
			if c.Flags().Lookup(name) != nil {
				_ = c.RegisterFlagCompletionFunc(name, f) // the flag is there, and has no other
			}
		}
		if out := c.Flags().Lookup("out"); out != nil && strings.Contains(out.Usage, "`DIR`") {
			_ = c.RegisterFlagCompletionFunc("out", offer(onlyDirs))
		}
	}
}

// offer always offers the same: words, each with a tab and what it is for, or
// the endings of files.
func offer(how cobra.ShellCompDirective, all ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if how == ofKind {
			return all, how
		}
		return begins(all, begun), how
	}
}

// wordByWord completes each word behind a command in its own way, and none further.
func wordByWord(each ...cobra.CompletionFunc) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) >= len(each) {
			return nil, noFiles
		}
		return each[len(args)](c, args, begun)
	}
}

// begins returns the words that begin so.
func begins(all []string, begun string) (fit []cobra.Completion) {
	for _, w := range all {
		if strings.HasPrefix(w, begun) {
			fit = append(fit, w)
		}
	}
	return fit
}

// about adds to a word what it is for, on one line that a shell can show.
func about(word, text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if short := []rune(text); len(short) > 60 {
		text = strings.TrimSpace(string(short[:59])) + "…"
	}
	return cobra.CompletionWithDesc(word, text)
}
