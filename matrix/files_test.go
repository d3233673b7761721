package matrix_test

import (
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

func TestFilesOfAModule(t *testing.T) {
	for name, want := range map[string]struct {
		test bool
		pkg  string
	}{
		"lib.go":                       {false, "."},
		"lib_test.go":                  {true, "."},
		"testdata/a.txt":               {true, "."},
		"internal/wire/frame.go":       {false, "internal/wire"},
		"internal/wire/frame_test.go":  {true, "internal/wire"},
		"internal/testdata/x/y/lib.go": {true, "internal"},
		"internal/testdata.go":         {false, "internal"},
		"mytestdata/lib.go":            {false, "mytestdata"},
	} {
		if got := matrix.IsTest(name); got != want.test {
			t.Errorf("IsTest(%q) = %v", name, got)
		}
		if got := matrix.PackageOf(name); got != want.pkg {
			t.Errorf("PackageOf(%q) = %q, want %q", name, got, want.pkg)
		}
	}
}
