package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A listed is a module in the output of go list -m -json, see go help list.
type listed struct {
	Path      string
	Version   string
	Replace   *listed
	Main      bool
	Indirect  bool
	Dir       string
	GoMod     string
	GoVersion string
	Sum       string
	Error     *struct{ Err string }

	line    int      // of its start
	parents []string // see setParents
}

// parseList parses the output of go list -m -json: one JSON object after another.
func parseList(data []byte) (all []listed, problems matrix.Problems) {
	d := json.NewDecoder(bytes.NewReader(data))
	for line, at := 1, int64(0); ; {
		start := d.InputOffset()
		start += int64(len(data[start:]) - len(bytes.TrimLeft(data[start:], " \t\r\n")))
		line += bytes.Count(data[at:start], []byte("\n"))
		at = start
		var m listed
		err := d.Decode(&m)
		switch {
		case errors.Is(err, io.EOF):
			return all, problems
		case errors.Is(err, io.ErrUnexpectedEOF):
			problems.Add("", line, "the object that starts here is torn: the text ends in it")
			return all, problems
		case err != nil:
			problems.Add("", line, "it is not the output of go list -m -json: %v", err)
			return all, problems
		}
		m.line = line
		all = append(all, m)
	}
}

// parsePlain parses the output of go list -m all: the path of a main module, or the path
// and version of another one, and what replaces it.
func parsePlain(data []byte) (all []listed, problems matrix.Problems) {
	for i, line := range lines(data) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(problems) >= maxMistakes {
			return all, problems
		}
		mod, replace, ok := moduleWords(f)
		if !ok {
			problems.Add("", i+1, "%q is not a line of go list -m all: want a path, a version, and what replaces it", line)
			continue
		}
		m := listed{Path: mod.Path, Version: mod.Version, Main: mod.Version == "", line: i + 1}
		if replace.Path != "" {
			m.Replace = &listed{Path: replace.Path, Version: replace.Version}
		}
		all = append(all, m)
	}
	return all, problems
}

// check adds what is wrong with a module of a list.
func (m *listed) check(problems *matrix.Problems) {
	switch {
	case m.Path == "":
		problems.Add("", m.line, "it is not a module of go list -m -json: it has no Path")
	case module.CheckImportPath(m.Path) != nil:
		problems.Add("", m.line, "%q is not a module path", m.Path)
	case m.Version != "" && !semver.IsValid(m.Version):
		problems.Add("", m.line, "%q is not a version", m.Version)
	case m.Replace != nil && m.Replace.Path == "":
		problems.Add("", m.line, "it is replaced by nothing")
	case m.Replace != nil && m.Replace.Version != "" && !semver.IsValid(m.Replace.Version):
		problems.Add("", m.line, "%q is not a version", m.Replace.Version)
	}
}

// idle reports whether no package of a module can be built, in a list with checksums: the
// go command then refuses to read its code.
func (m *listed) idle() bool {
	return !m.Main && m.Version != "" && m.Replace == nil && m.Sum == ""
}

// built returns the module as a part of a program.
func (m *listed) built() matrix.BuiltModule {
	b := matrix.BuiltModule{
		Path: m.Path, Version: m.Version, Main: m.Main, Indirect: m.Indirect, Go: m.GoVersion, Sum: m.Sum, Dir: m.Dir, Parents: m.parents,
	}
	if r := m.Replace; r != nil {
		b.Replaced = &matrix.Replacement{Path: r.Path, Version: r.Version}
		b.Dir = r.Dir
		if b.Go == "" {
			b.Go = r.GoVersion
		}
	}
	switch {
	case m.Error != nil:
		b.Missing = m.Error.Err
	case b.Dir == "" && m.Main:
		b.Missing = "the list does not say where its code is"
	case b.Dir == "" && m.Replace != nil && m.Replace.Version == "":
		b.Missing = "the folder that replaces it is not there"
	}
	return b
}

// readList reads the output of go list that the user made.
func (in *input) readList(ctx context.Context, o Options) (*matrix.Program, error) {
	parse := parseList
	if isPlainList(in.data) {
		parse = parsePlain
	}
	all, problems := parse(in.data)
	p := &matrix.Program{Input: matrix.Input{Name: in.name, Kind: in.kind, Resolved: true}}
	if len(all) > maxLines {
		problems = matrix.Problems{{Text: tooMany(len(all), "modules")}}
		all = nil
	}
	summed, idle := slices.ContainsFunc(all, func(m listed) bool { return m.Sum != "" }), 0
	for i := range all {
		m := &all[i]
		m.check(&problems)
		if len(problems) >= maxMistakes {
			break
		}
		if summed && m.idle() {
			idle++
			continue
		}
		m.trust()
		b := m.built()
		b.Where = in.position(m.line)
		if b.Replaced != nil {
			b.Replaced.Where = b.Where
		}
		p.Modules = append(p.Modules, b)
	}
	if idle > 0 {
		p.Input.Note = fmt.Sprintf("%s of the list %s left out: without a checksum of the code in go.sum, the go command builds no package of a module",
			text.Count(idle, "module"), map[bool]string{true: "is", false: "are"}[idle == 1])
	}
	slices.SortStableFunc(problems, func(x, y matrix.Problem) int { return x.Line - y.Line })
	p.Partial = incomplete(p.Modules)
	if err := placed(problems, in.label()); err != nil {
		return nil, err
	}
	if err := locateAndSort(ctx, o, p); err != nil || p.Partial != "" {
		return p, err
	}
	var err error
	p.Partial, err = followImports(ctx, p, toolsOf(p))
	return p, err
}

// toolsOf returns the packages that the go.mod files of the main modules name as tools.
func toolsOf(p *matrix.Program) (paths []string) {
	for i := range p.Modules {
		m := &p.Modules[i]
		if !m.Main || m.Dir == "" {
			continue
		}
		data, err := readFile(filepath.Join(m.Dir, "go.mod"))
		if err != nil {
			continue // the folder has no module that the go command could list
		}
		if file, err := modfile.Parse("go.mod", data, nil); err == nil {
			for _, t := range file.Tool {
				paths = append(paths, t.Path)
			}
		}
	}
	return paths
}

// incomplete returns why a list is not that of a build; empty if there is no sign of it.
func incomplete(listed []matrix.BuiltModule) string {
	main := false
	for i := range listed {
		m := &listed[i]
		if main = main || m.Main; !m.Main || m.Dir == "" {
			continue
		}
		file, err := readGoMod(filepath.Join(m.Dir, "go.mod"))
		if err != nil {
			continue
		}
		for _, r := range file.Require {
			if !slices.ContainsFunc(listed, func(l matrix.BuiltModule) bool { return l.Path == r.Mod.Path }) {
				return fmt.Sprintf("the list does not have %s, which the go.mod of %s requires: `go list -m -json all` lists all that are built", r.Mod.Path, m.Path)
			}
		}
	}
	if !main {
		return "the list has no main module: `go list -m -json all` lists all that are built"
	}
	return ""
}

// trust removes the folders of a module in which there is no such module: a list may be
// from another machine.
func (m *listed) trust() {
	for _, l := range []*listed{m, m.Replace} {
		if l == nil {
			continue
		}
		data, err := readFile(filepath.Join(l.Dir, "go.mod"))
		if err != nil || !filepath.IsAbs(l.Dir) || m.Main && modfile.ModulePath(data) != m.Path {
			l.Dir = ""
		}
	}
}
