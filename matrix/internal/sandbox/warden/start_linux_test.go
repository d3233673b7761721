package warden

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestStartsFast checks that this package imports nothing that is initialized after the
// packages of other hosts, which may take long: a warden starts for each row.
func TestStartsFast(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.FieldsSeq(string(out)) {
		late := []string{"net", "os/exec", "os/signal", "path/filepath", "text/template", "net/http", "github.com/mattn/go-runewidth"}
		if slices.Contains(late, dep) {
			t.Errorf("it imports %s", dep)
		}
	}
}
