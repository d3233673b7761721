package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// graph returns the file in which the go command describes its actions. It is next
// to the folders of the workspace.
func (b *builder) graph() string { return filepath.Join(filepath.Dir(b.ws.Dir), "actions.json") }

// toolTime returns the CPU seconds of the programs that the go command ran, such as
// compilers, from its file of actions. The result only serves estimates: it is 0 if
// the file is missing or malformed, as after a failed build.
func toolTime(path string) float64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	var actions []struct{ CmdUser, CmdSys time.Duration }
	if err := json.Unmarshal(text, &actions); err != nil {
		return 0
	}
	var all time.Duration
	for _, a := range actions {
		all += a.CmdUser + a.CmdSys
	}
	return matrix.Seconds(all)
}
