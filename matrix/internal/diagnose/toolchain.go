package diagnose

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// checkToolchain returns an error if the toolchain of the build is damaged. A file that
// its standard library lost makes the compiler complain about the code that needs it.
func (e examination) checkToolchain(ctx context.Context, complaint string, listed packages) error {
	out, err := e.Run(ctx, e.command("env", "GOROOT", "GOMODCACHE"))
	if err != nil {
		return e.doubt(ctx, "")
	}
	root, cache, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(string(out)), "\r", ""), "\n")
	var lost string
	if sum := downloaded(root, cache); sum != "" {
		lost, err = changedSince(ctx, root, sum)
	} else {
		lost, err = lostAPI(root, complaint, listed)
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("examining a failed build: %w", context.Cause(ctx))
	case err != nil:
		return fmt.Errorf("examining the toolchain after a failed build: %w; before that: %w", err, e.Err)
	case lost != "":
		return e.brokenToolchain(ctx, lost)
	}
	return nil
}

// downloaded returns the file with the checksum of a toolchain that the go command
// downloaded as a module, or "" if it was installed in another way.
func downloaded(root, cache string) (sum string) {
	version, ok := strings.CutPrefix(filepath.ToSlash(root), filepath.ToSlash(cache)+"/golang.org/toolchain@")
	if !ok || cache == "" || strings.Contains(version, "/") {
		return ""
	}
	return filepath.Join(cache, "cache", "download", "golang.org", "toolchain", "@v", version+".ziphash")
}

// changedSince returns what of a toolchain has changed since it was downloaded: "" or
// the folder with all of it. The go command compares the checksum only when it
// downloads.
func changedSince(ctx context.Context, root, sumFile string) (string, error) {
	want, _, err := regular.Read(sumFile, 1<<10)
	if err != nil {
		return "", err
	}
	prefix := "golang.org/" + filepath.Base(root)
	files, err := dirhash.DirFiles(root, prefix)
	if err != nil {
		return "", err
	}
	// The zip has each go.mod as _go.mod, since a module zip cannot have others. The go
	// command copies them.
	files = slices.DeleteFunc(files, func(name string) bool {
		return path.Base(name) == "go.mod" && slices.Contains(files, path.Dir(name)+"/_go.mod")
	})
	got, err := dirhash.Hash1(files, func(name string) (io.ReadCloser, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return os.Open(filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(name, prefix))))
	})
	if err != nil || got == strings.TrimSpace(string(want)) {
		return "", err
	}
	return filepath.Base(root), nil
}

// missing matches complaints that something has not been declared: a package, a name of
// one, and a method or field of a type of one.
var missing = []struct {
	complaint *regexp.Regexp
	api       string // its line in the lists of the API, with what the complaint names
}{
	{regexp.MustCompile(`package ([\w/]+) is not in (?:std|GOROOT)`), `$1, `},
	{regexp.MustCompile(`undefined: (\w+)\.(\w+)`), `$1, (?:func|type|var|const) $2\b`},
	{regexp.MustCompile(`undefined \(type \*?(\w+)\.(\w+) has no field or method (\w+)`), `$1, (?:method \(\*?$2\) $3\(|type $2 (?:struct|interface), $3\b)`},
	{regexp.MustCompile(`\*?(\w+)\.(\w+) does not implement .*\(missing (?:method )?(\w+)`), `$1, method \(\*?$2\) $3\(`},
}

// lostAPI returns what a complaint says is not declared, although a toolchain lists it
// in the API of its standard library. It returns "" if there is no such thing, or no
// such list.
func lostAPI(root, complaint string, listed packages) (string, error) {
	lists, err := filepath.Glob(filepath.Join(root, "api", "*.txt"))
	if err != nil {
		return "", err
	}
	line := wanted(complaint, listed)
	if line == nil {
		return "", nil
	}
	lost := make(map[string]bool)
	// The first list, except.txt, has what later versions no longer have.
	for _, list := range lists {
		text, _, err := regular.Read(list, maxSource)
		if err != nil {
			return "", err
		}
		removed := filepath.Base(list) == "except.txt"
		for _, at := range line.FindAllString(string(text), -1) {
			_, known := lost[at]
			lost[at] = !removed && (!known || lost[at])
		}
	}
	for _, at := range slices.Sorted(maps.Keys(lost)) {
		if lost[at] {
			return strings.TrimPrefix(strings.TrimSpace(at), "pkg "), nil
		}
	}
	return "", nil
}

// wanted returns an expression for the lines of the API with what a complaint says is
// not declared, and nil if it names nothing of the standard library.
func wanted(complaint string, listed packages) *regexp.Regexp {
	var lines []string
	for _, m := range missing {
		for _, found := range m.complaint.FindAllStringSubmatch(complaint, -1) {
			for _, pkg := range listed.standard(found[1]) {
				found[1] = regexp.QuoteMeta(pkg)
				lines = append(lines, fill(m.api, found))
			}
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return regexp.MustCompile(`(?m)^pkg (?:` + strings.Join(lines, "|") + `).*$`)
}

// fill replaces $1, $2 and $3 in a pattern.
func fill(pattern string, values []string) string {
	for i := 1; i < len(values); i++ {
		pattern = strings.ReplaceAll(pattern, fmt.Sprintf("$%d", i), values[i])
	}
	return pattern
}

// standard returns the import paths of the packages of the standard library that a
// complaint may mean by a name: an import path, or a name that no other package has.
func (ps packages) standard(name string) []string {
	paths := []string{name}
	for _, p := range ps {
		switch {
		case p.name == name && !p.standard:
			return nil
		case p.name == name && p.path != name:
			paths = append(paths, p.path)
		}
	}
	slices.Sort(paths)
	return paths
}
