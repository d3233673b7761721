package tree

import (
	"errors"
	"fmt"
	"go/version"
	"strings"

	"golang.org/x/mod/modfile"
)

// goLine returns what the go line of a row's go.mod says. It is fixed by the
// toolchain's language version, not by its patch release: the line decides on
// GODEBUG defaults, and binaries are to be alike. From Go 1.21 on it is a
// release, 1.26.0, as 1.26 counts as less than that and old go commands refuse
// the longer form.
func goLine(goVersion string) (string, error) {
	name, _, _ := strings.Cut(goVersion, " ") // "go1.26.8 X:experiment"
	lang := version.Lang(name)
	if lang == "" {
		return "", fmt.Errorf("%q is no released Go toolchain: name one, such as go1.26.8, in the suite's toolchains", goVersion)
	}
	line := strings.TrimPrefix(lang, "go")
	if version.Compare(lang, "go1.21") < 0 {
		return line, nil
	}
	if version.Compare(name, lang+".0") < 0 {
		// A release candidate, which comes before 1.N.0 and refuses that.
		return strings.TrimPrefix(name, "go"), nil
	}
	return line + ".0", nil
}

// since reports whether the go command that goes with a go line knows what
// came with a Go release.
func since(line, release string) bool { return version.Compare("go"+line, "go"+release) >= 0 }

// prunes reports whether the go command wants all modules listed that a build
// needs, the indirect ones too. It has done so since Go 1.17.
func prunes(line string) bool { return since(line, "1.17") }

// dropUnknown takes out what the row's go command does not know, and so would
// refuse, or what can't matter for building one program.
func dropUnknown(f *modfile.File, line string) error {
	f.DropToolchainStmt()
	var errs []error
	if !since(line, "1.24") {
		for _, tool := range f.Tool {
			errs = append(errs, f.DropTool(tool.Path))
		}
	}
	if !since(line, "1.25") {
		for _, ignore := range f.Ignore {
			errs = append(errs, f.DropIgnore(ignore.Path))
		}
	}
	if !since(line, "1.23") {
		for _, godebug := range f.Godebug {
			errs = append(errs, f.DropGodebug(godebug.Key))
		}
	}
	return errors.Join(errs...)
}
