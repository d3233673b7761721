package gomod

import (
	"errors"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
)

// FuzzGoMod parses a go.mod. Each mistake has the file and a line. What is accepted
// leaves the target to the row, and stays accepted when the go command has formatted it.
func FuzzGoMod(f *testing.F) {
	for _, data := range []string{
		"", "module m\n", "module m\n\ngo 1.21\n\nrequire example.com/x v1.2.3 // indirect\n", "module (\n", "module \"m\"\nreplace a => ../a\n",
		"module m\nreplace example.com/lib v0.3.0 => example.com/fork v1.0.0\n", "// Deprecated: x\nmodule m\nretract [v1.0.0, v1.1.0]\n", "\ufeffmodule m\n",
		"module m\nexclude example.com/x v1.0.0\ntoolchain go1.26.0\ngodebug x=y\ntool example.com/x\nignore ./x\n", "module m\r\ngo 9999\r\n", "module\x00m\n",
		"module m\nrequire example.com/x one\nfrobnicate\n", "module example.com/lib\n", "module m\nrequire (\n\texample.com/y v2.0.0+incompatible\n", "module `m\n`\n",
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		mod, err := Parse("go.mod", data, target, "")
		if err != nil {
			var problems matrix.Problems
			if !errors.As(err, &problems) {
				t.Fatal(err)
			}
			for _, p := range problems {
				if p.File != "go.mod" || p.Line < 1 || p.Text == "" {
					t.Errorf("%q", p)
				}
			}
			return
		}
		if target.Has(mod.Module.Mod.Path) {
			t.Errorf("the module is the target: %s", mod.Module.Mod.Path)
		}
		text, err := mod.Format()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse("go.mod", text, target, ""); err != nil {
			t.Errorf("formatted, it is not accepted: %v\n%s", err, text)
		}
	})
}
