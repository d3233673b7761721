package compare

import (
	"fmt"
	"slices"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// across returns what differs in how the two results were made. It may be the cause of
// changes that are not the target's.
func across(was, is *matrix.Results) []string {
	out := []string{}
	add := func(changed bool, text string) {
		if changed {
			out = append(out, text)
		}
	}
	add(was.Lock != is.Lock, "another releases.lock")
	add(was.Reproduction != is.Reproduction, "another reproduction")
	add(was.Matrixrun != is.Matrixrun, fmt.Sprintf("matrixrun %s -> %s", was.Matrixrun, is.Matrixrun))
	platform := func(h matrix.Host) string { return h.GOOS + "/" + h.GOARCH }
	add(platform(was.Host) != platform(is.Host), platform(was.Host)+" -> "+platform(is.Host))
	add(was.Host.CPUs != is.Host.CPUs, fmt.Sprintf("%d -> %d CPUs", was.Host.CPUs, is.Host.CPUs))
	return append(out, acrossRows(was, is)...)
}

// acrossRows returns what differs in how rows were made, with the number of rows in
// which it does.
func acrossRows(was, is *matrix.Results) []string {
	older := make(map[string]*matrix.RowResult, len(was.Rows))
	for i := range was.Rows {
		older[was.Rows[i].ID] = &was.Rows[i]
	}
	var texts, rowsOnly []string
	rows := make(map[string]int)
	note := func(from, to, text string) {
		if from == to {
			return
		}
		if rows[text] == 0 {
			texts = append(texts, text)
		}
		rows[text]++
	}
	for i := range is.Rows {
		row := &is.Rows[i]
		old := older[row.ID]
		if old == nil {
			continue
		}
		note(old.Source.Sum, row.Source.Sum, "another checksum of the release")
		note(old.Toolchain, row.Toolchain, orNone(old.Toolchain)+" -> "+orNone(row.Toolchain))
		note(old.Adapter, row.Adapter, "another adapter")
		note(old.Server, row.Server, "servers of "+old.Server+" -> "+row.Server)
		for _, p := range row.Patches {
			j := slices.IndexFunc(old.Patches, func(o matrix.Applied) bool { return o.Name == p.Name })
			if j >= 0 {
				note(old.Patches[j].SHA256, p.SHA256, "another patch "+p.Name)
			}
		}
	}
	for _, note := range texts {
		rowsOnly = append(rowsOnly, fmt.Sprintf("%s (%d %s)", note, rows[note], text.Plural(rows[note], "row")))
	}
	return rowsOnly
}

func orNone(toolchain string) string {
	if toolchain == "" {
		return "the go command at hand"
	}
	return toolchain
}
