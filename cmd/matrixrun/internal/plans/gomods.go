package plans

import (
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/content"
)

// GoMods returns what the index of a suite knows of the go.mod files of its releases,
// nothing if the suite has no index.
func GoMods(suite *matrix.Spec) ([]matrix.ReleaseGoMod, error) {
	index, err := content.Load(suite.Files, suite.Suite)
	if err != nil || index == nil {
		return nil, err
	}
	return index.GoMods(suite.Target.ModuleFor), nil
}
