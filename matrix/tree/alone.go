package tree

import (
	"fmt"

	"github.com/matrixrun/matrixrun/matrix"
)

// LayTarget lays out the target of a row alone: the folder dir, empty or
// missing, becomes its module's root, with the row's patches and under the path
// that it was released under. What Lay says of patches goes here too.
func LayTarget(dir string, row matrix.Row, src matrix.Source) (*matrix.Workspace, error) {
	ws := &matrix.Workspace{Dir: dir}
	l := layout{row: row, src: src, target: dir}
	err := unpack(dir, src)
	if err == nil {
		err = l.patch(ws)
	}
	if err == nil && ws.Conflict == "" {
		_, err = readModule(dir, src.Module) // which gives it a go.mod where it has none
	}
	if err != nil {
		return nil, fmt.Errorf("laying out the target of %s: %w", row.ID, err)
	}
	return ws, nil
}
