// Package tree lays a row out on disk: the target's release, patched, and the
// reproduction beside it with a go.mod that was rewritten to use just that.
//
//	DIR/target   the module zip unpacked; patched; then rehomed, if it was
//	             released under a former path. Where nothing is changed, it may
//	             be a link to the module cache instead
//	DIR/repro    the reproduction's files with their folders, go.mod and go.sum; to build in
//
// The two know each other by a relative path, so that no path of the machine
// reaches the binary. The module zip and the suite's own files are only read.
package tree

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	modversion "golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// The folders of a workspace.
const (
	targetDir = "target"
	reproDir  = "repro"
)

// Lay lays a row out in dir, an empty or missing folder that stays the
// caller's to remove. src is the row's release, verified by the caller.
// goVersion is what the row's toolchain calls itself, such as "go1.20.14"; it
// decides on the go line of the reproduction's go.mod.
//
// A patch that does not go on is no error: the workspace then tells which one
// and why, and must not be built. The error is of type matrix.Problems where a
// patch or the reproduction's go.mod holds what is refused.
func Lay(dir string, spec *matrix.Spec, row matrix.Row, src matrix.Source, goVersion string) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: filepath.Join(dir, reproDir)}
	l := layout{
		spec: spec, row: row, src: src, target: filepath.Join(dir, targetDir), repro: ws.Dir,
		replace: modversion.Version{Path: "../" + targetDir}, link: true,
	}
	if err := l.lay(ws, goVersion); err != nil {
		return nil, fmt.Errorf("laying out %s: %w", row.ID, err)
	}
	return ws, nil
}

// ReplaceLine returns the right side of the replace line by which anybody gets
// the row's target, as results.json states it. What was changed in a copy has
// no version that a proxy could serve; its line names a folder.
func ReplaceLine(row matrix.Row) string {
	to := byHand(row)
	return strings.TrimSpace("=> " + to.Path + " " + to.Version)
}

// A layout is the work on one workspace.
type layout struct {
	spec          *matrix.Spec
	row           matrix.Row
	src           matrix.Source
	target, repro string // folders, made here

	replace modversion.Version // what the reproduction's go.mod replaces the target by
	link    bool               // the target may be a link to where the go command has unpacked it
}

func (l layout) lay(ws *matrix.Workspace, goVersion string) error {
	present := l.spec.Target.Module
	if !l.row.Rehomed && l.src.Module != present {
		return fmt.Errorf("%s is a release of %s, and the row does not rehome it", l.src.Version, l.src.Module)
	}
	if l.link && linkTo(l.target, l.src, l.row) {
		release, err := readModule(l.target, present)
		if err != nil {
			return err
		}
		return l.reproduction(release, goVersion)
	}
	// Patches are written for the release as it was published, whose import
	// paths are part of the context. So they come before rehoming.
	var err error
	ws.Applied, ws.Conflict, err = target.Lay(l.target, l.src, l.row.Patches)
	if err != nil || ws.Conflict != "" {
		return err
	}
	release, err := readModule(l.target, present)
	if err != nil {
		return err
	}
	if l.row.Rehomed {
		if err := rehome(l.target, release, l.src.Module, present); err != nil {
			return err
		}
	}
	return l.reproduction(release, goVersion)
}

// reproduction writes the reproduction's folder.
func (l layout) reproduction(release *module, goVersion string) error {
	if err := os.MkdirAll(l.repro, 0o777); err != nil {
		return err
	}
	own, err := readOwn(l.spec)
	if err != nil {
		return err
	}
	gomod, err := own.rewrite(l.spec.Target, l.replace, release, goVersion)
	if err != nil {
		return err
	}
	files := own.code
	files["go.mod"] = gomod
	if sums := union(release.sums, own.sums); len(sums) > 0 {
		files["go.sum"] = sums
	}
	for name, data := range files {
		file := filepath.Join(l.repro, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// union merges go.sum files: every line of them once, sorted.
func union(sums ...[]byte) []byte {
	lines := strings.Split(string(bytes.Join(sums, []byte("\n"))), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	slices.Sort(lines)
	lines = slices.DeleteFunc(slices.Compact(lines), func(line string) bool { return line == "" })
	if len(lines) == 0 {
		return nil
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}
