package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/pflag"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/engines"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/plans"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/remote"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// shardFormats are the values of --format of plan, the default first.
var shardFormats = newShardFormats()

func newShardFormats() (all formats[engines.Run]) {
	for _, e := range engines.All {
		all = append(all, format[engines.Run]{e.Name, e.About, func(w io.Writer, r engines.Run, _ report.Screen) error { return e.Print(w, r) }})
	}
	return all
}

// onlyPlan are the flags of plan that say how to print it. Run has the others, too.
var onlyPlan = []string{"shards", "format", "image", "json", "list", "cache", "help"}

// selectedWith returns the given flags of plan that run has, too, as arguments of run.
func selectedWith(flags *pflag.FlagSet) (words []string) {
	flags.Visit(func(f *pflag.Flag) {
		list, ok := f.Value.(pflag.SliceValue)
		switch {
		case slices.Contains(onlyPlan, f.Name):
		case ok && f.Value.Type() == "stringSlice":
			words = append(words, "--"+f.Name, strings.Join(list.GetSlice(), ","))
		case ok:
			for _, value := range list.GetSlice() {
				words = append(words, "--"+f.Name, value)
			}
		case f.Value.Type() == "bool":
			words = append(words, "--"+f.Name+strings.TrimSuffix("="+f.Value.String(), "=true"))
		default:
			words = append(words, "--"+f.Name, f.Value.String())
		}
	})
	return words
}

// checkShards returns the engine of --format, and the mistakes that the flags about shards
// alone show.
func (f planFlags) checkShards() (e engines.Engine, problems matrix.Problems) {
	known := slices.IndexFunc(engines.All, func(e engines.Engine) bool { return e.Name == f.format })
	if known >= 0 {
		e = engines.All[known]
	} else {
		_, err := shardFormats.find("--format", f.format)
		_ = problems.Join(err) // it is bad input
		e = engines.All[0]
	}
	if f.inShards && (f.shards < 1 || f.shards > e.Most) {
		problems.Add("", 0, "--shards %d: want 1 to %d, %s", f.shards, e.Most, e.MostWhy)
	}
	if f.inShards && f.json {
		problems.Add("", 0, "--shards and --json: want one of them: --json prints the rows, and --shards how they are shared")
	}
	if f.inShards && f.list {
		problems.Add("", 0, "--shards and --list: want one of them: --shards only prints how rows are shared")
	}
	if !f.inShards && f.format != shardFormats[0].name {
		problems.Add("", 0, "--format %s: it says how to print shards: want --shards N with it", f.format)
	}
	switch {
	case !f.inImage:
	case known >= 0 && !e.Image:
		problems.Add("", 0, "--image %s: %s takes no image: want --format %s with it", f.image, e.Name, text.Or(engines.Names(func(e engines.Engine) bool { return e.Image })))
	case f.image == "" || strings.ContainsFunc(f.image, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		problems.Add("", 0, "--image %q: want the name of an image, such as %s", f.image, engines.DefaultImage)
	}
	if f.remote != "" {
		f.checkRemote(e, known >= 0, &problems)
	}
	return e, problems
}

// checkRemote adds the mistakes in --remote.
func (f planFlags) checkRemote(e engines.Engine, known bool, problems *matrix.Problems) {
	ref, err := remote.ParseRef(f.remote)
	switch {
	case err != nil:
		problems.Add("", 0, "--remote: %v", err)
	case strings.ContainsFunc(f.remote, unicode.IsControl): // it is in a comment, too
		problems.Add("", 0, "--remote %q: want a name on one line", f.remote)
	case !f.inShards || known && !e.Remote:
		problems.Add("", 0, "--remote %s: it is for the jobs of an engine: want --shards N and --format %s with it", f.remote, text.Or(engines.Names(func(e engines.Engine) bool { return e.Remote })))
	case known && e.Image && ref.Dir != "":
		problems.Add("", 0, "--remote %s: the jobs of %s share no folder: want oci://HOST/REPOSITORY", f.remote, e.Name)
	}
}

// printShards prints how machines share a plan, for an engine.
func (f planFlags) printShards(e engines.Engine, suite []string, todo *matrix.Plan, times plan.Times, stdout, stderr io.Writer) error {
	r := engines.Run{Jobs: plans.Jobs(todo, times, f.shards), Args: append([]string{find.SuiteName(suite)}, f.selected...), Remote: f.remote, Image: f.image, Version: released()}
	r.Files = namesFiles(r.Args, todo)
	if e.Name != engines.All[0].Name {
		if err := nothingToRun(todo); err != nil {
			return err
		}
	}
	for _, s := range todo.Skips {
		fmt.Fprintf(stderr, "skipping %s: %s\n", s.ID, s.Reason)
	}
	if n := len(r.Jobs); n < f.shards {
		fmt.Fprintf(stderr, "%s instead of %d: the plan has %s, and the rows of one stay together\n", text.Count(n, "shard"), f.shards, plans.Targets(todo))
	}
	if paths := r.Elsewhere(); e.Image && len(paths) > 0 {
		fmt.Fprintf(stderr, "the jobs must have %s where this machine has them: a path in the checkout is there anyway\n", text.List(paths))
	}
	return e.Print(stdout, r)
}

// namesFiles reports whether the arguments of a run name files: by a path, or by the name of a
// patch below ./patches.
func namesFiles(args []string, todo *matrix.Plan) bool {
	for _, row := range todo.Rows {
		if slices.ContainsFunc(row.Patches, func(v matrix.Variant) bool { return find.IsLocalPatch(v.Patch) }) {
			return true
		}
	}
	return slices.ContainsFunc(args, func(word string) bool {
		_, err := os.Stat(word)
		return err == nil
	})
}

// released returns the version of this program that `go install` takes: latest unless a
// release was built.
func released() string {
	info, ok := debug.ReadBuildInfo()
	if ok && info.Main.Version != "" && module.CanonicalVersion(info.Main.Version) == info.Main.Version {
		return info.Main.Version
	}
	return "latest"
}
