package main

import "time"

// schema is the version of bench.json's schema. It changes if a field changes its
// meaning.
const schema = 1

// A Report is the content of bench.json: all measurements, and the figures computed
// from them. Parts that were not measured are nil.
type Report struct {
	Schema    int       `json:"schema"`
	Date      time.Time `json:"date"`
	Matrixrun Program   `json:"matrixrun"`
	Machine   Machine   `json:"machine"`
	Settings  Settings  `json:"settings"`

	Cold    []Pair    `json:"cold,omitempty"`
	Builds  []Pair    `json:"builds,omitempty"`
	First   *First    `json:"first,omitempty"`
	Warm    []Tool    `json:"warm,omitempty"`
	Patch   *Patch    `json:"patch,omitempty"`
	Release *Addition `json:"release,omitempty"`
	Memory  *Memory   `json:"memory,omitempty"`
	Check   *Check    `json:"check,omitempty"`
	Bisect  *Bisected `json:"bisect,omitempty"`
	Sandbox []Boxed   `json:"sandbox,omitempty"`
	Try     *Tried    `json:"try,omitempty"`
	Remote  *Remote   `json:"remote,omitempty"`

	Figures []Figure `json:"figures"`
}

// A Program is the matrixrun that was measured.
type Program struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`   // empty if unknown
	Modified bool   `json:"modified"` // whether the working tree is known to differ from the commit
	Go       string `json:"go"`       // version that compiled it
}

// A Timing is the time that a process and all its children took, in seconds.
type Timing struct {
	Wall float64 `json:"wall_s"`
	CPU  float64 `json:"cpu_s"`
}

// A Pair is one run of the plain loop, and the run of matrixrun after it.
type Pair struct {
	Plain     Plain `json:"plain"`
	Matrixrun Tool  `json:"matrixrun"`
}

// Plain is one run of plain.sh.
type Plain struct {
	Timing
	Binaries int `json:"binaries"`
	Trials   int `json:"trials"`
}

// A Tool is one run of matrixrun, with its own account of what it did.
type Tool struct {
	Timing
	Rows     int     `json:"rows"`
	Binaries int     `json:"binaries"` // one for each row, whether compiled or recalled
	Built    int     `json:"built"`    // compilations
	Trials   int     `json:"trials"`   // executed; rows with the same binary share trials, and a trial that proved nothing is repeated
	Cells    int     `json:"cells"`
	Tools    float64 `json:"tools_s"`  // CPU time of compilers, assemblers and the linker
	Repro    float64 `json:"trials_s"` // CPU time of the reproduction
	Exit     int     `json:"exit"`
	Fetched  int64   `json:"fetched_bytes,omitempty"` // from a remote record, compressed
	Written  int64   `json:"written_bytes,omitempty"` // to a remote record, compressed
}

// First is the time until the first rows were answered.
type First struct {
	Rows []string  `json:"rows"`
	Wall []float64 `json:"wall_s"` // until the last row, for each run

	// Nothing is the time until the first row was answered by go run, which compiles matrixrun
	// before that.
	Nothing []float64 `json:"nothing_s,omitempty"`
}

// A Check has the runs of the command check on one program.
type Check struct {
	Packages int      `json:"packages"`   // of the program, with those of the standard library
	First    []Timing `json:"first"`      // its go.mod alone, with an empty record
	Alone    []Timing `json:"alone"`      // its go.mod alone, again
	Selected []Timing `json:"selected"`   // with the versions that the go command selects
	Reach    []Timing `json:"reach"`      // with what the program reaches
	Peak     []int64  `json:"peak_bytes"` // of all processes of one more run; empty if the system does not tell
}

// A Patch has the runs after a change in each variant of a patch.
type Patch struct {
	Name    string `json:"name"`
	Rows    int    `json:"rows"`    // with the patch; all are built again
	Comment []Tool `json:"comment"` // after a comment became longer: the binary is the same
	Line    []Tool `json:"line"`    // after a line was added: the binary differs
}

// An Addition has the runs with one release that is not in the record.
type Addition struct {
	Version string `json:"version"`
	Runs    []Tool `json:"runs"`
}

// Memory is the peak memory of all processes of a cold run together.
type Memory struct {
	Rows    int    `json:"rows"`
	Measure string `json:"measure"`           // "pss": a page that processes share counts once
	Missing string `json:"missing,omitempty"` // why there are no peaks
	Peaks   []Peak `json:"peaks"`
}

// A Peak is the peak for one value of --jobs, in each run.
type Peak struct {
	Jobs  int     `json:"jobs"`
	Bytes []int64 `json:"bytes"`
}
