package diagnose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// lacking matches what C compilers, linkers and pkg-config say of a header, a library or a
// program that the machine does not have.
var lacking = regexp.MustCompile(`fatal error: \S+: No such file or directory|fatal error: '\S+' file not found|cannot find -l|(?:library not found for|unable to find library) -l|library '\S+' not found|C compiler \S+ not found|pkg-config`)

// A CError reports that a package with C code does not compile. That proves nothing about the
// package, since it also depends on headers and libraries of the machine. The error leaves out
// what the C compiler printed, which may quote any file of the user's.
type CError struct {
	Package string
	Lacking bool // the machine seems to have no such header, library or program
}

func (e *CError) Error() string {
	text := "the build of " + e.Package + " failed, which has C code: "
	if e.Lacking {
		text += "this machine seems not to have a header, a library or a program that it wants (install it; "
	} else {
		text += "the reason may be the headers and libraries of this machine ("
	}
	return text + "to see what was printed, which is not shown since it may quote any file, run go build in a module that requires the release)"
}

// checkC returns a *CError if packages that failed have C code, for a build with cgo.
func (e examination) checkC(out output, listed packages) error {
	if !slices.Contains(e.Call.Env, "CGO_ENABLED=1") {
		return nil
	}
	lacks := lacking.MatchString(out.text + "\n" + out.rest)
	var suspects []string
	for _, b := range out.blocks {
		suspects = append(suspects, strings.TrimSuffix(b.pkg, ".test"))
	}
	slices.Sort(suspects) // packages fail in any order
	if lacks {            // errors of pkg-config and the linker do not identify a package
		suspects = append(suspects, slices.Sorted(maps.Keys(listed))...)
	}
	for _, path := range suspects {
		if p, ok := listed[path]; ok && !p.standard && hasC(p.dir) {
			return &CError{p.path, lacks}
		}
	}
	return nil
}

// hasC reports whether a Go file in a folder imports C.
func hasC(dir string) bool {
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	return slices.ContainsFunc(files, func(file string) bool {
		text, _, err := regular.Read(file, maxSource)
		if err != nil {
			return true // it may
		}
		parsed, _ := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly)
		return parsed != nil && slices.ContainsFunc(parsed.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` || i.Path.Value == "`C`" })
	})
}
