package warden

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Messages to and from the warden are JSON, one a packet.

// MaxMessage bounds a message in bytes. A warden knows at most a few paths and
// variables.
const MaxMessage = 128 << 10

// An Order is a message to the warden. The first one has a Setup.
type Order struct {
	Setup *Setup  `json:",omitempty"`
	Start *Launch `json:",omitempty"` // with the files for standard output and error
	// Signal goes to the group of the program with this ID.
	Signal syscall.Signal `json:",omitempty"`
	ID     int
	Clear  bool // end all processes, and report when they have ended
}

// A Setup says how to make the box.
type Setup struct {
	Ways   Ways
	Files  Files
	Limits Limits
	User   int // runs the programs; 0 for the warden's own user
}

// A Launch is a program to start.
type Launch struct {
	Path string
	Args []string // with the name of the program
	Dir  string
	Env  []string
	// Write are the folders that the program may change, out of those of the box.
	Write []string
}

// A Report is a message of the warden.
type Report struct {
	ID      int // of the program; 0 for the box itself
	Ready   bool
	Ended   bool
	Cleared bool
	Status  syscall.WaitStatus
	CPU     time.Duration
	Over    string // why the warden ended the program: "it used more than ..."
	// Failed is the step that did not work, with Reason and Errno.
	Failed, Reason string
	Errno          syscall.Errno
}

// A StepError says which step of making a box failed.
type StepError struct {
	Step string
	Err  error
}

func (e *StepError) Error() string { return e.Step + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *StepError) Unwrap() error { return e.Err }

// Cause returns why the step failed. What the Kernel says of a new process is not about
// this program's file.
func (e *StepError) Cause() string {
	var path *os.PathError
	if e.Step == StepClone && errors.As(e.Err, &path) {
		return path.Err.Error()
	}
	return e.Err.Error()
}

// failure returns the report of an error.
func failure(id int, err error) Report {
	r := Report{ID: id, Failed: StepStart, Reason: err.Error()}
	if step, ok := errors.AsType[*StepError](err); ok {
		r.Failed, r.Reason = step.Step, step.Err.Error()
	}
	errors.As(err, &r.Errno)
	return r
}

// Err returns the error of a report, and nil if it reports no failure.
func (r Report) Err() error {
	switch {
	case r.Failed == "":
		return nil
	case r.Errno == 0:
		return &StepError{r.Failed, errors.New(r.Reason)}
	case r.Reason == r.Errno.Error():
		return &StepError{r.Failed, r.Errno}
	}
	return &StepError{r.Failed, fmt.Errorf("%s%w", strings.TrimSuffix(r.Reason, r.Errno.Error()), r.Errno)}
}

// The steps of making a box, and the one of starting a program in it.
const (
	StepClone    = "namespaces"
	StepNet      = "the loopback interface"
	StepFiles    = "the file tree"
	StepLimits   = "the limits"
	StepLandlock = "Landlock"
	StepStart    = "the program"
)

// receive reads a packet from a socket into buf, with the files that came with it. After
// the last one it returns no data.
func receive(fd int, buf []byte) (data []byte, files []int, err error) {
	extra := make([]byte, unix.CmsgSpace(4*4))
	for {
		n, extraN, _, _, err := unix.Recvmsg(fd, buf, extra, unix.MSG_CMSG_CLOEXEC)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			return nil, nil, err
		}
		messages, err := unix.ParseSocketControlMessage(extra[:extraN])
		if err != nil {
			return nil, nil, err
		}
		for _, m := range messages {
			if got, err := unix.ParseUnixRights(&m); err == nil {
				files = append(files, got...)
			}
		}
		return buf[:n], files, nil
	}
}

// send writes a report to a socket.
func send(fd int, r Report) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	for {
		if err := unix.Sendmsg(fd, data, nil, nil, unix.MSG_NOSIGNAL); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
