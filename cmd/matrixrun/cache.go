package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/record"
)

// cacheFlags are the flags of matrixrun cache as they were given.
type cacheFlags struct {
	prune   bool
	dryRun  bool
	maxSize byteSize
	maxAge  lifetime
	json    bool
	cache   string
}

func newCache() *cobra.Command {
	f := cacheFlags{maxSize: byteSize(record.DefaultBounds.Bytes), maxAge: lifetime(record.DefaultBounds.Age)}
	c := &cobra.Command{
		Use:   "cache",
		Short: "Tell what the record holds, or prune it",
		Example: `  matrixrun cache
  matrixrun cache --prune
  matrixrun cache --prune --max-size 500MB --max-age 30d --dry-run`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if given := c.Flags(); !f.prune && (f.dryRun || given.Changed("max-size") || given.Changed("max-age")) {
				return usage(c, errors.New("--max-size, --max-age and --dry-run go with --prune"))
			}
			return cache(c.Context(), f, c.OutOrStdout())
		},
	}
	flags := c.Flags()
	flags.BoolVar(&f.prune, "prune", false, "remove what was not used for longest, and what is damaged")
	flags.Var(&f.maxSize, "max-size", "with --prune, leave so much at most: a `SIZE` such as 500MB or 2GiB")
	flags.Var(&f.maxAge, "max-age", "with --prune, leave what was used since: an `AGE` such as 30d or 720h")
	flags.BoolVar(&f.dryRun, "dry-run", false, "with --prune, remove nothing, but tell what would be")
	flags.BoolVar(&f.json, "json", false, "print one document as JSON")
	flags.StringVar(&f.cache, "cache", "", "where the record is: a `DIR` (default matrixrun in the user's cache folder)")
	return c
}

// cache tells what the record holds, or prunes it.
func cache(ctx context.Context, f cacheFlags, stdout io.Writer) error {
	store, err := openRecord(f.cache)
	if err != nil {
		return err
	}
	var doc any
	var text func(io.Writer) error
	if f.prune {
		var pruned record.Pruned
		pruned, err = store.Prune(ctx, record.Pruning{
			Bounds: record.Bounds{Bytes: int64(f.maxSize), Age: time.Duration(f.maxAge)}, DryRun: f.dryRun, Verify: true,
		})
		doc, text = pruned, func(w io.Writer) error { return prunedText(w, pruned) }
	} else {
		var c record.Contents
		c, err = store.Contents(ctx)
		doc, text = c, func(w io.Writer) error { return contentsText(w, c) }
	}
	var foreign *record.ForeignError
	if errors.As(err, &foreign) {
		var problems matrix.Problems
		problems.Add("", 0, "%v: name the record with --cache", err)
		return problems
	}
	if err != nil {
		return err
	}
	if f.json {
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		err = e.Encode(doc)
	} else {
		err = text(stdout)
	}
	if err != nil {
		return fmt.Errorf("printing what the record holds: %w", err)
	}
	return nil
}
