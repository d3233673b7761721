package tree

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	modversion "golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
)

// LayByHand lays a row out for a person, who builds it with the go command
// alone: the folder is the reproduction's, and its go.mod gets the target by
// the very line that ReplaceLine states.
//
//	DIR/       the reproduction's files with their folders, go.mod and go.sum; to build in
//	DIR/ROW    the target's tree, of rows whose target no proxy serves
//
// It takes what Lay takes, and a src with its checksum. Where a patch does not
// go on, nothing is left in dir.
func LayByHand(dir string, spec *matrix.Spec, row matrix.Row, src matrix.Source, goVersion string) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: dir}
	l := layout{spec: spec, row: row, src: src, target: filepath.Join(dir, row.ID), repro: dir, replace: byHand(row)}
	if err := l.layByHand(ws, goVersion); err != nil {
		return nil, fmt.Errorf("laying out %s: %w", row.ID, err)
	}
	return ws, nil
}

func (l layout) layByHand(ws *matrix.Workspace, goVersion string) error {
	if err := l.lay(ws, goVersion); err != nil {
		return err
	}
	if ws.Conflict != "" {
		return os.RemoveAll(l.target)
	}
	if l.replace.Version == "" {
		return nil
	}
	// The tree was needed for its go.mod and its go.sum alone: the go command
	// gets the release itself, and wants to know its checksums.
	sums, err := l.ownSums()
	if err != nil {
		return err
	}
	file := filepath.Join(l.repro, "go.sum")
	have, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := os.WriteFile(file, union(have, sums), 0o666); err != nil {
		return err
	}
	return os.RemoveAll(l.target)
}

// ownSums returns the lines of go.sum for the release itself.
func (l layout) ownSums() ([]byte, error) {
	gomod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(l.target, "go.mod"))
	})
	if err != nil {
		return nil, fmt.Errorf("computing the checksum of the release's go.mod: %w", err)
	}
	return fmt.Appendf(nil, "%[1]s %[2]s %[3]s\n%[1]s %[2]s/go.mod %[4]s\n", l.src.Module, l.src.Version, l.src.Sum, gomod), nil
}

// byHand is what replaces the target of a row for a person: the release, or,
// where it was changed in a copy, a folder.
func byHand(row matrix.Row) modversion.Version {
	if row.Rehomed || len(row.Patches) > 0 {
		return modversion.Version{Path: "./" + row.ID}
	}
	return modversion.Version{Path: row.Release.Module, Version: row.Release.Version}
}
