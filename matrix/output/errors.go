package output

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/fault"
)

// What can be wrong with a file, apart from its contents and what the system says.
var (
	errMissing = errors.New("there is no such file")
	errLink    = errors.New("this is a link out of its folder, which is not followed")
	errFolder  = errors.New("this is a folder")
	errLarge   = fmt.Errorf("this has more than %d bytes", maxRead)
	errKind    = errors.New("this is not a regular file")
	errForeign = errors.New("this is not a name for a file of its cell")
)

// What would be right, at the end of an error.
const (
	wantResults  = "want a results.json, or the folder that `matrixrun run -o` wrote"
	wantEvidence = "copy the folder of results.json with all that is in it"
)

// A readError says that a file cannot be read.
type readError struct {
	problems matrix.Problems
	cause    error
}

func (e *readError) Error() string   { return e.problems.Error() }
func (e *readError) Unwrap() []error { return []error{e.problems, e.cause} }

// unreadable words why a file cannot be read, and what the user should do.
func unreadable(file, want string, err error) error {
	why := err
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = errMissing
	case errors.As(err, &path) && strings.Contains(path.Err.Error(), "escapes"): // os exports no error for it
		why = errLink
	case errors.As(err, &path):
		why = path.Err
	}
	e := &readError{cause: err}
	e.problems.Add(file, 0, "%v: %s", why, want)
	return e
}

// Advice returns what the user can do about an error if the machine is the reason, such
// as a full disk, and "" if nothing shows that.
func Advice(err error) string {
	return cmp.Or(fault.Shortage(err.Error()), fault.FileAdvice(err))
}
