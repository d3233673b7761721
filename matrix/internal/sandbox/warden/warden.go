// Package warden is the process of a sandbox that makes a box, and starts and watches
// the programs in it. It is this program, started again under another name; see package
// sandbox, which gives the orders.
//
// A warden starts for each row and each job, so it must start fast. It does its work while the
// packages of this program are initialized. Go initializes them in the order of their
// import paths, as soon as what they import is ready. So this package must not import
// one that takes long, nor one that sorts after those that do: path/filepath, os/exec,
// os/signal and net, for instance.
package warden

// The limits of each program.
const (
	// Memory bounds the writable memory of a process in bytes (RLIMIT_DATA). A bound
	// on address space (RLIMIT_AS) would break Go programs, which reserve much more
	// than they use.
	Memory = 4 << 30
	// Processes bounds the processes and threads of a box (RLIMIT_NPROC).
	Processes = 512
)

// Ways are the mechanisms that a box uses.
type Ways struct {
	User      bool // a user namespace
	Space     bool // namespaces for processes, and for what they use to talk to each other
	Mount     bool // a mount namespace with few files
	Nobody    bool // another user than root
	Net       bool // a network namespace with nothing but loopback
	Landlock  bool
	Memory    bool // RLIMIT_DATA
	Processes bool // RLIMIT_NPROC
}

// Files says which files a box has. All paths are absolute. Those that do not exist are
// left out.
type Files struct {
	Programs []string // files to run; the C library comes with those that need it
	Read     []string // may be read and executed, with all below
	Write    []string // folders that may be changed too, with all below
}
