package wire

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

// TestQlogSuffix checks the name of a qlog, and that one that is never
// finished is not kept.
func TestQlogSuffix(t *testing.T) {
	for _, test := range []struct {
		name, text string
		finished   bool
		want       string
	}{
		{"a JSON text sequence", "\x1e{}\n\x1e{}\n", true, "x-1.client.sqlog"},
		{"JSON line by line", "{}\n{}\n", true, "x-1.client.qlog"},
		{"unfinished", "{}\n{", false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) { // Save waits in fake time
				q := NewQlog()
				if _, err := q.Write([]byte(test.text)); err != nil {
					t.Fatal(err)
				}
				if test.finished {
					q.Close()
					q.Close() // again, without effect
				}
				if err := q.Save(filepath.Join(dir, "x-1.json")); err != nil {
					t.Fatal(err)
				}
			})
			names, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimPrefix(strings.Join(names, " "), dir+string(filepath.Separator)); got != test.want {
				t.Errorf("the files are %q, want %q", got, test.want)
			}
		})
	}
}
