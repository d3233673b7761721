package sweep

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/checksum"
)

// A part is what a row builds for the tests of one package. A program is one part.
type part struct {
	work     *work
	artifact matrix.Artifact
}

// makeParts builds the parts of a row: as the go command does, it makes one binary for the
// tests of each package. The first one is the row itself, which takes its turn in the
// schedule. If it has a conflict, the others would have the same one.
func (w *work) makeParts(ctx context.Context) error {
	w.parts = []part{{work: w}}
	a, err := w.artifact(ctx)
	w.parts[0].artifact = a
	w.effort.took.Build, w.effort.took.Tools = a.CPU, a.Tools
	packages := matrix.TestPackages(w.sweep.plan.Scenarios)
	if err != nil || a.Conflict != "" || len(packages) < 2 {
		return err
	}
	for _, pkg := range packages[1:] {
		p := w.sweep.newWork(w.row, noPlace)
		p.pkg, p.partOf, p.recall, p.surer, p.doubted = pkg, w, w.recall, w.surer, w.doubted
		a, err := p.artifact(ctx)
		p.effort.took.Build, p.effort.took.Tools = a.CPU, a.Tools
		w.parts = append(w.parts, part{p, a})
		if err != nil {
			return fmt.Errorf("the tests in %s: %w", matrix.PackageArg(pkg), err)
		}
	}
	return nil
}

// closeParts ends the boxes of all parts, and adds their efforts to that of the row.
func (w *work) closeParts() {
	for _, p := range w.parts {
		p.work.boxes.Close()
		if p.work != w {
			w.effort.join(&p.work.effort)
		}
	}
}

// partFor returns the part of the row with a scenario.
func (w *work) partFor(s matrix.Scenario) part {
	for _, p := range w.parts {
		if p.work.pkg == s.Package {
			return p
		}
	}
	return w.parts[0]
}

// rememberParts records how the parts were made.
func (w *work) rememberParts() {
	for _, p := range w.parts {
		p.work.remember(p.artifact)
	}
}

// binaries returns the checksum of the row's binary, and the files of the target that it
// does not have. If there are several, the checksum is that of a list, as sha256sum prints
// it: the checksum of each, and its package. It is empty if there is none.
func (w *work) binaries() (sum string, cgo []string) {
	var list strings.Builder
	for _, p := range w.parts {
		if p.artifact.SHA256 == "" {
			continue
		}
		sum = p.artifact.SHA256
		fmt.Fprintf(&list, "%s  %s\n", sum, matrix.PackageArg(p.work.pkg))
		cgo = append(cgo, p.artifact.Cgo...)
	}
	switch {
	case sum == "":
		return "", nil
	case len(w.parts) > 1:
		sum = checksum.Bytes([]byte(list.String()))
		slices.Sort(cgo)
		cgo = slices.Compact(cgo)
	}
	return "sha256:" + sum, cgo
}

// complaints returns why none of the parts has a binary.
func (w *work) complaints() string {
	var all []string
	for _, p := range w.parts {
		if text := p.artifact.Complaint; !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n")
}

// unbuiltReason says why the tests of a part have no binary, where other parts have one.
func (w *work) unbuiltReason(a matrix.Artifact) string {
	out := fmt.Sprintf("the tests in %s %s: %s", matrix.PackageArg(w.pkg), matrix.Unbuilt, matrix.Gist(a.Complaint))
	if r, ok := matrix.RequirementIn(a.Complaint); ok {
		out += " (" + r.String() + ")"
	}
	return out
}
