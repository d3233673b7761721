package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/quantity"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/scratch"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// cacheFlags are the flags of matrixrun cache.
type cacheFlags struct {
	prune   bool
	dryRun  bool
	maxSize quantity.Size
	maxAge  quantity.Age
	json    bool
	cache   string
	remote  string
}

func newCache() *cobra.Command {
	f := cacheFlags{maxSize: quantity.Size(record.DefaultBounds.Bytes), maxAge: quantity.Age(record.DefaultBounds.Age)}
	c := &cobra.Command{
		Use:   "cache",
		Short: "Print what the record holds, or prune it",
		Example: `  matrixrun cache
  matrixrun cache --prune
  matrixrun cache --prune --max-size 500MB --max-age 30d --dry-run
  matrixrun cache --remote oci://hub.example/team --prune --max-size 2GB`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if given := c.Flags(); !f.prune && (f.dryRun || given.Changed("max-size") || given.Changed("max-age")) {
				return usage(c, errors.New("--max-size, --max-age and --dry-run go with --prune"))
			}
			if f.remote != "" {
				return remoteCache(c.Context(), f, c.OutOrStdout())
			}
			return cache(c.Context(), f, c.OutOrStdout())
		},
	}
	flags := c.Flags()
	flags.BoolVar(&f.prune, "prune", false, "remove damaged entries, and those not used for longest")
	flags.Var(&f.maxSize, "max-size", "with --prune, leave at most this `SIZE`, such as 500MB or 2GiB")
	flags.Var(&f.maxAge, "max-age", "with --prune, leave what was used within this `AGE`, such as 30d or 720h")
	flags.BoolVar(&f.dryRun, "dry-run", false, "with --prune, remove nothing, but print what would be removed")
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	flags.StringVar(&f.remote, "remote", "", "look at the remote record `REF` and not at that of this machine: oci://HOST/REPOSITORY or oci-layout:DIR; --prune removes what was written first")
	flags.StringVar(&f.cache, "cache", "", "the folder of the record, a `DIR` (default matrixrun in the user's cache folder)")
	c.MarkFlagsMutuallyExclusive("remote", "cache")
	return c
}

// cache prunes the record if asked to, and prints what was removed, or else what
// the record holds.
func cache(ctx context.Context, f cacheFlags, stdout io.Writer) error {
	store, err := openRecord(f.cache)
	if err != nil {
		return err
	}
	var document any
	var page, folder string
	if f.prune {
		var p record.Pruned
		p, err = f.pruneAll(ctx, store)
		document, page, folder = p, prunedText(p), p.Left.Folder
	} else {
		var c record.Contents
		c, err = store.Contents(ctx)
		document, page, folder = c, contentsText(c), c.Folder
	}
	if _, ok := errors.AsType[*record.ForeignError](err); ok {
		return matrix.Mistake("%v: name the record with --cache", err)
	}
	if ctx.Err() != nil || folder == "" {
		return err // nothing was found out
	}
	var printed error
	if f.json {
		printed = text.WriteJSON(stdout, document, true)
	} else {
		_, printed = io.WriteString(stdout, page)
	}
	if printed != nil {
		printed = fmt.Errorf("printing what the record holds: %w", printed)
	}
	return errors.Join(err, printed) // what cannot be read or removed is no reason to print nothing
}

// pruneAll prunes the record, and removes the temporary files of killed runs.
func (f cacheFlags) pruneAll(ctx context.Context, store *record.Store) (record.Pruned, error) {
	bounds := record.Bounds{Bytes: int64(f.maxSize), Age: time.Duration(f.maxAge)}
	p, err := store.Prune(ctx, record.Pruning{Bounds: bounds, DryRun: f.dryRun, Verify: true})
	var foreign *record.ForeignError
	if errors.As(err, &foreign) || ctx.Err() != nil {
		return p, err
	}
	dead, deadErr := scratch.RemoveDead(ctx, f.dryRun)
	p.AddLeftovers(dead.Folders, dead.Bytes)
	return p, errors.Join(err, deadErr)
}

// kindNames are the kinds of entries in words.
var kindNames = map[string]string{
	"build": "builds", "bin": "binaries", "trace": "traces", "evidence": "evidence",
	"tests": "tests of releases", "upstream": "results of these tests", "row": "history of rows",
	"folder": "folders of the module cache",

	// Only a remote record has these.
	"traces": "traces", "run": "runs in parts", "part": "parts of runs",
}

// contentsText returns a table of what a record holds.
func contentsText(c record.Contents) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n", c.Folder)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(name string, k record.Kind) {
		fmt.Fprintf(table, "%d\t%s\t  %s\n", k.Entries, sizeText(k.Bytes), name)
	}
	for _, k := range c.Kinds {
		line(kindNames[k.Name], k)
	}
	if c.Leftovers.Entries > 0 {
		line("unfinished", c.Leftovers)
	}
	if c.Odd.Entries > 0 {
		line("of the wrong kind", c.Odd)
	}
	line("in all", c.Kind)
	_ = table.Flush() // a strings.Builder takes everything
	if !c.Oldest.IsZero() {
		fmt.Fprintf(&out, "\nOldest use: %s.\n", c.Oldest.Format(time.DateOnly))
	}
	out.WriteString(foreignText(c.Foreign))
	return out.String()
}

// foreignText names what is in the record and does not belong to it, in a line.
func foreignText(f record.Foreign) string {
	if f.Entries == 0 {
		return ""
	}
	names := f.Names[:min(len(f.Names), 5)]
	if more := f.Entries - len(names); more > 0 {
		names = append(slices.Clone(names), fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("Not made by matrixrun, and never removed: %s.\n", text.List(names))
}

// prunedText says what was removed, and why.
func prunedText(p record.Pruned) string {
	var out strings.Builder
	removed := "removed"
	if p.DryRun {
		removed = "would remove"
	}
	for _, k := range p.Removed {
		fmt.Fprintf(&out, "%s %s: %s, %s\n", removed, kindNames[k.Name], text.Count(k.Entries, "entry"), sizeText(k.Bytes))
	}
	var why []string
	for _, r := range []struct {
		record.Kind
		why string
	}{{p.Old, "too old"}, {p.Large, "too many"}, {p.Damaged, "damaged"}, {p.Leftovers, "left behind by killed runs"}, {p.Odd, "of the wrong kind"}} {
		if r.Entries > 0 {
			why = append(why, fmt.Sprintf("%d %s", r.Entries, r.why))
		}
	}
	if len(why) == 0 {
		why = append(why, "nothing to do")
	}
	fmt.Fprintf(&out, "%s %s in %s (%s); %s in %s are left\n",
		removed, sizeText(p.Bytes), text.Count(p.Entries, "entry"), strings.Join(why, ", "), sizeText(p.Left.Bytes), text.Count(p.Left.Entries, "entry"))
	if p.Spared.Entries > 0 {
		fmt.Fprintf(&out, "%s in %s of these stay because another matrixrun may be using them: prune again when it is done\n",
			sizeText(p.Spared.Bytes), text.Count(p.Spared.Entries, "entry"))
	}
	out.WriteString(foreignText(p.Left.Foreign))
	return out.String()
}

func sizeText(bytes int64) string {
	size := quantity.Size(bytes)
	return size.String()
}
