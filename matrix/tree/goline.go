package tree

import (
	"errors"
	"fmt"
	"go/version"
	"strings"

	"golang.org/x/mod/modfile"
)

// goLine returns the go version that a row's go.mod states. It depends on the
// language version of the toolchain and not on its patch release, since the line
// selects GODEBUG defaults and binaries should not differ. From Go 1.21 on it is a
// release such as 1.26.0: 1.26 counts as less than that. Older go commands refuse
// the long form.
func goLine(goVersion string) (string, error) {
	name, _, _ := strings.Cut(goVersion, " ") // "go1.26.8 X:experiment"
	lang := version.Lang(name)
	if lang == "" {
		return "", fmt.Errorf("%q is not a released Go toolchain: name one, such as go1.26.8, in the suite's toolchains", goVersion)
	}
	line := strings.TrimPrefix(lang, "go")
	if version.Compare(lang, "go1.21") < 0 {
		return line, nil
	}
	if version.Compare(name, lang+".0") < 0 {
		// A release candidate comes before 1.N.0 and refuses that line.
		return strings.TrimPrefix(name, "go"), nil
	}
	return line + ".0", nil
}

// ownLine returns the go version that the go.mod of a user's module states in a row: its
// own, or "" if it has none. It decides what loops mean and how the standard library
// behaves (see GODEBUG), which is part of what tests show. A release that needs a newer
// version raises it, as "go get" does.
func ownLine(own, release *modfile.File) string {
	line := func(f *modfile.File) string {
		if f.Go == nil {
			return ""
		}
		return f.Go.Version
	}
	mine, its := line(own), line(release)
	if !since(its, "1.21") || since(mine, its) { // older lines do not bind a module that requires the release
		return mine
	}
	return its
}

// since reports whether the go command of a go line has what a Go release brought.
func since(line, release string) bool { return version.Compare("go"+line, "go"+release) >= 0 }

// prunes reports whether the go command expects go.mod to list every module that a
// build needs, the indirect ones included. It has done so since Go 1.17.
func prunes(line string) bool { return since(line, "1.17") }

// dropUnknown removes lines that the row's go command would refuse because it does
// not know them. The toolchain line goes in any case: the row chooses the toolchain.
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
