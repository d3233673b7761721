package tree

import (
	"context"
	"fmt"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// LayTarget lays out the target of a row without the reproduction: dir, an empty or
// missing folder, becomes the root of the module, with the row's patches and under
// the module path that it has had. Present is the target's present path. Conflicts and
// errors are those of Lay.
func LayTarget(ctx context.Context, dir, present string, row matrix.Row, src matrix.Source) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: dir}
	var err error
	ws.Applied, ws.Conflict, err = target.LayAlone(ctx, dir, present, src, row.Patches, "")
	if err == nil && ws.Conflict == "" {
		var data []byte
		if data, _, err = target.GoMod(dir, src.Path()); err == nil {
			err = staysInside(data)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("laying out the target of %s: %w", row.ID, err)
	}
	return ws, nil
}

// staysInside returns an error if a go.mod replaces a module by a folder outside of its
// tree. That works when the module is the main one, as here, and would read any code of the
// user's.
func staysInside(gomod []byte) error {
	f, err := modfile.Parse("go.mod", gomod, nil)
	if err != nil {
		return nil //nolint:nilerr // the go command will complain
	}
	for _, r := range f.Replace {
		if r.New.Version == "" && !filepath.IsLocal(filepath.FromSlash(r.New.Path)) {
			return fmt.Errorf("go.mod replaces %s by a folder outside of the module: %s", r.Old.Path, r.New.Path)
		}
	}
	return nil
}
