package build

import (
	"os"
	"path/filepath"
	"testing"
)

func TestToolTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "actions.json")
	if got := toolTime(path); got != 0 {
		t.Errorf("%v s without a file", got)
	}
	for text, want := range map[string]float64{
		`[{"Mode":"build","CmdUser":1200000000,"CmdSys":300000000},{"Mode":"nop"},{"Mode":"link","CmdUser":500000000}]`: 2,
		`[]`:            0,
		`[{"CmdUser":1`: 0,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := toolTime(path); got != want {
			t.Errorf("%v s of %s, want %v", got, text, want)
		}
	}
}
