package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/remote"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A remoteContents says what a remote record has, and what was removed from it.
type remoteContents struct {
	Remote  string         `json:"remote"`
	Kinds   []remoteKind   `json:"kinds"`
	Entries int            `json:"entries"`
	Bytes   int64          `json:"bytes"` // compressed
	Bad     []string       `json:"bad"`   // tags of entries that cannot be used
	Other   int            `json:"other"` // tags that are not of entries, and are never touched
	Oldest  time.Time      `json:"oldest,omitzero"`
	Removed *remoteRemoved `json:"removed,omitempty"` // nil without --prune
}

// A remoteKind counts the entries of one kind.
type remoteKind struct {
	Kind    string `json:"kind"`
	Entries int    `json:"entries"`
	Bytes   int64  `json:"bytes"`
}

// A remoteRemoved says what was removed.
type remoteRemoved struct {
	DryRun  bool  `json:"dry_run"`
	Entries int   `json:"entries"`
	Bytes   int64 `json:"bytes"` // that no other entry has
}

// remoteCache prunes a remote record if asked to, and prints what it has.
func remoteCache(ctx context.Context, f cacheFlags, stdout io.Writer) error {
	ref, err := remote.ParseRef(f.remote)
	if err != nil {
		return matrix.Mistake("--remote: %v", err)
	}
	r := remote.Open(ctx, ref)
	doing := func(err error) error { return fmt.Errorf("looking at the remote record %s: %w", ref, err) }
	has, err := r.Contents(ctx)
	if err != nil {
		return doing(err)
	}
	var removed *remoteRemoved
	if f.prune {
		tags, freed := has.Choose(int64(f.maxSize), time.Duration(f.maxAge), time.Now())
		removed = &remoteRemoved{DryRun: f.dryRun, Entries: len(tags), Bytes: freed}
		if !f.dryRun {
			if err := r.Remove(ctx, tags); err != nil {
				return doing(err)
			}
			if has, err = r.Contents(ctx); err != nil {
				return doing(err)
			}
		}
	}
	c := newRemoteContents(ref, has)
	c.Removed = removed
	if f.json {
		return text.WriteJSON(stdout, c, true)
	}
	_, err = io.WriteString(stdout, c.text())
	return err
}

// newRemoteContents counts entries.
func newRemoteContents(ref remote.Ref, has remote.Contents) remoteContents {
	c := remoteContents{Remote: ref.String(), Kinds: []remoteKind{}, Entries: len(has.Items), Bytes: has.Bytes, Bad: append([]string{}, has.Bad...), Other: has.Other}
	for _, item := range has.Items {
		kind, _, _ := strings.Cut(item.Tag, "-")
		i := slices.IndexFunc(c.Kinds, func(k remoteKind) bool { return k.Kind == kind })
		if i < 0 {
			i, c.Kinds = len(c.Kinds), append(c.Kinds, remoteKind{Kind: kind})
		}
		c.Kinds[i].Entries++
		c.Kinds[i].Bytes += item.Bytes
		c.Oldest = item.Created // the last is the oldest
	}
	slices.SortFunc(c.Kinds, func(a, b remoteKind) int { return strings.Compare(a.Kind, b.Kind) })
	return c
}

// text returns a table.
func (c remoteContents) text() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n", c.Remote)
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, k := range append(c.Kinds, remoteKind{"in all", c.Entries, c.Bytes}) {
		fmt.Fprintf(table, "%d\t%s\t  %s\n", k.Entries, sizeText(k.Bytes), cmp.Or(kindNames[k.Kind], k.Kind))
	}
	_ = table.Flush() // a strings.Builder takes everything
	if !c.Oldest.IsZero() {
		fmt.Fprintf(&out, "\nOldest entry: %s.\n", c.Oldest.Format(time.DateOnly))
	}
	if len(c.Bad) > 0 {
		fmt.Fprintf(&out, "Not to be used, and removed by --prune: %s.\n", text.Some(c.Bad, 5))
	}
	if r := c.Removed; r != nil {
		removed := "removed"
		if r.DryRun {
			removed = "would remove"
		}
		fmt.Fprintf(&out, "\n%s %s in %s, those written first\n", removed, sizeText(r.Bytes), text.Count(r.Entries, "entry"))
	}
	return out.String()
}
