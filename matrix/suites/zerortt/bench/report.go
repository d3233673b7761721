package main

import "time"

// schema is the number of bench.json's schema: another one for other meanings.
const schema = 1

// A Report is bench.json: every measurement, and the figures that they come to.
// A part that was not measured is nil.
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

	Figures []Figure `json:"figures"` // computed from the above
}

// A Program is the matrixrun that was measured.
type Program struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`   // empty where unknown
	Modified bool   `json:"modified"` // it is known that what was built was not the commit alone
	Go       string `json:"go"`       // which compiled it
}

// A Timing is what a process took with all that it ran, in seconds.
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

// A Tool is one run of matrixrun, with what it says that it did.
type Tool struct {
	Timing
	Rows     int     `json:"rows"`
	Binaries int     `json:"binaries"` // that rows of the table have: each has one
	Built    int     `json:"built"`    // compilations
	Trials   int     `json:"trials"`   // executed: rows with one binary share them, and a trial that proved nothing is repeated
	Cells    int     `json:"cells"`
	Tools    float64 `json:"tools_s"`  // CPU time of compilers, assemblers and the linker
	Repro    float64 `json:"trials_s"` // CPU time of the reproduction
	Exit     int     `json:"exit"`
}

// First is how long the rows took that are answered first.
type First struct {
	Rows []string  `json:"rows"`
	Wall []float64 `json:"wall_s"` // until the last of them
}

// A Patch is what a change of each variant of a patch costs.
type Patch struct {
	Name    string `json:"name"`
	Rows    int    `json:"rows"`    // patched ones: all are built again
	Comment []Tool `json:"comment"` // the end of a comment changed: what is compiled comes out the same
	Line    []Tool `json:"line"`    // a line added: it does not
}

// An Addition is what a release costs that the record lacks.
type Addition struct {
	Version string `json:"version"`
	Runs    []Tool `json:"runs"`
}

// Memory is the peak of all processes of a cold run together.
type Memory struct {
	Rows    int    `json:"rows"`
	Measure string `json:"measure"`           // "pss", or "rss", which counts shared pages again for each process
	Missing string `json:"missing,omitempty"` // why there are no peaks
	Peaks   []Peak `json:"peaks"`
}

// A Peak is that of one number of --jobs.
type Peak struct {
	Jobs  int     `json:"jobs"`
	Bytes []int64 `json:"bytes"`
}
