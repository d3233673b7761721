// Package sandbox runs foreign code where it can do little harm: the reproduction
// that is linked with a release, a fork or a patched target, and the tests of a
// release.
//
// A Box is a place for the processes of one program, which may run there again and
// again: to make a box takes longer than to run a trial. On Linux a second process of
// this program, the warden, makes it: the first process of new namespaces, with a
// loopback interface, a process table and a file tree of their own. The warden starts
// each process without any privilege, under limits and Landlock rules of its own. After
// each run of the program it ends what is left of it. When the warden ends, the kernel
// ends all processes in its namespaces, also those that have left their session and
// their parents.
//
// No system allows all of this everywhere. Find finds out, with the real mechanism,
// what works here, and drops what does not. It returns a Sandbox, which says what it
// contains and why it does not contain the rest. All boxes of a run are made in the
// same way: one that cannot be made is an error, never a box with less.
//
// A sandbox only ever refuses something. What it contains is not part of the keys of the
// record: a program that does not depend on what is refused runs as it would without, and
// what one that does depend on it reports is not recorded, see Sandbox.Suspect. So the record
// of one machine is good for another whose kernel allows less, and records from before there
// was a sandbox stay usable. A program may fail without a word that Suspect knows. So trials
// for which somebody wants no sandbox are kept apart from all others.
package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/sandbox/warden"
)

// Off is the advice for somebody whose program needs what the sandbox refuses.
const Off = "if you trust the code, run it with --sandbox=off"

// A Sandbox knows how to make boxes on this machine.
type Sandbox struct {
	Contains matrix.Sandbox
	ways     ways
	roomy    bool // the system refuses no process the memory that a box allows
}

// known is what Find has found out, which does not change while this process runs.
var known struct {
	mu      sync.Mutex
	sandbox *Sandbox
}

// Find returns the strongest sandbox that works here. An error means that this could
// not be found out, or that the mode requires more than there is.
func Find(ctx context.Context, mode matrix.SandboxMode) (*Sandbox, error) {
	if mode == matrix.SandboxOff {
		return &Sandbox{Contains: None("--sandbox=off")}, nil
	}
	known.mu.Lock()
	defer known.mu.Unlock()
	if known.sandbox == nil {
		s, err := find(ctx)
		if err != nil {
			return nil, advise(fmt.Errorf("finding out what a sandbox can contain here: %w", err))
		}
		known.sandbox = s
	}
	if mode == matrix.SandboxRequire {
		for _, p := range known.sandbox.Contains.Parts() {
			if !p.Applies || p.Why != "" {
				return nil, fmt.Errorf("--sandbox=require: a sandbox cannot contain all %s here: %s", p.Name, p.Why)
			}
		}
	}
	return known.sandbox, nil
}

// advise adds to an error what the user can do about it.
func advise(err error) error {
	advice := cmp.Or(fault.Advice(err), Off)
	if strings.Contains(err.Error(), advice) {
		return err
	}
	return fmt.Errorf("%w (%s)", err, advice)
}

// Active reports whether the sandbox contains anything. Nil contains nothing.
func (s *Sandbox) Active() bool { return s != nil && s.ways != ways{} }

// Files says which files a box has.
type Files = warden.Files

// ways are the mechanisms that a box uses.
type ways = warden.Ways

// None returns what is contained if nothing is, for a reason.
func None(why string) matrix.Sandbox {
	open := matrix.Contained{Why: why}
	return matrix.Sandbox{Files: open, Network: open, Processes: open, Memory: open}
}

// What a reproduction can do about a file that it needs.
const (
	missing  = "it has its own files alone: embed the file, or let a test read it from testdata; otherwise, "
	readOnly = "it may write only into its temporary folder (os.MkdirTemp, t.TempDir); otherwise, "
)

// refusals lists what programs print when a sandbox refuses something, by the part that
// refuses it, and what to do about it other than to go without a sandbox.
var refusals = []struct {
	message, advice string
	part            func(*matrix.Sandbox) matrix.Contained
}{
	{"permission denied", "", func(s *matrix.Sandbox) matrix.Contained { return s.Files }},
	{"no such file or directory", missing, func(s *matrix.Sandbox) matrix.Contained { return s.Files }},
	{"read-only file system", readOnly, func(s *matrix.Sandbox) matrix.Contained { return s.Files }},
	{"executable file not found", "", func(s *matrix.Sandbox) matrix.Contained { return s.Files }},
	{"no such host", "", func(s *matrix.Sandbox) matrix.Contained { return s.Network }},
	{":53: ", "", func(s *matrix.Sandbox) matrix.Contained { return s.Network }}, // a name server does not answer
	{"network is unreachable", "", func(s *matrix.Sandbox) matrix.Contained { return s.Network }},
	{"cannot assign requested address", "", func(s *matrix.Sandbox) matrix.Contained { return s.Network }},
	{"no such network interface", "", func(s *matrix.Sandbox) matrix.Contained { return s.Network }},
	{"operation not permitted", "", func(s *matrix.Sandbox) matrix.Contained { return s.Processes }},
	{"no such process", "", func(s *matrix.Sandbox) matrix.Contained { return s.Processes }},
	{"resource temporarily unavailable", "", func(s *matrix.Sandbox) matrix.Contained { return s.Processes }},
}

// Suspect returns a sentence if a program that failed may have done so because of the
// sandbox, and "" if not. The text is what it said. Such a failure says nothing of the
// code, so it must not become a verdict.
func (s *Sandbox) Suspect(text string) string {
	if !s.Active() {
		return ""
	}
	for _, r := range refusals {
		if r.part(&s.Contains).Applies && strings.Contains(text, r.message) {
			return fmt.Sprintf("the sandbox may have refused something (%q): %s", r.message, r.advice+Off)
		}
	}
	return ""
}

// outOfMemory matches what the Go runtime prints before it ends a process that gets no
// memory.
var outOfMemory = regexp.MustCompile(`(?m)^(.*: )?fatal error: .*out of memory`)

// TooMuchMemory returns a sentence if a program ended because it wanted more memory
// than the sandbox allows, and "" if not. The text is what it said. The system may
// refuse memory too, and then says the same. So this is only certain where the system
// refuses a process no amount that the sandbox allows.
func (s *Sandbox) TooMuchMemory(text string) string {
	if !s.Active() || !s.Contains.Memory.Applies || !s.roomy || !outOfMemory.MatchString(text) {
		return ""
	}
	return fmt.Sprintf("it wanted more memory than the %d GiB that a process in the sandbox gets", warden.Memory>>30)
}
