package tree

import (
	"context"
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// LayTarget lays out the target of a row without the reproduction: dir, an empty or
// missing folder, becomes the root of the module, with the row's patches and under
// the module path of the release. Conflicts and errors are those of Lay.
func LayTarget(ctx context.Context, dir string, row matrix.Row, src matrix.Source) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: dir}
	var err error
	ws.Applied, ws.Conflict, err = target.Lay(ctx, dir, src, row.Patches, "")
	if err == nil && ws.Conflict == "" {
		_, _, err = target.GoMod(dir, src.Module)
	}
	if err != nil {
		return nil, fmt.Errorf("laying out the target of %s: %w", row.ID, err)
	}
	return ws, nil
}
