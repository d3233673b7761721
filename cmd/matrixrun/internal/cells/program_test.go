package cells

import (
	"strings"
	"testing"
)

// TestProgramLine checks the command that calls the program again from elsewhere.
func TestProgramLine(t *testing.T) {
	const made = "/var/go-build123/b001/exe/matrixrun"
	kept := "/cache/e2/" + strings.Repeat("e2", 32) + "-d/matrixrun"
	tests := []struct {
		program program
		want    string
	}{
		{program{called: "matrixrun", file: "/usr/bin/matrixrun", folder: "/a", path: "m/cmd", version: "v1.0.0"}, "matrixrun show x/y"},
		{program{called: "./matrixrun", file: "/a b/matrixrun", folder: "/a b", path: "m/cmd"}, "'/a b/matrixrun' show x/y"},
		{program{called: "./matrixrun"}, "matrixrun show x/y"},
		{program{called: made, file: made, folder: "/clone", path: "m/cmd", version: "(devel)"}, "go run -C /clone m/cmd show x/y"},
		{program{called: kept, file: kept, folder: "/clone", path: "m/cmd", version: "v0.0.0-1+dirty"}, "go run -C /clone m/cmd show x/y"},
		{program{called: made, file: made, folder: "/elsewhere", path: "m/cmd", version: "v1.0.0"}, "go run m/cmd@v1.0.0 show x/y"},
	}
	for _, test := range tests {
		if got := test.program.line([]string{"show", "x/y"}); got != test.want {
			t.Errorf("%+v:\n got %s\nwant %s", test.program, got, test.want)
		}
	}
}
