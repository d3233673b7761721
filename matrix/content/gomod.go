package content

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
)

// readGoMod reads what the go.mod of a release says to programs that require it.
func (r *release) readGoMod(files fs.FS) error {
	data, err := fs.ReadFile(files, "go.mod")
	if errors.Is(err, fs.ErrNotExist) {
		return nil // from before modules
	}
	if err != nil {
		return err
	}
	mod, err := ParseGoMod(data)
	r.goLine, r.retractions = mod.Go, mod.Retractions
	return err
}

// ParseGoMod returns what a go.mod says to programs that require its module. The module and
// the version are not set.
func ParseGoMod(data []byte) (says matrix.ReleaseGoMod, err error) {
	mod, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return says, err
	}
	if mod.Go != nil {
		says.Go = mod.Go.Version
	}
	for _, line := range mod.Retract {
		says.Retractions = append(says.Retractions, matrix.Retraction{Low: line.Low, High: line.High, Why: strings.Join(strings.Fields(line.Rationale), " ")})
	}
	return says, nil
}

// goMod returns the lines of the index about the go.mod of a release.
func (r release) goMod() (lines string) {
	if r.goLine != "" {
		lines = "go " + r.goLine + "\n"
	}
	for _, x := range r.retractions {
		lines += strings.TrimRight(fmt.Sprintf("retract %s %s %s", x.Low, x.High, x.Why), " ") + "\n"
	}
	return lines
}

// parseRetraction is the inverse of release.goMod for one line, without its first word.
func parseRetraction(line string) (r matrix.Retraction, ok bool) {
	r.Low, line, _ = strings.Cut(line, " ")
	r.High, r.Why, _ = strings.Cut(line, " ")
	return r, r.Low != "" && r.High != ""
}

// GoMods returns what the go.mod files of the releases say. Module returns the path that
// a release is served under.
func (x *Index) GoMods(module func(version string) string) []matrix.ReleaseGoMod {
	all := make([]matrix.ReleaseGoMod, len(x.releases))
	for i, r := range x.releases {
		all[i] = matrix.ReleaseGoMod{Module: module(r.version), Version: r.version, Go: r.goLine, Retractions: r.retractions}
	}
	return all
}
