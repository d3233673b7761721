package tree

import (
	"cmp"
	"errors"
	"fmt"
	"go/version"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/matrix"
)

// A stated is the go version that a row's go.mod states.
type stated struct {
	toolchain string // that of the row's toolchain, which tells what its go command knows
	row       string // what go.mod says; empty for no go line
	raised    matrix.GoLine
	tooOld    string
}

// stateLine returns the go version that a row's go.mod states: that of the reproduction's
// own go.mod, or of the newer version that the release needs. If its go.mod has none, or it
// has no go.mod, it is that of the toolchain. Tests without a go line keep doing without.
func (r reproduction) stateLine(own, release *modfile.File, goVersion string) (s stated, err error) {
	if s.toolchain, err = goLine(goVersion); err != nil {
		return s, err
	}
	s.row = s.toolchain
	if r.own && (own.Go != nil || r.speaks == matrix.SpeechTest) {
		s.row = lineOf(own)
		if since(s.toolchain, "1.21") { // older go commands build a release whatever its go line is
			s.row = ownLine(own, release)
		}
		if was := lineOf(own); s.row != was {
			s.raised = matrix.GoLine{Own: cmp.Or(was, unstated), Row: s.row}
		}
	}
	name, _, _ := strings.Cut(goVersion, " ")
	switch needs := lineOf(release); {
	case newer(needs, name) && since(needs, "1.21") && since(s.toolchain, "1.21"):
		s.tooOld = matrix.NeedsGo(true, needs, name)
	case newer(s.row, name):
		s.tooOld = matrix.NeedsGo(false, s.row, name)
	}
	return s, nil
}

// unstated is the version that a module without a go line has.
const unstated = "1.16"

// newer reports whether a go line asks for more than a toolchain.
func newer(line, toolchain string) bool {
	return line != "" && version.Compare("go"+line, toolchain) > 0
}

// goLine returns the go version that goes with a toolchain. It depends on the
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
// behaves (see GODEBUG), which is part of what a reproduction shows. A release that needs
// a newer version raises it, as "go get" does.
func ownLine(own, release *modfile.File) string {
	mine, its := lineOf(own), lineOf(release)
	if !since(its, "1.21") || since(mine, its) { // older lines do not bind a module that requires the release
		return mine
	}
	return its
}

// lineOf returns the version in the go line of a go.mod, "" if it has none.
func lineOf(f *modfile.File) string {
	if f.Go == nil {
		return ""
	}
	return f.Go.Version
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
