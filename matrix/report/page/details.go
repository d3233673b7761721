package page

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// Details are what the page knows of each cell beyond its symbol, as data for
// its program. Thousands of cells say the same few things, so that each of those
// is told once. A cell is a list of numbers: its shape, and for each frame the
// tenths of a millisecond since the frame before, which alone are seldom the same.
// Of one frame, or none, nobody asks when that was: such a cell is its shape. A
// shape is
//
//	[judgement, sightings, evidence, and of each frame: kind, packets since the frame before]
//
// Shape, judgement, sightings, evidence and kind are indexes of the lists below.
// A row without a cell has null in its place.
type details struct {
	Target    string       `json:"target"`
	Modules   []string     `json:"modules"` // the target's paths, the present one first
	Suite     string       `json:"suite"`   // as commands name it; may be empty
	Lead      int          `json:"lead"`    // columns before those of the scenarios
	Labels    labels       `json:"labels"`  // of the cells that have none in the table
	Scenarios []named      `json:"scenarios"`
	Rows      []rowDetails `json:"rows"`

	Shapes     [][]int64   `json:"shapes"`
	Judgements []judgement `json:"judgements"`
	Saw        []sighting  `json:"saw"`
	Sightings  [][]int     `json:"sightings"` // lists of indexes of Saw
	Kinds      []frame     `json:"kinds"`
	Evidence   [][]string  `json:"evidence"` // lists of what follows the scenario in names of files
}

type named struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type rowDetails struct {
	ID      string    `json:"id"`
	Version string    `json:"version"`
	Server  string    `json:"server,omitempty"`
	Cells   []numbers `json:"cells,omitempty"` // by column
}

// Numbers are a list, of which one alone stands for itself.
type numbers []int64

// MarshalJSON writes them.
func (n numbers) MarshalJSON() ([]byte, error) {
	if len(n) == 1 {
		return json.Marshal(n[0])
	}
	return json.Marshal([]int64(n))
}

// A judgement is all of a cell that many others share.
type judgement struct {
	Verdict    string      `json:"verdict"`
	Kills      bool        `json:"kills,omitempty"`
	Words      string      `json:"words"`
	Leaks      int         `json:"leaks"`
	Trials     int         `json:"trials"`
	Interval   *[2]float64 `json:"interval,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Unread     string      `json:"unread,omitempty"`
	NoEvidence string      `json:"none,omitempty"`
	Runs       []string    `json:"runs,omitempty"`
}

// A sighting has its code as text: JavaScript has no integers of 64 bits.
type sighting struct {
	Side  string `json:"side"`
	Where string `json:"where"`
	Code  string `json:"code"`
	Error string `json:"error"`
}

type frame struct {
	From   string `json:"from"`
	Packet string `json:"packet"`
	Type   string `json:"type"`
	Where  string `json:"where"`
	Code   string `json:"code"`
	Size   string `json:"size"`
}

func newDetails(g *matrix.Grid, ordered []matrix.GridRow, o Options) details {
	d := details{Target: g.Target, Modules: []string{g.Target}, Suite: o.SuiteArg, Lead: 3, Scenarios: []named{}, Rows: []rowDetails{}}
	if patched(g) {
		d.Lead++
	}
	for _, row := range g.Rows {
		if m := row.Source.Module; m != "" && !slices.Contains(d.Modules, m) {
			d.Modules = append(d.Modules, m)
		}
	}
	for _, s := range g.Columns {
		d.Scenarios = append(d.Scenarios, named{s.Name, string(s.Kind)})
	}
	known := indexes{}
	for _, row := range ordered {
		line := rowDetails{ID: row.ID, Version: row.Source.Version, Server: row.Server}
		for i := range row.Cells {
			var cell numbers
			if c := &row.Cells[i].Cell; c.Verdict != "" {
				cell = d.cell(known, row.ID, c)
			}
			line.Cells = append(line.Cells, cell)
		}
		d.Rows = append(d.Rows, line)
	}
	return d
}

// cell makes the numbers of a cell, and adds to the lists what they refer to.
func (d *details) cell(known indexes, row string, c *matrix.Cell) numbers {
	judgement, saw, files := judged(c), d.sightings(known, c.Saw), suffixes(row, c)
	said := fmt.Sprintf("%q", []string{judgement.Words, judgement.Reason, judgement.Unread, judgement.NoEvidence, fmt.Sprint(judgement.Runs)})
	shape := []int64{
		add(known, &d.Judgements, judgement, said),
		add(known, &d.Sightings, saw, fmt.Sprint(saw)),
		add(known, &d.Evidence, files, fmt.Sprintf("%q", files)),
	}
	cell := numbers{0}
	var number, tenths int64
	for _, f := range c.Frames {
		kind := frame{f.From, f.Packet, f.Type, where(f.Stream), strconv.FormatUint(f.Code, 10), strconv.FormatUint(f.FinalSize, 10)}
		shape = append(shape, add(known, &d.Kinds, kind, kind), f.Number-number)
		at := (f.US + 50) / 100 // as exact as it is shown
		cell = append(cell, at-tenths)
		number, tenths = f.Number, at
	}
	if len(c.Frames) == 1 {
		cell = cell[:1]
	}
	cell[0] = add(known, &d.Shapes, shape, fmt.Sprint(shape))
	return cell
}

func judged(c *matrix.Cell) judgement {
	j := judgement{
		Verdict: string(c.Verdict), Words: report.Numbers(c), Leaks: c.Leaks, Trials: c.Trials, Interval: c.Interval,
		Reason: c.Reason, Unread: c.Unread, NoEvidence: c.NoEvidence,
		Kills: c.Kills(),
	}
	for _, run := range c.Runs {
		j.Runs = append(j.Runs, fmt.Sprintf("%d of %d, %d inconclusive", run.Leaks, run.Trials, run.Inconclusive))
	}
	return j
}

func (d *details) sightings(known indexes, saw []matrix.Sighting) []int {
	out := []int{}
	for _, s := range saw {
		one := sighting{s.Side, where(s.Stream), strconv.FormatUint(s.Code, 10), s.Error}
		out = append(out, int(add(known, &d.Saw, one, one)))
	}
	return out
}

// suffixes returns what tells the files of a cell apart. A name that is none for
// evidence of the cell is left out: a page must not lead elsewhere.
func suffixes(row string, c *matrix.Cell) []string {
	out := []string{}
	for _, name := range c.Evidence {
		if matrix.OwnEvidence(row, c.Scenario, name) {
			out = append(out, strings.TrimPrefix(name, matrix.EvidencePath(row, c.Scenario, "")))
		}
	}
	return out
}

func where(stream int64) string {
	if stream < 0 {
		return "connection"
	}
	return fmt.Sprintf("stream %d", stream)
}

// indexes know where in its list each value is.
type indexes map[entry]int64

// An entry is a value of a list, by whatever of it can be compared.
type entry struct{ list, key any }

// add returns the index of a value in a list, to which it is added where no value
// of its key is in it.
func add[T any](known indexes, list *[]T, value T, key any) int64 {
	i, ok := known[entry{list, key}]
	if !ok {
		i = int64(len(*list))
		known[entry{list, key}] = i
		*list = append(*list, value)
	}
	return i
}
