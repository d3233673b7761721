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

// Details are what the page knows of each cell beyond its symbol, as data for its
// program. Thousands of cells have the same few values, so each value is there once,
// and cells refer to it. A cell is a list of numbers: its shape, and for each packet
// the time since the packet before in tenths of a millisecond. Times differ from cell
// to cell. With less than two frames there is no time to show, and the cell is only
// its shape. A shape has five indexes of the lists below:
//
//	[judgement, sightings, evidence, frames, packets]
//
// A cell that its row does not have is null.
type details struct {
	words     matrix.Words
	Target    string       `json:"target"`
	Modules   []string     `json:"modules"` // the target's paths, the present one first
	Suite     string       `json:"suite"`   // its name in commands; may be empty
	Lead      int          `json:"lead"`    // the number of columns before those of the scenarios
	Labels    labels       `json:"labels"`  // for the cells that have none in the table
	Scenarios []named      `json:"scenarios"`
	Patches   []string     `json:"patches"` // the names of all patches
	Rows      []rowDetails `json:"rows"`

	Shapes     [][]int64   `json:"shapes"`
	Judgements []judgement `json:"judgements"`
	Saw        []sighting  `json:"saw"`
	Sightings  [][]int64   `json:"sightings"` // lists of indexes of Saw
	Kinds      []frame     `json:"kinds"`
	Frames     [][]int64   `json:"frames"`   // lists of indexes of Kinds
	Packets    [][]int64   `json:"packets"`  // for each packet: its number since the packet before, and how many frames it has
	Evidence   [][]string  `json:"evidence"` // lists of suffixes: the name of a file after the scenario
}

// A named is a scenario, by column.
type named struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// A rowDetails is a row in the order of the table. Its ID is in the HTML.
type rowDetails struct {
	Version *string   `json:"version,omitempty"` // nil if it is the ID, or what precedes "+" there
	Module  int       `json:"module,omitempty"`  // index of Modules, of a release
	Flags   string    `json:"flags,omitempty"`   // with which matrixrun runs a row that is no release; empty for a release
	Patches []int64   `json:"patches,omitempty"` // indexes of Patches
	Server  string    `json:"server,omitempty"`
	State   string    `json:"state,omitempty"` // of its card, if other toolchains differ from the one of the cells
	Cells   []numbers `json:"cells,omitempty"` // by column
}

// numbers are a list of numbers. In JSON, a list of one is that number.
type numbers []int64

// MarshalJSON writes the list, or the number.
func (n numbers) MarshalJSON() ([]byte, error) {
	if len(n) == 1 {
		return json.Marshal(n[0])
	}
	return json.Marshal([]int64(n))
}

// A judgement is the verdict of a cell and what it is based on.
type judgement struct {
	Verdict    string      `json:"verdict"`
	Leaking    bool        `json:"leaking,omitempty"`
	Kills      bool        `json:"kills,omitempty"`
	Words      string      `json:"words"` // the verdict with its numbers
	Leaks      int         `json:"leaks"`
	Trials     int         `json:"trials"`
	Interval   *[2]float64 `json:"interval,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Unread     string      `json:"unread,omitempty"`
	NoEvidence string      `json:"none,omitempty"`
	Runs       []string    `json:"runs,omitempty"` // the numbers of each run of a flaky cell
}

// A sighting is what a side saw: the side, the place, the code and the error. Codes are
// text, because JavaScript has no integers of 64 bits.
type sighting [4]string

// A frame is what a decoder saw on the wire, without time and packet number: who sent
// it, the kinds of packet and of frame, the place and the code.
type frame [5]string

// newDetails makes the details of rows, which are those of the table in the order of
// the page.
func newDetails(g *matrix.Grid, rows []matrix.GridRow, o Options) details {
	d := details{words: g.Words, Target: g.Target, Modules: modulesOf(g, o.Near), Suite: o.SuiteArg, Scenarios: []named{}, Patches: []string{}, Rows: []rowDetails{}}
	for _, s := range g.Columns {
		d.Scenarios = append(d.Scenarios, named{s.Name, string(s.Kind)})
	}
	known := indexes{}
	for _, row := range rows {
		line := rowDetails{Module: max(0, slices.Index(d.Modules, row.Source.Module)), Server: row.Server}
		if !row.Source.IsRelease() {
			line.Flags = row.Source.Flags()
		}
		if row.AsBuilt != nil {
			line.State = stateOf(&row.Advice)
		}
		if version, _, _ := strings.Cut(row.ID, "+"); version != row.Version() {
			version = row.Version()
			line.Version = &version
		}
		for _, name := range row.PatchNames() {
			line.Patches = append(line.Patches, add(known, &d.Patches, name, name))
		}
		for i := range row.Cells {
			var cell numbers
			if c := &row.Cells[i].Cell; c.Verdict != "" {
				cell = d.cell(known, row.ID, c)
			}
			line.Cells = append(line.Cells, cell)
		}
		d.Rows = append(d.Rows, line)
	}
	d.sortShapes()
	return d
}

// sortShapes gives the shapes of most cells the smallest numbers.
func (d *details) sortShapes() {
	uses, order := make([]int, len(d.Shapes)), make([]int64, len(d.Shapes))
	for i := range order {
		order[i] = int64(i)
	}
	d.eachShape(func(shape *int64) { uses[*shape]++ })
	slices.SortStableFunc(order, func(a, b int64) int { return uses[b] - uses[a] })
	sorted, at := make([][]int64, len(order)), make([]int64, len(order))
	for i, was := range order {
		sorted[i], at[was] = d.Shapes[was], int64(i)
	}
	d.Shapes = sorted
	d.eachShape(func(shape *int64) { *shape = at[*shape] })
}

// eachShape calls f with the shape of each cell.
func (d *details) eachShape(f func(shape *int64)) {
	for _, row := range d.Rows {
		for _, cell := range row.Cells {
			if len(cell) > 0 {
				f(&cell[0])
			}
		}
	}
}

// cell returns the numbers of a cell, and adds to the lists what they refer to.
func (d *details) cell(known indexes, row string, c *matrix.Cell) numbers {
	judgement, saw, files := judged(c, d.words), d.sightings(known, c.Saw), suffixes(row, c)
	frames, packets, times := d.frames(known, c.Frames)
	key := fmt.Sprintf("%q", []string{judgement.Words, judgement.Reason, judgement.Unread, judgement.NoEvidence, fmt.Sprint(judgement.Runs)})
	shape := []int64{
		add(known, &d.Judgements, judgement, key),
		add(known, &d.Sightings, saw, fmt.Sprint(saw)),
		add(known, &d.Evidence, files, fmt.Sprintf("%q", files)),
		add(known, &d.Frames, frames, fmt.Sprint(frames)),
		add(known, &d.Packets, packets, fmt.Sprint(packets)),
	}
	return append(numbers{add(known, &d.Shapes, shape, fmt.Sprint(shape))}, times...)
}

// frames returns the indexes of frames, the packets that they are in, and the times of
// these. Frames after each other with the same number and time are in one packet.
func (d *details) frames(known indexes, seen []matrix.WireFrame) (frames, packets []int64, times numbers) {
	frames, packets = []int64{}, []int64{}
	var number, tenths int64
	for i, f := range seen {
		kind := frame{f.From, f.Packet, f.Type, d.words.Place(f.Stream), strconv.FormatUint(f.Code, 10)}
		frames = append(frames, add(known, &d.Kinds, kind, kind))
		at := (f.US + 50) / 100 // the page shows no more digits
		if i > 0 && f.Number == number && at == tenths {
			packets[len(packets)-1]++
			continue
		}
		packets, times = append(packets, f.Number-number, 1), append(times, at-tenths)
		number, tenths = f.Number, at
	}
	if len(seen) == 1 {
		times = nil
	}
	return frames, packets, times
}

// judged returns the judgement of a cell.
func judged(c *matrix.Cell, w matrix.Words) judgement {
	j := judgement{
		Verdict: string(c.Verdict), Words: report.Numbers(c, w), Leaks: c.Leaks, Trials: c.Trials, Interval: c.Interval,
		Reason: c.Reason, Unread: c.Unread, NoEvidence: c.NoEvidence,
		Leaking: c.Verdict.Leaks(), Kills: c.Kills(),
	}
	for _, run := range c.Runs {
		j.Runs = append(j.Runs, fmt.Sprintf("%d of %d, %d inconclusive", run.Leaks, run.Trials, run.Inconclusive))
	}
	return j
}

// sightings returns the indexes of what was seen in a cell.
func (d *details) sightings(known indexes, saw []matrix.Sighting) []int64 {
	out := []int64{}
	for _, s := range saw {
		one := sighting{s.Side, report.Part(s, d.words), strings.TrimPrefix(report.Code(s), "code "), s.Error}
		out = append(out, add(known, &d.Saw, one, one))
	}
	return out
}

// suffixes returns what follows the scenario in the names of a cell's files. It leaves
// out names that are not for evidence of the cell, because the page links them.
func suffixes(row string, c *matrix.Cell) []string {
	out := []string{}
	for _, name := range c.Evidence {
		if matrix.OwnEvidence(row, c.Scenario, name) {
			out = append(out, strings.TrimPrefix(name, matrix.EvidencePath(row, c.Scenario, "")))
		}
	}
	return out
}

// indexes are where in its list each value is.
type indexes map[entry]int64

// An entry is a value of a list, by a key that can be compared.
type entry struct{ list, key any }

// add returns the index of a value in a list. It appends the value if no other one has
// its key.
func add[T any](known indexes, list *[]T, value T, key any) int64 {
	i, ok := known[entry{list, key}]
	if !ok {
		i = int64(len(*list))
		known[entry{list, key}] = i
		*list = append(*list, value)
	}
	return i
}
