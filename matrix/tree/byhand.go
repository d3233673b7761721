package tree

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	modversion "golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix"
)

// LayByHand lays out a row for a person who builds it with the go command alone.
// The go.mod gets the target by the line that ReplaceLine returns.
//
//	DIR/       the reproduction's files, go.mod and go.sum; the folder to build in
//	DIR/ROW    the target's tree, if no proxy serves it: the row patches or rehomes it
//
// The arguments are those of Lay; src must have its checksum. After a conflict dir
// has no target.
func LayByHand(ctx context.Context, dir string, spec *matrix.Spec, row matrix.Row, src matrix.Source, goVersion string) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: dir}
	l := layout{spec: spec, row: row, src: src, target: filepath.Join(dir, matrix.RowFolder(row.ID)), repro: dir, replace: replacement(row)}
	if err := l.layByHand(ctx, ws, goVersion); err != nil {
		return nil, fmt.Errorf("laying out %s: %w", row.ID, err)
	}
	return ws, nil
}

func (l layout) layByHand(ctx context.Context, ws *matrix.Workspace, goVersion string) error {
	if err := l.lay(ctx, ws, goVersion); err != nil {
		return err
	}
	if ws.Conflict != "" {
		return os.RemoveAll(l.target)
	}
	if l.replace.Version == "" {
		return nil
	}
	// The go command downloads the release, so only the tree's go.mod and go.sum
	// were needed. It does want the checksums of the release in go.sum.
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

// ownSums returns the two go.sum lines of the release.
func (l layout) ownSums() ([]byte, error) {
	gomod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(l.target, "go.mod"))
	})
	if err != nil {
		return nil, fmt.Errorf("computing the checksum of the release's go.mod: %w", err)
	}
	return fmt.Appendf(nil, "%[1]s %[2]s %[3]s\n%[1]s %[2]s/go.mod %[4]s\n", l.src.Module, l.src.Version, l.src.Sum, gomod), nil
}

// replacement returns what replaces the row's target on a person's machine: the
// release, or a folder if the row patches or rehomes it, or if no proxy serves it.
func replacement(row matrix.Row) modversion.Version {
	made := row.Release.Origin != nil && row.Release.Origin.Zip != ""
	if row.Rehomed || made || len(row.Patches) > 0 {
		return modversion.Version{Path: "./" + matrix.RowFolder(row.ID)}
	}
	return modversion.Version{Path: row.Release.Module, Version: row.Release.Version}
}
