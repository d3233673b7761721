package tree

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/target"
)

// LayTarget lays out the target of a row alone: the folder dir, empty or
// missing, becomes its module's root, with the row's patches and under the path
// that it was released under. What Lay says of patches goes here too.
func LayTarget(dir string, row matrix.Row, src matrix.Source) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: dir}
	var err error
	ws.Applied, ws.Conflict, err = target.Lay(dir, src, row.Patches)
	if err == nil && ws.Conflict == "" {
		_, _, err = target.GoMod(dir, src.Module)
	}
	if err != nil {
		return nil, fmt.Errorf("laying out the target of %s: %w", row.ID, err)
	}
	return ws, nil
}
