// Package tree is the third stage: it lays out a row on disk. A workspace has the
// target's release with patches applied, and next to it the reproduction with a
// go.mod that requires exactly that tree.
//
//	DIR/target   the module zip unpacked, patched, and rehomed if it was released
//	             under a former path; a link to the module cache if nothing changes
//	DIR/repro    the reproduction's files, go.mod and go.sum; the folder to build in
//
// The go.mod refers to the target by a relative path, so that no path of this
// machine gets into the binary. The module zip and the suite's files are only read.
package tree

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
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

// Lay lays out a row in dir, an empty or missing folder that the caller removes.
// The source src is the row's release, already verified. The goVersion is what the
// row's toolchain reports, such as "go1.20.14". The go line is that of the
// reproduction's own go.mod, or that of the toolchain if it has none.
//
// A patch that does not apply is not an error: the workspace names the patch and
// the reason in Conflict, and must not be built. Neither is a toolchain that is older
// than a go line, which TooOld names: some go commands would build that, with another
// meaning of the code. The error is of type
// matrix.Problems if a patch or the reproduction's go.mod has something that is
// refused.
func Lay(ctx context.Context, dir string, spec *matrix.Spec, row matrix.Row, src matrix.Source, goVersion string) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: filepath.Join(dir, reproDir)}
	l := layout{
		spec: spec, row: row, src: src, target: filepath.Join(dir, targetDir), repro: ws.Dir,
		replace: modversion.Version{Path: "../" + targetDir}, link: true,
	}
	if err := l.lay(ctx, ws, goVersion); err != nil {
		return nil, fmt.Errorf("laying out %s: %w", row.ID, err)
	}
	return ws, nil
}

// ReplaceLine returns the right side of the replace line that gives anybody the
// row's target, for results.json. A patched or rehomed target has no version that a
// proxy could serve; its line names a folder.
func ReplaceLine(row matrix.Row) string {
	to := replacement(row)
	return strings.TrimSpace("=> " + to.Path + " " + to.Version)
}

// A layout is the work on one workspace.
type layout struct {
	spec          *matrix.Spec
	row           matrix.Row
	src           matrix.Source
	target, repro string // folders to make

	replace modversion.Version // what go.mod replaces the target with
	link    bool               // allows target to be a link to the module cache
}

// lay makes the folders of the workspace.
func (l layout) lay(ctx context.Context, ws *matrix.Workspace, goVersion string) error {
	present := l.spec.Target.Module
	if !l.row.Rehomed && l.src.Path() != present {
		return fmt.Errorf("%s is a release of %s, and the row does not rehome it", l.src.Name(), l.src.Path())
	}
	if !l.link || !linkTo(ctx, l.target, l.src, l.row) {
		var err error
		if ws.Applied, ws.Conflict, err = l.layTarget(ctx, goVersion); err != nil || ws.Conflict != "" {
			return err
		}
	}
	release, err := readModule(l.target, present)
	if err != nil {
		return err
	}
	return l.writeReproduction(ws, release, goVersion)
}

// layTarget makes the folder of the target, with the row's patches and under the
// present path. It returns what target.Lay does.
//
// Patches are written against published releases, and import paths are part of their
// context. So what has a path that the target once had gets the present path after its
// patches, and a fork, whose path no patch has, before them.
func (l layout) layTarget(ctx context.Context, goVersion string) (applied []matrix.Applied, conflict string, err error) {
	if l.src.Origin == nil || l.spec.Target.Has(l.src.Path()) {
		applied, conflict, err = target.Lay(ctx, l.target, l.src, l.row.Patches, goVersion)
		if err == nil && conflict == "" {
			err = l.rehome()
		}
		return applied, conflict, err
	}
	if err := target.Unpack(ctx, l.target, l.src); err != nil {
		return nil, "", err
	}
	if err := l.rehome(); err != nil {
		return nil, "", err
	}
	return target.Apply(ctx, l.target, l.src, l.row.Patches, goVersion)
}

// rehome gives the target the present path, if the row asks for that.
func (l layout) rehome() error {
	if !l.row.Rehomed {
		return nil
	}
	return target.Rehome(l.target, l.src.Path(), l.spec.Target.Module)
}

// writeReproduction writes the reproduction's files and its go.mod for the row. It sets
// what the workspace says of the go line.
func (l layout) writeReproduction(ws *matrix.Workspace, release *module, goVersion string) error {
	if err := os.MkdirAll(l.repro, 0o777); err != nil {
		return err
	}
	repro, err := readReproduction(l.spec)
	if err != nil {
		return err
	}
	own, err := repro.parse(l.spec.Target)
	if err != nil {
		return err
	}
	line, err := repro.stateLine(own, release.gomod, goVersion)
	if err != nil {
		return err
	}
	ws.GoLine, ws.TooOld = line.raised, line.tooOld
	gomod, err := repro.rewrite(own, l.spec.Target, l.row.Required, l.replace, release, line)
	if err != nil {
		return err
	}
	files := repro.swapped(l.row.Swap)
	files["go.mod"] = gomod
	if sums := union(release.sums, repro.sums); len(sums) > 0 {
		files["go.sum"] = sums
	}
	return writeFiles(l.repro, files, 0o666)
}

// writeFiles writes files by their slash-separated paths in a folder.
func writeFiles(dir string, files map[string][]byte, mode os.FileMode) error {
	for name, data := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, mode); err != nil {
			return err
		}
	}
	return nil
}

// LayTests writes what the tests of a suite may read when they run, for the tests of all
// rows: the files of the reproduction, in dir, an empty or missing folder that the caller
// removes. They are for everybody to read and for nobody to change, as the files of a
// module in the module cache are.
func LayTests(dir string, spec *matrix.Spec) error {
	repro, err := readReproduction(spec)
	if err != nil {
		return err
	}
	repro.code["go.mod"] = repro.gomod
	if len(repro.sums) > 0 {
		repro.code["go.sum"] = repro.sums
	}
	if err := writeFiles(dir, repro.code, 0o444); err != nil {
		return fmt.Errorf("writing the files of the tests: %w", err)
	}
	return filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return os.Chmod(name, 0o555) //nolint:gosec // other users run the tests of root
	})
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
