package program

import (
	"strings"
	"testing"

	"golang.org/x/mod/module"
)

// FuzzModulesTxt checks that any vendor/modules.txt is read or refused with lines that it
// has, and that what is read are modules.
func FuzzModulesTxt(f *testing.F) {
	f.Add([]byte(vendoredApp["vendor/modules.txt"]))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, problems := parseModulesTxt(data)
		last := len(lines(data))
		for _, p := range problems {
			if p.Line < 1 || p.Line > last {
				t.Errorf("a mistake on line %d of %d", p.Line, last)
			}
		}
		for _, m := range all {
			if module.CheckImportPath(m.mod.Path) != nil || m.mod.Version == "" && m.replace.Path == "" || m.line < 1 {
				t.Errorf("read %+v", m)
			}
		}
	})
}

// FuzzList checks the same of the output of go list, and that nothing in it makes a
// folder of this machine part of the program.
func FuzzList(f *testing.F) {
	f.Add(`{"Path": "example.com/app", "Main": true, "Dir": "/"}` + "\n" + `{"Path": "example.com/lib", "Version": "v1.0.0", "Replace": {"Path": "./x", "Dir": "."}}`)
	f.Add("example.com/app\nexample.com/lib v1.0.0 => example.com/fork v1.0.1\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Read(t.Context(), "-", Options{Stdin: strings.NewReader(text), FilesOnly: true})
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "standard input:") && !strings.HasPrefix(line, "  ") {
					t.Errorf("a mistake without a place: %q", line)
				}
			}
			return
		}
		for _, m := range p.Modules {
			if m.Dir != "" || m.Path == "" || m.Where.File != "-" || m.Where.Line > 1+strings.Count(text, "\n") {
				t.Errorf("read %+v", m)
			}
		}
	})
}
