package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/matrixrun/matrixrun/matrix"
)

// graph is the file in which the go command tells what it did, beside the
// workspace's folders.
func (b *builder) graph() string { return filepath.Join(filepath.Dir(b.ws.Dir), "actions.json") }

// toolTime returns the CPU seconds that the programs took which the go command
// ran, such as compilers, as its file of actions tells. It is for reckoning alone:
// 0 where the file is missing or cannot be read, such as after a failed build.
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
