package diagnose

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// A foreign is code that may include any file, of which its compiler quotes what it does not
// understand.
type foreign struct {
	name     string
	in       string         // matches the names of files that show that a package has such code
	has      []byte         // text of these files; nil for any
	skip     string         // the extension of files that cannot be included
	leadsOut *regexp.Regexp // matches what the name of a file of another folder has, also behind an escape
}

var (
	assembly = foreign{name: "assembly", in: "*.[sS]", skip: ".go", leadsOut: regexp.MustCompile(`"/|"[A-Za-z]:|\.\.|\\[xuU0-7]`)}
	c        = foreign{name: "C", in: "*.go", has: []byte(`import "C"`), leadsOut: regexp.MustCompile(`["<]\s*/|["<][A-Za-z]:|\.\.|\\[xuU0-7]|#cgo.*-(?:include|I\s*/(?:home|root|etc|proc|Users)\b)`)}
)

// checkIncludes returns an error if a package that failed has code that may include a file of
// another folder. That may be any file of the user's, so the error does not have what was
// printed. With cgo, C counts.
func checkIncludes(blocks []block, listed packages, cgo bool) error {
	for _, b := range blocks {
		p, ok := listed[strings.TrimSuffix(b.pkg, ".test")]
		if !ok || p.standard || p.dir == "" {
			continue
		}
		for _, code := range []foreign{assembly, c} {
			if code.name == c.name && !cgo {
				continue
			}
			if file := code.leading(p.dir); file != "" {
				return fmt.Errorf("the build of %s failed, and its %s (%s) may include a file of another folder: what was printed is not shown, since it may quote that file", p.path, code.name, file)
			}
		}
	}
	return nil
}

// leading returns the name of a file in a folder from which the code may include one of
// another folder; empty if there is none.
func (f foreign) leading(dir string) string {
	shows := func(file string, has []byte) bool {
		text, _, err := regular.Read(file, maxSource)
		return err == nil && bytes.Contains(text, has)
	}
	there := false
	found, _ := filepath.Glob(filepath.Join(dir, f.in))
	for _, file := range found {
		there = there || shows(file, f.has)
	}
	if !there {
		return ""
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range files {
		if f.skip != "" && filepath.Ext(file) == f.skip {
			continue
		}
		text, _, err := regular.Read(file, maxSource)
		if err == nil && bytes.Contains(text, []byte("include")) && f.leadsOut.Match(text) {
			return filepath.Base(file)
		}
	}
	return ""
}
