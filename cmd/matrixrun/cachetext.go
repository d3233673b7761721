package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/matrixrun/matrixrun/matrix/record"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// kindNames word what the record keeps.
var kindNames = map[string]string{
	"build": "builds", "bin": "binaries", "trace": "traces", "evidence": "evidence",
	"tests": "tests of releases", "upstream": "what these say", "row": "history of rows",
}

// contentsText prints what a record holds.
func contentsText(w io.Writer, c record.Contents) error {
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
	line("in all", c.Kind)
	if err := table.Flush(); err != nil {
		return err
	}
	if !c.Oldest.IsZero() {
		fmt.Fprintf(&out, "\nLeast lately used on %s.\n", c.Oldest.Format(time.DateOnly))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// prunedText prints what was removed, and why.
func prunedText(w io.Writer, p record.Pruned) error {
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
	}{{p.Old, "too old"}, {p.Large, "too many"}, {p.Damaged, "damaged"}, {p.Leftovers, "left behind by killed runs"}} {
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
		fmt.Fprintf(&out, "%s in %s of these stay since another matrixrun may be using them: prune again when it is done\n", sizeText(p.Spared.Bytes), text.Count(p.Spared.Entries, "entry"))
	}
	_, err := io.WriteString(w, out.String())
	return err
}
