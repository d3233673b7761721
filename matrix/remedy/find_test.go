package remedy_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/program"
	"github.com/matrixrun/matrixrun/matrix/remedy"
)

// listed returns a question about a program of which only a list of modules is known.
func listed(t *testing.T, rows []row, use matrix.Use) remedy.Question {
	t.Helper()
	q := remedy.Question{Program: &matrix.Program{Input: matrix.Input{Kind: matrix.InputList}}, Table: table(rows), Use: &use, Cwd: t.TempDir()}
	for _, id := range []string{use.Version + use.Fork, use.Module + "@" + use.Version} {
		if r := q.Table.Row(id); r != nil {
			q.Use.Advice = &r.Advice
		}
	}
	return q
}

// names returns the names of the fixes, with what they say of themselves.
func names(a *remedy.Answer) (all []string) {
	for _, f := range a.Fixes() {
		name := f.Name
		if f.Smallest {
			name += " smallest"
		}
		if f.Best {
			name += " best"
		}
		_, effect, _ := strings.Cut(f.Title, ": ")
		all = append(all, name+": "+effect)
	}
	return all
}

// TestReached checks that only probes count which the program may reach, and that all
// count if it reaches none.
func TestReached(t *testing.T) {
	unreached := func(names ...string) (reach []matrix.Reach) {
		for _, name := range names {
			reach = append(reach, matrix.Reach{Scenario: name, State: matrix.NotReached})
		}
		return reach
	}
	for name, test := range map[string]struct {
		reach []matrix.Reach
		want  []string
	}{
		"all":      {nil, []string{"v1.2.1 smallest: 2 of the 3 probes that leak still do", "v1.4.0 best: nothing leaks with it", "fork best: nothing leaks with it"}},
		"not a, b": {unreached("a", "b"), []string{"v1.2.1 smallest best: nothing leaks with it where the program goes", "fork best: nothing leaks with it"}},
		"not c":    {unreached("c"), []string{"v1.4.0 smallest best: nothing leaks with it", "fork best: nothing leaks with it"}},
		"not b":    {unreached("b"), []string{"v1.2.1 smallest: 1 of the 2 probes that leak still do", "v1.4.0 best: nothing leaks with it", "fork best: nothing leaks with it"}},
		"unknown":  {[]matrix.Reach{{Scenario: "a", State: matrix.ReachUnknown}, {Scenario: "b", State: matrix.Reached}}, []string{"v1.2.1 smallest: 2 of the 3 probes that leak still do", "v1.4.0 best: nothing leaks with it", "fork best: nothing leaks with it"}},
		"none":     {unreached("a", "b", "c"), []string{"v1.2.1 smallest: 2 of the 3 probes that leak still do", "v1.4.0 best: nothing leaks with it", "fork best: nothing leaks with it"}},
	} {
		q := listed(t, rows, matrix.Use{Module: lib, Required: "v1.0.0", Version: "v1.0.0", Reach: test.reach})
		q.GoMods = goMods
		if got := names(find(t, q, nil)); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// TestChosen checks which releases are remedies.
func TestChosen(t *testing.T) {
	use := matrix.Use{Module: lib, Required: "v1.0.0", Version: "v1.0.0"}
	forks := []row{
		{"v1.0.0", lib, "a b", ""}, {"v1.1.0", lib, "", ""}, {"example.com/other@v1.2.0", "", "", ""},
		{"example.com/fork@v1.0.0-mod.1", "", "a b", ""}, {"example.com/fork@v1.0.0-mod.1+mend", "", "", ""},
	}
	forkUse := matrix.Use{Module: "example.com/fork", Required: "v1.0.0-mod.1", Version: "v1.0.0-mod.1"}
	for name, test := range map[string]struct {
		rows []row
		use  matrix.Use
		want []string
	}{
		"clean":              {[]row{{"v1.0.0", lib, "", ""}, {"v1.1.0", lib, "", ""}}, use, nil},
		"nothing is better":  {[]row{{"v1.0.0", lib, "a", ""}, {"v1.1.0", lib, "a", ""}, {"v1.2.0", lib, "b", ""}}, use, nil},
		"unknown":            {[]row{{"v1.1.0", lib, "", ""}}, use, nil},
		"pre-releases":       {[]row{{"v1.0.0", lib, "a", ""}, {"v1.1.0-rc.1", lib, "", ""}}, use, nil},
		"earlier":            {[]row{{"v0.7.0", lib, "", ""}, {"v0.8.0", lib, "", ""}, {"v0.9.0", lib, "a", ""}, {"v1.0.0", lib, "a b", ""}, {"v1.1.0", lib, "a b", ""}}, use, []string{"v0.9.0 smallest: 1 of the 2 probes that leak still do", "v0.8.0 best: nothing leaks with it"}},
		"a patch release":    {[]row{{"v1.0.0", lib, "a b", ""}, {"v1.0.1", lib, "a", ""}, {"v1.0.2", lib, "a", ""}, {"v1.0.3", lib, "a b", ""}}, use, []string{"v1.0.2 smallest best: 1 of the 2 probes that leak still do"}},
		"it brings some":     {[]row{{"v1.0.0", lib, "a b", ""}, {"v1.1.0", lib, "c", ""}}, use, []string{"v1.1.0 smallest best: 0 of the 2 probes that leak still do, and c leaks as well"}},
		"major versions":     {[]row{{"v4.0.0", lib + "/v4", "a", ""}, {"v4.1.0", lib + "/v4", "", ""}, {"v5.0.0", lib + "/v5", "", ""}}, matrix.Use{Module: lib + "/v4", Required: "v4.0.0", Version: "v4.0.0"}, []string{"v4.1.0 smallest best: nothing leaks with it"}},
		"another major":      {[]row{{"v4.0.0", lib + "/v4", "a", ""}, {"v4.1.0", lib + "/v4", "a", ""}, {"v5.0.0", lib + "/v5", "", ""}}, matrix.Use{Module: lib + "/v4", Required: "v4.0.0", Version: "v4.0.0"}, []string{"v5.0.0 smallest best: nothing leaks with it"}},
		"a fork that leaks":  {[]row{{"v1.0.0", lib, "a b", ""}, {"v1.0.0+mend", lib, "a", ""}, {"v1.1.0", lib, "", ""}}, matrix.Use{Module: lib, Required: "v1.0.0", Fork: "v1.0.0+mend", Replaced: &matrix.Replacement{Path: "../fork"}}, []string{"v1.1.0 smallest best: nothing leaks with it"}},
		"a fork of somebody": {[]row{{"v1.0.0", lib, "a b", ""}, {"v1.1.0", lib, "", ""}}, matrix.Use{Module: "example.com/fork", Required: "v1.0.0", Version: "v1.0.0"}, nil},
		"versions of a fork": {append(forks, row{"example.com/fork@v1.1.0-mod.1", "", "a", ""}), forkUse, []string{"v1.1.0-mod.1 smallest best: 1 of the 2 probes that leak still do", "fork best: nothing leaks with it"}},
		"none of the fork":   {forks, forkUse, []string{"fork best: nothing leaks with it"}},
		"two forks":          {[]row{{"v1.0.0", lib, "a b", ""}, {"v1.0.0+a", lib, "a", ""}, {"v1.0.0+b", lib, "", ""}}, use, []string{"fork best: nothing leaks with it"}},
	} {
		if got := names(find(t, listed(t, test.rows, test.use), nil)); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// TestToolchain checks that a program which a further toolchain compiles is offered only what
// was measured with that one, if the toolchain decides.
func TestToolchain(t *testing.T) {
	const other = "@go1.24.99"
	base := []row{{"v1.0.0", lib, "", ""}, {"v1.0.0" + other, lib, "a b", ""}, {"v1.1.0", lib, "", ""}}
	for name, test := range map[string]struct {
		more []row
		want []string
	}{
		"not tried with it":     {nil, nil},
		"it leaks with it, too": {[]row{{"v1.1.0" + other, lib, "a b", ""}}, nil},
		"it leaks less with it": {[]row{{"v1.1.0" + other, lib, "a", ""}}, []string{"v1.1.0 smallest best: 1 of the 2 probes that leak still do"}},
		"it is clean with it":   {[]row{{"v1.1.0" + other, lib, "", ""}}, []string{"v1.1.0 smallest best: nothing leaks with it"}},
		"patches":               {[]row{{"v1.0.0+mend", lib, "", ""}, {"v1.0.0" + other + "+mend", lib, "", ""}}, []string{"fork best: nothing leaks with it"}},
	} {
		use := matrix.Use{Module: lib, Required: "v1.0.0", Version: "v1.0.0", Toolchain: "go1.24.99"}
		q := listed(t, append(slices.Clone(base), test.more...), use)
		advice := q.Table.Row("v1.0.0" + other).Advice
		advice.Row, advice.Version = "v1.0.0", "v1.0.0" // as check has it
		q.Use.Advice = &advice
		if got := names(find(t, q, nil)); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}

	// With the usual toolchain it is the release itself that counts, if its verdicts depend.
	q := listed(t, []row{{"v1.0.0", lib, "a", ""}, {"v1.0.0" + other, lib, "", ""}, {"v1.1.0", lib, "", ""}, {"v1.1.0" + other, lib, "a", ""}},
		matrix.Use{Module: lib, Required: "v1.0.0", Version: "v1.0.0", Toolchain: "go1.26.8"})
	q.Use.Advice = q.Table.Row("v1.0.0").AsBuilt
	if got, want := names(find(t, q, nil)), []string{"v1.1.0 smallest best: nothing leaks with it"}; !slices.Equal(got, want) {
		t.Errorf("the usual toolchain: got %q, want %q", got, want)
	}
}

// TestFurtherToolchain checks that rows of a newer toolchain do not make that of the others an
// old one.
func TestFurtherToolchain(t *testing.T) {
	q := listed(t, []row{{"v1.0.0", lib, "a", ""}, {"v1.1.0", lib, "", ""}, {"v1.1.0@go1.99.0", lib, "", ""}}, matrix.Use{Module: lib, Required: "v1.0.0", Version: "v1.0.0"})
	for _, fix := range find(t, q, nil).Fixes() {
		for _, need := range fix.Needs {
			if strings.Contains(need, "older Go") {
				t.Errorf("%s needs %q", fix.Name, need)
			}
		}
	}
}

// TestMajor checks that a remedy on another path names that path, and never the version
// of one path on another.
func TestMajor(t *testing.T) {
	rows := []row{{"v4.0.0", lib + "/v4", "a", ""}, {"v4.1.0", lib + "/v4", "a", ""}, {"v5.0.0", lib + "/v5", "", ""}}
	useProxy(t)
	dir := lay(t, "-- main.go --\npackage main\n\nimport _ \"example.com/lib/v4/sub\"\n\nfunc main() {}\n-- go.mod --\nmodule example.com/app\n\ngo 1.21\n\nrequire example.com/lib/v4 v4.0.0\n")
	t.Chdir(dir)
	p, err := program.Read(t.Context(), ".", program.Options{Target: []string{lib + "/v5", lib + "/v4"}, FilesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	q := listed(t, rows, matrix.Use{Module: lib + "/v4", Required: "v4.0.0", Version: "v4.0.0"})
	q.Program, q.Cwd = p, dir
	want := []string{`gofmt -w -r '"example.com/lib/v4/sub" -> "example.com/lib/v5/sub"' main.go`, "go get -t example.com/lib/v5@v5.0.0 ./...", "go mod tidy"}
	if got := find(t, q, nil).Fixes(); len(got) != 1 || !slices.Equal(got[0].Commands, want) {
		t.Errorf("got %+v, want %q", got, want)
	}
}

// TestForkName checks that a fork gets a folder of its own.
func TestForkName(t *testing.T) {
	useProxy(t)
	dir := lay(t, get+app+gomod)
	for _, want := range []string{"lib-patched", "lib-patched-2", "lib-patched-3"} {
		fixes := find(t, ask(t, dir, "."), nil).Fixes()
		if last := fixes[len(fixes)-1].Commands; !strings.HasSuffix(last[len(last)-1], "=./"+want) {
			t.Errorf("got %q, want %s", last, want)
		}
		if err := os.Mkdir(filepath.Join(dir, want), 0o777); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOtherLabel checks that the release which the code is equal to decides, and not the
// version that the program calls it, and that a copy by another path is patched where it is.
func TestOtherLabel(t *testing.T) {
	rows := []row{{"v1.0.0", lib, "a b", ""}, {"v1.0.0+mend", lib, "", ""}, {"v1.1.0", lib, "a", ""}, {"v1.2.0", lib, "", ""}}
	upgrade := []string{"v1.1.0 smallest: 1 of the 2 probes that leak still do", "v1.2.0 best: nothing leaks with it", "fork best: nothing leaks with it"}
	fork := "matrixrun fork v1.0.0 --patch mend -o lib-patched"
	for name, test := range map[string]struct {
		use  matrix.Use
		want []string
		fork string
	}{
		"folder":        {matrix.Use{Module: lib, Required: "v1.2.0", Version: "v1.0.0", Replaced: &matrix.Replacement{Path: "../lib"}}, upgrade, fork},
		"other module":  {matrix.Use{Module: lib, Required: "v1.2.0", Version: "v1.0.0", Replaced: &matrix.Replacement{Path: "example.com/other", Version: "v9.0.0"}}, upgrade, fork},
		"vendor folder": {matrix.Use{Module: lib, Required: "v1.2.0", Version: "v1.0.0"}, upgrade, fork},
		"other path": {matrix.Use{Module: "example.com/copy", Required: "v9.0.0", Version: "v1.0.0", Likeness: new(matrix.Likeness)},
			[]string{"fork best: nothing leaks with it"}, "matrixrun fork --module example.com/copy@v9.0.0 --patch mend -o example.com-copy-patched"},
		"folder of another module": {matrix.Use{Module: "example.com/copy", Required: "v9.0.0", Version: "v1.0.0", Likeness: &matrix.Likeness{Dir: "lib"}}, nil, ""},
	} {
		fixes := find(t, listed(t, rows, test.use), nil)
		if got := names(fixes); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
			continue
		}
		if n := len(test.want); n > 0 && fixes.Fixes()[n-1].Commands[0] != test.fork {
			t.Errorf("%s: got %q, want %q", name, fixes.Fixes()[n-1].Commands, test.fork)
		}
	}
}

// TestMainModule checks that a checkout of the target gets no remedy: no go command puts
// anything in its place.
func TestMainModule(t *testing.T) {
	q := listed(t, []row{{"v1.0.0", lib, "a", ""}, {"v1.1.0", lib, "", ""}}, matrix.Use{Module: lib, Version: "v1.0.0"})
	q.Program.Modules = []matrix.BuiltModule{{Path: lib, Main: true}}
	if got := names(find(t, q, nil)); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

// TestCachedParents checks that releases of the module that brings the target are found which
// only the module cache has, with --try too, unless the newest one retracts them.
func TestCachedParents(t *testing.T) {
	const name = "example.com/parent@v1.5.0"
	check := func(t *testing.T, retract bool) {
		t.Helper()
		useProxy(t)
		q := ask(t, lay(t, "get example.com/parent@v1.0.0\nmod tidy\n"+user+gomod), ".")
		dir := filepath.Join(os.Getenv("GOMODCACHE"), "cache", "download", "example.com", "parent", "@v")
		mods := map[string]string{"v1.5.0": "module example.com/parent\n\ngo 1.21\n\nrequire example.com/lib v1.4.0\n"}
		if retract {
			mods["v1.6.0"] = "module example.com/parent\n\ngo 1.21\n\nretract [v1.4.9, v1.5.0] // wrong\n"
		}
		for version, data := range mods {
			if err := os.WriteFile(filepath.Join(dir, version+".mod"), []byte(data), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, trier := range []*remedy.Trier{nil, newTrier(t)} {
			fixes := find(t, q, trier).Fixes()
			if got := slices.ContainsFunc(fixes, func(f matrix.Fix) bool { return f.Name == name }); got == retract {
				t.Errorf("retracted %v, tried %v: got %+v", retract, trier != nil, fixes)
			}
		}
	}
	t.Run("kept", func(t *testing.T) { check(t, false) })
	t.Run("retracted", func(t *testing.T) { check(t, true) })
}
