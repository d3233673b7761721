// Package backports reads the patches of matrixrun backport, from folders, diff
// files and commits, and plans the rows that try them.
package backports

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/origins"
	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/history"
	"github.com/matrixrun/matrixrun/matrix/output"
	"github.com/matrixrun/matrixrun/matrix/plan"
	"github.com/matrixrun/matrixrun/matrix/report"
	"github.com/matrixrun/matrixrun/matrix/spec"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// Options are the flags of backport that plan rows.
type Options struct {
	Selection plan.Selection // of releases and scenarios; Patches is not read
	Origins   *origins.Flags // targets that are no releases; nil for none
	Git       string         // the clone that has the commits among the patches, or empty
	Fix       []string       // globs of the scenarios to fix, or nil for what each patch says
	None      bool           // fix nothing, whatever each patch says
	Strip     int            // for the names in diff files, see spec.NamesIn
	Out       string         // the folder of the reports, or empty
	Force     bool           // overwrite files in it that matrixrun did not write
	Cache     string         // the folder of the record, as the command line has it
}

// A Plan is what backport runs.
type Plan struct {
	Suite *matrix.Spec
	Plan  *matrix.Plan

	opts     Options
	names    []string // how the command line named the patches
	suiteArg []string // how it named the suite
	patches  []*matrix.Patch
	commits  []*matrix.Patch  // those of them that are commits
	named    map[string]found // how matrixrun show finds each of them, by name
}

// A found says by which words of a command line a patch is found again.
type found struct {
	path   string
	strip  int  // for the names in a diff file, see spec.NamesIn
	commit bool // the path is its name in the clone
}

// New reads the patches and the suite that the arguments name, and plans the rows.
// The error has every mistake in them, after the problems that are known already.
func New(ctx context.Context, args []string, o Options, known matrix.Problems) (*Plan, error) {
	names, suiteArg := splitSuite(args)
	p := &Plan{opts: o, names: names, suiteArg: suiteArg, named: make(map[string]found)}
	var err error
	p.Suite, err = find.Suite(suiteArg)
	if err := known.Join(err); err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := known.Join(p.add(ctx, name)); err != nil {
			return nil, err
		}
	}
	if p.Suite == nil || len(known) > 0 {
		return nil, known
	}
	sel := o.Selection
	sel.Patches = p.patches
	if len(sel.Scenarios) > 0 { // the scenarios to fix are tried in any case
		sel.Scenarios = append(slices.Clone(sel.Scenarios), p.fixes()...)
	}
	if sel.Others, err = o.Origins.Find(ctx, p.Suite, suiteArg); err != nil {
		return nil, err
	}
	if p.Plan, err = plan.New(p.Suite, sel); err == nil && len(p.commits) > 0 {
		err = LookUp(ctx, o.Git, p.Suite, p.Plan.Rows)
	}
	if err == nil && o.Out != "" && len(p.commits) > 0 {
		err = output.Check(o.Out, output.Files{Documents: p.documents(nil, nil), Force: o.Force})
	}
	return p, err
}

// splitSuite takes the suite from the end of the arguments, if there is one after
// at least one patch.
func splitSuite(args []string) (patches, suite []string) {
	last := len(args) - 1
	if last >= 1 && find.IsSuite(args[last]) {
		return args[:last], args[last:]
	}
	return args, nil
}

// add reads what one argument names: a commit if there is a clone. With --refs, which needs
// the clone for the rows, it can also be a patch, unless the clone has a commit of that name.
// The header of a diff file selects the releases only if the command line does not.
func (p *Plan) add(ctx context.Context, name string) error {
	if p.opts.Git != "" {
		commit, err := spec.LoadCommit(ctx, p.opts.Git, name)
		if err == nil {
			return p.addCommit(commit)
		}
		if len(p.opts.Origins.Refs) == 0 || !isPatch(name) {
			return err
		}
	}
	loaded, err := find.LoadPatches(ctx, name, spec.NamesIn(p.Suite, p.opts.Strip))
	if err != nil {
		return err
	}
	var problems matrix.Problems
	for _, l := range loaded {
		p.named[l.Name] = found{path: l.Path, strip: l.Strip}
		if p.opts.Selection.Named && l.Releases != nil {
			l.Variants[0].Releases = *l.Releases
		}
		if err := problems.Join(p.check(l.Patch)); err != nil {
			return err
		}
	}
	return problems.Err()
}

// addCommit adds a patch that is a commit.
func (p *Plan) addCommit(patch *matrix.Patch) error {
	p.commits = append(p.commits, patch)
	p.named[patch.Name] = found{path: patch.Name, strip: spec.Found.Strip, commit: true}
	if p.opts.Out != "" {
		p.named[patch.Name] = found{path: filepath.Join(p.opts.Out, patch.Name+".patch"), strip: spec.Found.Strip}
	}
	return p.check(patch)
}

// isPatch reports whether a word names a patch, or a file or folder that could have one.
func isPatch(word string) bool {
	if _, err := os.Stat(word); err == nil {
		return true
	}
	return slices.Contains(find.Patches(), word)
}

// LookUp finds out by the history of a clone which releases have the patches of rows
// already, and adds that to those of the patches that are commits of the clone.
func LookUp(ctx context.Context, clone string, suite *matrix.Spec, rows []matrix.Row) error {
	commits, err := history.Open(ctx, clone, suite)
	if err != nil {
		return err
	}
	for _, row := range rows {
		for i := range row.Patches {
			v := &row.Patches[i]
			hash, ok := strings.CutPrefix(v.Origin, spec.CommitOrigin)
			if !ok {
				continue
			}
			if v.In, v.May, err = commits.Has(ctx, hash, row.Release); err != nil {
				return err
			}
		}
	}
	return nil
}

// check adds a patch after checking it against the others and the suite, and sets the
// scenarios that it is to fix.
func (p *Plan) check(patch *matrix.Patch) error {
	var problems matrix.Problems
	for _, other := range p.patches {
		if other.Name == patch.Name {
			problems.Add("", 0, "%s: named twice: a row has each patch once; two files need two names", patch.Name)
		}
	}
	p.patches = append(p.patches, patch)
	fix := p.opts.Fix
	if p.opts.None {
		fix = nil
		for i := range patch.Variants {
			patch.Variants[i].Fixes = nil
		}
	}
	var err error
	switch {
	case p.Suite == nil:
	case len(fix) == 0:
		err = spec.CheckPatch(patch, p.Suite.Lock, p.Suite.Scenarios)
	case len(p.patches) == 1: // the same globs for all patches
		err = spec.CheckGlobs("--fix", fix, p.Suite.Scenarios)
	}
	if err := problems.Join(err); err != nil {
		return err
	}
	if len(fix) > 0 {
		for i := range patch.Variants {
			patch.Variants[i].Fixes = fix
		}
	}
	return problems.Err()
}

// fixes lists the globs of the scenarios that the patches are to fix, sorted.
func (p *Plan) fixes() []string {
	var globs []string
	for _, patch := range p.patches {
		for _, v := range patch.Variants {
			globs = append(globs, v.Fixes...)
		}
	}
	slices.Sort(globs)
	return slices.Compact(globs)
}

// ShowLine returns the command that shows a cell of a patched row. It names the patches as
// the command line did if the row has all of them, since a series may say for each how many
// folders its names begin with. It is empty if no command can name the patches of the row.
func (p *Plan) ShowLine(row, scenario string) string {
	id := matrix.ParseRowID(row)
	strip, git := p.opts.Strip, []string{}
	if len(p.commits) == 0 && len(id.Patches) == len(p.patches) {
		id.Patches = slices.Clone(p.names)
	}
	for i, name := range id.Patches {
		by, alone := p.named[name]
		switch {
		case !alone: // as the command line has it
			id.Patches[i] = filepath.ToSlash(name)
			continue
		case by.commit:
			git = []string{"--git", p.opts.Git}
		case i > 0 && strip != by.strip:
			return ""
		}
		id.Patches[i], strip = filepath.ToSlash(by.path), by.strip
	}
	words := []string{"matrixrun", "show", id.String() + "/" + scenario}
	if !id.IsRelease() {
		git = p.opts.Origins.Words()
	}
	words = append(words, git...)
	if strip >= 0 {
		words = append(words, "-p", strconv.Itoa(strip))
	}
	if p.opts.Cache != "" {
		words = append(words, "--cache", p.opts.Cache)
	}
	return text.QuoteAll(append(words, p.suiteArg...))
}

// Publish writes the diffs of commits, the results and the table to the folder of
// Options.Out, if there is one. A line on log says what was written.
func (p *Plan) Publish(results *matrix.Results, table *matrix.Backports, log io.Writer) error {
	if p.opts.Out == "" {
		return nil
	}
	return output.Publish(p.opts.Out, output.Run{Documents: p.documents(results, table), Force: p.opts.Force}, log)
}

// documents are the diffs of commits and the documents that Files names.
func (p *Plan) documents(results *matrix.Results, table *matrix.Backports) []output.Document {
	var all []output.Document
	for _, patch := range p.commits {
		diff := patch.Variants[0].Diff
		all = append(all, output.Document{
			Name:  patch.Name + ".patch",
			Write: func(w io.Writer) error { _, err := w.Write(diff); return err },
			Own:   func(beginning []byte) bool { return bytes.HasPrefix(diff, beginning) }, // that of the same commit
		})
	}
	return append(all, reports(results, table)...)
}

// isBackports reports whether a file begins as BACKPORTS.md in all versions.
var isBackports = output.Begins(`# [^\n]*: patches for [^\n]*\n.*\bmatrixrun\b`)

// reports are the documents that do not depend on the patches.
func reports(results *matrix.Results, table *matrix.Backports) []output.Document {
	return []output.Document{output.Results(results), {
		Name:  "BACKPORTS.md",
		Write: func(w io.Writer) error { return report.BackportsMarkdown(w, table) },
		Own:   isBackports,
	}}
}

// Files returns the reports that Publish writes, for checking the folder before the
// patches are read.
func Files(force bool) output.Files { return output.Files{Documents: reports(nil, nil), Force: force} }
