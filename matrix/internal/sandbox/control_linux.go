package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Messages between this process and the warden are JSON, one a packet.

// maxMessage bounds a message in bytes. A warden knows at most a few paths and
// variables.
const maxMessage = 128 << 10

// An order is a message to the warden. The first one has a setup.
type order struct {
	Setup *setup  `json:",omitempty"`
	Start *launch `json:",omitempty"` // with the files for standard output and error
	// Signal goes to the group of the program with this ID.
	Signal syscall.Signal `json:",omitempty"`
	ID     int
}

// A setup says how to make the box.
type setup struct {
	Ways  ways
	Files Files
	User  int // runs the programs; 0 for the warden's own user
}

// A launch is a program to start.
type launch struct {
	Path string
	Args []string // with the name of the program
	Dir  string
	Env  []string
}

// A report is a message of the warden.
type report struct {
	ID     int // of the program; 0 for the box itself
	Ready  bool
	Ended  bool
	Status syscall.WaitStatus
	CPU    time.Duration
	// Failed is the step that did not work, with Reason and Errno.
	Failed, Reason string
	Errno          syscall.Errno
}

// A stepError says which step of making a box failed.
type stepError struct {
	step string
	err  error
}

func (e *stepError) Error() string { return e.step + ": " + e.err.Error() }

func (e *stepError) Unwrap() error { return e.err }

// cause returns why the step failed. What the kernel says of a new process is not about
// this program's file.
func (e *stepError) cause() string {
	var path *os.PathError
	if e.step == stepClone && errors.As(e.err, &path) {
		return path.Err.Error()
	}
	return e.err.Error()
}

// failure returns the report of an error.
func failure(id int, err error) report {
	r := report{ID: id, Failed: stepStart, Reason: err.Error()}
	var step *stepError
	if errors.As(err, &step) {
		r.Failed, r.Reason = step.step, step.err.Error()
	}
	errors.As(err, &r.Errno)
	return r
}

// err returns the error of a report, and nil if it reports no failure.
func (r report) err() error {
	switch {
	case r.Failed == "":
		return nil
	case r.Errno != 0 && r.Reason == r.Errno.Error():
		return &stepError{r.Failed, r.Errno}
	case r.Errno != 0:
		return &stepError{r.Failed, fmt.Errorf("%s%w", cutSuffix(r.Reason, r.Errno.Error()), r.Errno)}
	}
	return &stepError{r.Failed, errors.New(r.Reason)}
}

// cutSuffix returns text without a suffix, if it has it.
func cutSuffix(text, suffix string) string {
	if n := len(text) - len(suffix); n >= 0 && text[n:] == suffix {
		return text[:n]
	}
	return text + ": "
}

// The steps of making a box, and the one of starting a program in it.
const (
	stepClone    = "namespaces"
	stepNet      = "the loopback interface"
	stepFiles    = "the file tree"
	stepLimits   = "the limits"
	stepLandlock = "Landlock"
	stepStart    = "the program"
)

// receive reads a packet from a socket, with the files that came with it. After the
// last one it returns no data.
func receive(fd int) (data []byte, files []int, err error) {
	buf, extra := make([]byte, maxMessage), make([]byte, unix.CmsgSpace(4*4))
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

// send writes a message to a socket.
func send(fd int, message any, files ...int) error {
	data, err := json.Marshal(message)
	if err != nil {
		return err
	}
	var extra []byte
	if len(files) > 0 {
		extra = unix.UnixRights(files...)
	}
	for {
		if err := unix.Sendmsg(fd, data, extra, nil, unix.MSG_NOSIGNAL); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
