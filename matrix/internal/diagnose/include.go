package diagnose

import (
	"bytes"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// leadsOut matches what the name of a file of another folder has in an assembly file, also
// behind an escape.
var leadsOut = regexp.MustCompile(`"/|"[A-Za-z]:|\.\.|\\[xuU0-7]`)

// checkIncludes returns an error if a package that failed has assembly that may include a
// file of another folder. The assembler quotes from it what it does not understand. That
// may be any file of the user's, so the error does not have what was printed.
func checkIncludes(blocks []block, listed packages) error {
	for _, b := range blocks {
		p, ok := listed[strings.TrimSuffix(b.pkg, ".test")]
		if !ok || p.standard || p.dir == "" {
			continue
		}
		if assembly, _ := filepath.Glob(filepath.Join(p.dir, "*.[sS]")); len(assembly) == 0 {
			continue
		}
		files, _ := filepath.Glob(filepath.Join(p.dir, "*"))
		for _, file := range files {
			if filepath.Ext(file) == ".go" {
				continue // which cannot be included
			}
			text, _, err := regular.Read(file, maxSource)
			if err == nil && bytes.Contains(text, []byte("include")) && leadsOut.Match(text) {
				return fmt.Errorf("the build of %s failed, and its assembly (%s) may include a file of another folder: what was printed is not shown, since it may quote that file", p.path, filepath.Base(file))
			}
		}
	}
	return nil
}
