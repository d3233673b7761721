package recognise

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/program"
)

// A pasted is a case of texts.txtar, which the page is tested with too.
type pasted struct {
	files map[string]string // without want
	want  []string
}

// readTexts returns the cases, and the lists of module versions: path and version.
func readTexts(t *testing.T) (cases map[string]*pasted, lists map[string][][]string) {
	t.Helper()
	archive, err := txtar.ParseFile("../../../../matrix/report/page/testdata/texts.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cases, lists = make(map[string]*pasted), make(map[string][][]string)
	for _, f := range archive.Files {
		data := string(f.Data)
		lines := strings.FieldsFunc(data, func(r rune) bool { return r == '\n' })
		name, file, ok := strings.Cut(f.Name, "/")
		if !ok {
			for _, line := range lines {
				lists[name] = append(lists[name], strings.Fields(line))
			}
			continue
		}
		if cases[name] == nil {
			cases[name] = &pasted{files: make(map[string]string)}
		}
		if cases[name].files[file] = data; file == "want" {
			cases[name].want = lines
			delete(cases[name].files, file)
		}
	}
	return cases, lists
}

// TestTexts checks what the command says of a build that it knows a text of, and no code:
// the same as the page. It never says that nothing of the target is built.
func TestTexts(t *testing.T) {
	cases, lists := readTexts(t)
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOWORK", "")
	t.Setenv("GOFLAGS", "")
	s := &Sources{
		Results: &matrix.Results{Suite: "fake", Target: lib, Scenarios: []matrix.Scenario{{Name: "probe", Kind: matrix.KindProbe}}},
		Suite:   func() (*matrix.Spec, error) { return new(matrix.Spec), nil },
	}
	for _, r := range lists["releases"] {
		s.row(r[1], matrix.VerdictClean)
		s.Results.Rows[len(s.Results.Rows)-1].Source.Module = r[0]
	}
	for _, u := range lists["unaffected"] {
		s.Results.Unaffected = append(s.Results.Unaffected, matrix.UnaffectedRelease{Module: u[0], Version: u[1], Why: "it has no method A"})
	}
	s.Forks = func(string) (*matrix.Results, error) {
		forks := &matrix.Results{Target: lib, Scenarios: s.Results.Scenarios}
		for _, f := range lists["forks"] {
			forks.Rows = append(forks.Rows, matrix.RowResult{ID: f[0] + "@" + f[1], Source: matrix.SourceResult{Kind: matrix.SourceModule, Module: f[0], Version: f[1]}, State: matrix.StateOK})
		}
		return forks, nil
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := s.answers(t, c)
			if len(c.files) > 1 {
				for i, line := range got {
					at, answer, _ := strings.Cut(line, " ")
					at, _, _ = strings.Cut(at, ":")
					got[i] = strings.TrimSpace(at + " " + answer)
				}
			}
			want := slices.Sorted(slices.Values(c.want))
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// answers returns what the command says of a text, in the words of texts.txtar, sorted.
func (s *Sources) answers(t *testing.T, c *pasted) (lines []string) {
	t.Helper()
	o := program.Options{Target: s.Target().Paths(), PathOf: func(v string) string { path, _ := s.PathOf(v); return path }, FilesOnly: true, Offline: true}
	name := "-"
	if data, ok := c.files["text"]; ok {
		o.Stdin = strings.NewReader(data)
	} else if data, ok := c.files["name"]; ok {
		name = strings.TrimSpace(data)
	} else {
		name = write(t, c.files)
	}
	p, err := program.Read(t.Context(), name, o)
	if err != nil {
		return []string{"refused"}
	}
	uses, unseen, err := s.Uses(t.Context(), p, new(Seen))
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range uses {
		answer := "unknown"
		if row := s.Row(&u); u.Unknown == "" && row != nil {
			answer = "row " + row.ID
		} else if u.Unknown == "" && s.Unaffected(u.Version) != "" {
			answer = "unaffected"
		}
		lines = append(lines, fmt.Sprintf("%s:%d %s", u.Module, u.Position.Line, answer))
	}
	for i := range p.Modules {
		m := &p.Modules[i]
		built, version := m.Built()
		alike := slices.ContainsFunc([]string{m.Path, built}, func(p string) bool { return path.Base(strings.TrimSuffix(p, "/v2")) == path.Base(lib) })
		if alike && slices.ContainsFunc(unseen, func(u matrix.Unseen) bool { return u.Module == built && u.Version == version }) {
			lines = append(lines, fmt.Sprintf("%s:%d maybe", m.Path, m.Where.Line))
		}
	}
	if p.Partial != "" && p.Input.Kind != matrix.InputVendor { // a modules.txt is always partial
		lines = append(lines, "partial")
	}
	if len(uses) == 0 && len(unseen) == 0 && p.Partial == "" {
		t.Error("this is an all-clear, which a text alone cannot be")
	}
	slices.Sort(lines)
	return lines
}
