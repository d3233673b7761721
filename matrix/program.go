package matrix

import "fmt"

// A Program is what a go build is made from: its main modules and every other module
// that the build selects. It is read from a go.mod, a workspace, a vendor folder, a
// list of modules, a binary, or a single module version.
type Program struct {
	Input   Input
	Modules []BuiltModule // by path; main modules first
	Partial string        // why modules may be missing from the list; empty if it is complete

	Excludes []Exclusion // by the exclude lines of the main modules

	Toolchain string // of a binary, that compiled it, such as "go1.26.8"; empty for others

	// Absolute paths, for those who run the go command on the program. They are empty
	// if there is no such file.
	Dir    string // folder in which the go command runs
	GoMod  string // go.mod of the main module in Dir, or what -modfile in GOFLAGS names
	Work   string // go.work that decides
	Vendor string // vendor folder that the build uses
}

// An InputKind says what a program was read from.
type InputKind string

// The kinds of input.
const (
	InputGoMod     InputKind = "go.mod"
	InputWorkspace InputKind = "go.work"
	InputVendor    InputKind = "vendor/modules.txt"
	InputList      InputKind = "go list -m -json all" // its output
	InputBinary    InputKind = "binary"
	InputVersion   InputKind = "version" // a version of the target, or MODULE@VERSION
)

// An Input is what the user named, and how the modules of the build were found.
type Input struct {
	Name     string    `json:"name"` // as the user wrote it; "-" for standard input
	Kind     InputKind `json:"kind"`
	Resolved bool      `json:"resolved"`       // the go command selected the versions, as for a build
	Note     string    `json:"note,omitempty"` // why it did not, or what else limits the answer
}

// A BuiltModule is a module that a build selects.
type BuiltModule struct {
	Path     string
	Version  string       // the selected version; empty for a main module
	Replaced *Replacement // what is built instead; nil if nothing replaces it
	Main     bool         // a main module, or a module of the workspace
	Indirect bool         // no main module imports it directly
	Parents  []string     // modules that require it, "path@version", from a direct requirement on; empty if unknown
	Where    Position     // the line that requires it, or that replaces it
	Go       string       // version in the go line of its go.mod, such as "1.23"; empty if unknown
	Sum      string       // "h1:..." of what is built; empty if unknown
	Dir      string       // folder with the code that is built; empty if it is not on this machine
	Missing  string       // why Dir is empty, such as "it is not in the module cache"
	Vendored bool         // Dir is below a vendor folder, which has only the packages that are imported
	Ignored  []string     // folders in Dir that patterns such as ./... ignore, with packages that are imported all the same
}

// An Exclusion is a module version that a build cannot select.
type Exclusion struct {
	Path, Version string
	Where         Position
}

// A Replacement is the right side of a replace directive.
type Replacement struct {
	Path    string   `json:"path"`              // a module path, or a folder as the directive writes it
	Version string   `json:"version,omitempty"` // empty for a folder
	Where   Position `json:"where"`
}

// A Position is a line of a file of the user.
type Position struct {
	File string `json:"file"` // relative to the working folder, with slashes, or as the user named it
	Line int    `json:"line"` // from 1; 0 if the file as a whole is meant
}

// String returns the file and the line, as messages have them.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Built returns the path and the version of the code that is built for the module. The
// version is empty for a folder.
func (m *BuiltModule) Built() (path, version string) {
	if m.Replaced != nil {
		return m.Replaced.Path, m.Replaced.Version
	}
	return m.Path, m.Version
}

// A Likeness says which releases of the target some code is nearest to, by the content
// of its files: those of Go packages without tests, with the module's path written as
// the target's.
type Likeness struct {
	Dir       string     `json:"dir,omitempty"` // folder of the copy inside its module; empty for the module itself
	Files     int        `json:"files"`         // in the code that was compared
	Functions int        `json:"functions"`     // in these files, without short ones
	Nearest   []Nearness `json:"nearest"`       // the releases with most equal files, by version; several if they cannot be told apart
}

// A Nearness counts the files that some code shares with a release.
type Nearness struct {
	Version   string `json:"version"`
	Equal     int    `json:"equal"`     // files with the same content
	Of        int    `json:"of"`        // files of the release that were compared
	Functions int    `json:"functions"` // functions with the same code
	Exact     bool   `json:"exact"`     // a build with the code is one with the release: only comments, layout and paths differ
}

// A Reach says whether a program can get to what a scenario does.
type Reach struct {
	Scenario string     `json:"scenario"`
	State    ReachState `json:"state"`
	Calls    []Call     `json:"calls"`         // one for each API that the scenario needs and that is called
	Missing  []string   `json:"missing"`       // for each need without a call, the APIs that would meet it, such as "Dial or Transport.Dial"
	Why      string     `json:"why,omitempty"` // why the state is unknown, or what excludes all calls
}

// A Scope says what was looked at to find out what a program reaches.
type Scope struct {
	Packages  int    `json:"packages"`          // that are built: the program's, of all modules, and of the standard library
	Mains     int    `json:"mains"`             // main packages, followed from their main and init functions
	Libraries int    `json:"libraries"`         // other packages that were followed, from their exported functions and methods
	Platform  string `json:"platform"`          // for which they are built, such as "linux/amd64", or "linux/amd64 with the tags a,b"
	Unknown   string `json:"unknown,omitempty"` // why nothing was found out
}

// A ReachState is the answer to whether code can be reached.
type ReachState string

// The reach of a scenario. Unknown is never taken for NotReached.
const (
	Reached      ReachState = "reached"
	NotReached   ReachState = "not-reached"
	ReachUnknown ReachState = "unknown"
)

// A Call is a place in the code of a program, or of a module that it uses, where an API
// of the target is called.
type Call struct {
	API      string   `json:"api"`  // such as "Conn.NextConnection"
	From     string   `json:"from"` // the function with the call
	Position Position `json:"position"`
	Module   string   `json:"module,omitempty"` // of the function, as PATH@VERSION or PATH, if it is not one of the program's own
	Path     []string `json:"path"`             // functions from an entry point of the program to From
}

// A Fix is a change of a program's files that builds something which leaks less.
type Fix struct {
	Name     string   `json:"name"` // by which check --write takes it: a version, MODULE@VERSION or "fork"
	Kind     FixKind  `json:"kind"`
	Remedy   Remedy   `json:"remedy"`          // what is built then, and what it cures
	Smallest bool     `json:"smallest"`        // the last release of the nearest minor version that helps
	Best     bool     `json:"best"`            // no release leaks less
	Title    string   `json:"title"`           // one sentence
	Commands []string `json:"commands"`        // in the program's folder, in order
	Edits    []Edit   `json:"edits"`           // what they change in files that the user maintains
	Needs    []string `json:"needs"`           // what else changes or must be there, such as a newer go line
	Tried    *Attempt `json:"tried,omitempty"` // nil if it was not tried
}

// A FixKind says how a fix changes a program.
type FixKind string

// The kinds of fixes.
const (
	FixUpgrade FixKind = "upgrade" // another release of the target
	FixParent  FixKind = "parent"  // another release of the module that requires the target
	FixFork    FixKind = "fork"    // the same release with patches
)

// An Edit is a change of one line of a file.
type Edit struct {
	Position Position `json:"position"` // line 0 if the line is new
	Old      string   `json:"old"`      // empty for a new line
	New      string   `json:"new"`      // empty if the line is removed
}

// An Attempt is what applying a fix to a copy of the program did.
type Attempt struct {
	OK      bool     `json:"ok"`              // the program's packages compile, and their tests pass go vet
	Changes []string `json:"changes"`         // go line, toolchain and other modules, such as "golang.org/x/net v0.30.0 => v0.38.0"
	Notes   []string `json:"notes,omitempty"` // what else to know, such as what was not tried
	Error   string   `json:"error,omitempty"` // the first complaint, or why it could not be tried
	Unknown bool     `json:"unknown"`         // it could not be tried: the error is not the program's
}
