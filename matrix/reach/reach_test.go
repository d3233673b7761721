package reach

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/matrixrun/matrixrun/matrix"
)

// lay writes the files of an archive below testdata, or of one given as text, and
// returns the folder.
func lay(t *testing.T, archive string) string {
	t.Helper()
	data := []byte(archive)
	if !strings.Contains(archive, "\n") {
		var err error
		if data, err = os.ReadFile(filepath.Join("testdata", archive)); err != nil {
			t.Fatal(err)
		}
	}
	// The go command names files without links, and so does the answer.
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(data).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// target is the module that the programs of these tests use.
const target = "example.com/lib"

// question asks for a scenario for each list of needs, such as "Dial + Conn.A|Conn.B".
func question(dir string, scenarios ...string) Question {
	q := Question{Dir: dir, Env: []string{"GOFLAGS=", "GOWORK=off"}, Targets: []string{target}}
	for _, s := range scenarios {
		scenario := matrix.Scenario{Name: s}
		for _, need := range strings.Split(s, " + ") {
			scenario.Needs = append(scenario.Needs, strings.Split(need, "|"))
		}
		q.Scenarios = append(q.Scenarios, scenario)
	}
	return q
}

// ask answers a question, and returns the reach of each scenario.
func ask(t *testing.T, q Question) (*Answer, map[string]matrix.Reach) {
	t.Helper()
	a, err := Find(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]matrix.Reach{}
	for _, r := range a.Reach[target] {
		all[r.Scenario] = r
	}
	if len(all) != len(q.Scenarios) {
		t.Fatalf("%d answers for %d scenarios", len(all), len(q.Scenarios))
	}
	return a, all
}

// short writes what was found out about a scenario in one line, with the source of each
// call. Files of the program are below app, those of a module in a folder of its name.
func short(t *testing.T, dir string, r matrix.Reach) string {
	line := string(r.State)
	for _, c := range r.Calls {
		name, local := strings.CutPrefix(c.Position.File, "example.com/")
		if !local {
			name = "app/" + name
		}
		line += " " + c.API + " by `" + source(t, filepath.Join(dir, name), c.Position.Line) + "`"
	}
	if len(r.Missing) > 0 {
		line += " missing " + strings.Join(r.Missing, "; ")
	}
	if r.Why != "" {
		line += ": " + r.Why
	}
	return line
}

// source returns a line of a file.
func source(t *testing.T, file string, line int) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return fmt.Sprintf("no line %d", line)
	}
	return strings.TrimSpace(lines[line-1])
}

// ways has each way to call a method, as the scenario of that method, with the line.
var ways = map[string]string{
	"Conn.Static":            "reached Conn.Static by `c.Static()`",
	"Conn.Deferred":          "reached Conn.Deferred by `defer c.Deferred()`",
	"Conn.Started":           "reached Conn.Started by `go c.Started()`",
	"Conn.InClosure":         "reached Conn.InClosure by `func() { c.InClosure() }()`",
	"Conn.ByInterface":       "reached Conn.ByInterface by `i.ByInterface()`",
	"Conn.ByNamedInterface":  "reached Conn.ByNamedInterface by `func Do(c Caller) { c.ByNamedInterface() }`",
	"Conn.Callback":          "reached Conn.Callback by `plain.Each(c.Callback)`",
	"Conn.Expression":        "reached Conn.Expression by `f(c)`",
	"Conn.Promoted":          "reached Conn.Promoted by `wrapper{c}.Promoted()`",
	"Conn.PromotedInterface": "reached Conn.PromotedInterface by `p.PromotedInterface()`",
	"Conn.Generic":           "reached Conn.Generic by `func (h holder[T]) call() { h.value.Generic() }`",
	"Conn.GenericMethod":     "reached Conn.GenericMethod by `func generic[T interface{ GenericMethod() }](v T) { v.GenericMethod() }`",
	"Conn.ByDependency":      "reached Conn.ByDependency by `func use(c *lib.Conn) { c.ByDependency() }`",
	"Conn.InTable":           "reached Conn.InTable by `var calls = table{\"in\": func(c *lib.Conn) { c.InTable() }}`",
	"Conn.InInit":            "reached Conn.InInit by `func init() { lib.DialEarly().InInit() }`",
	"Conn.Finalized":         "reached Conn.Finalized by `runtime.SetFinalizer(c, (*lib.Conn).Finalized)`",
	"Conn.Stored":            "reached Conn.Stored by `v.Load().(storer).Stored()`",
	"Conn.Ranged":            "reached Conn.Ranged by `return func(yield func() bool) { c.Ranged(); yield() }`",
	"Session.Next":           "reached Session.Next by `lib.NewSession().Next()`",
	"sub.Ping":               "reached sub.Ping by `sub.Ping()`",
	"DialEarly":              "reached DialEarly by `func init() { lib.DialEarly().InInit() }`",

	"Conn.Dead":          "not-reached missing Conn.Dead",
	"Conn.DeadInterface": "not-reached missing Conn.DeadInterface",
	"Conn.NamedNowhere":  "not-reached missing Conn.NamedNowhere",
	"Conn.OtherType":     "not-reached missing Conn.OtherType",
	"Conn.Gone":          "unknown: example.com/lib, as it is built here, has no Conn.Gone, which the scenario needs",

	"Gone|Conn.Static":                            "reached Conn.Static by `c.Static()`",
	"Dial + Conn.Static|Conn.Deferred":            "reached Dial by `c := lib.Dial()` Conn.Static by `c.Static()`",
	"Dial + Gone|Conn.Dead|Conn.DeadInterface":    "not-reached Dial by `c := lib.Dial()` missing Conn.Dead or Conn.DeadInterface",
	"Dial + Gone|Conn.OtherType + Conn.Static":    "not-reached Dial by `c := lib.Dial()` Conn.Static by `c.Static()` missing Conn.OtherType",
	"Dial + Gone|Conn.NamedNowhere + Conn.Static": "not-reached missing Conn.NamedNowhere",
}

// TestWays calls methods in every way that Go has, without and with the vendored copies
// of the modules.
func TestWays(t *testing.T) {
	dir := lay(t, "ways.txtar")
	var scenarios []string
	for s := range ways {
		scenarios = append(scenarios, s)
	}
	slices.Sort(scenarios)
	a, got := ask(t, question(filepath.Join(dir, "app"), scenarios...))
	for s, want := range ways {
		if diff := cmp.Diff(want, short(t, dir, got[s])); diff != "" {
			t.Errorf("%s: -want +got:\n%s", s, diff)
		}
	}
	if a.Scope.Mains != 1 || a.Scope.Libraries != 0 || a.Scope.Packages < 10 || a.Scope.Unknown != "" || !strings.Contains(a.Scope.Platform, "/") {
		t.Errorf("looked at %+v", a.Scope)
	}
	call := got["Conn.ByDependency"].Calls[0]
	if diff := cmp.Diff([]string{"example.com/app.main", "example.com/dep.Use", "example.com/dep.use"}, call.Path); diff != "" || call.From != "example.com/dep.use" {
		t.Errorf("called from %s, path -want +got:\n%s", call.From, diff)
	}
}

// base has the target and a program that imports it, for tests to add files to.
const base = `
-- lib/go.mod --
module example.com/lib
go 1.21
-- lib/lib.go --
package lib

type Conn struct{}

func Dial() *Conn { return &Conn{} }

func (*Conn) Close() {}
func (*Conn) Abort() {}
-- app/go.mod --
module example.com/app
go 1.21
require example.com/lib v0.0.0
replace example.com/lib => ../lib
`

// far are two packages that do not import the target, of which one executes templates.
const far = `
-- app/keep/keep.go --
// Package keep does not import the target.
package keep

import "example.com/app/render"

func Show(file string, value any) { render.Page(file, value) }

func Wrap[T any](file string, value T) { Show(file, value) }
-- app/render/render.go --
package render

import (
	"os"
	"text/template"
)

func Page(file string, data any) { template.Must(template.ParseFiles(file)).Execute(os.Stdout, data) }
`

// programs are programs with something special, and what their scenarios reach.
var programs = []struct {
	name  string
	files string
	want  map[string]string
}{
	{"never imported", "-- app/main.go --\npackage main\nfunc main() {}\n", map[string]string{
		"Conn.Abort": "not-reached missing Conn.Abort: no package of the program imports example.com/lib"}},
	{"imported by tests alone", "-- app/main.go --\npackage main\nfunc main() {}\n-- app/main_test.go --\npackage main\nimport \"example.com/lib\"\nvar _ = lib.Dial\n", map[string]string{
		"Dial": "not-reached missing Dial: no package of the program imports example.com/lib"}},
	{"method by name", `
-- app/main.go --
package main

import (
	"os"
	"reflect"

	"example.com/lib"
)

func main() {
	c := lib.Dial()
	reflect.ValueOf(c).MethodByName(os.Args[1]).Call(nil)
	c.Close()
}
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: main.go:12 looks up methods through reflection",
		"Conn.Close": "reached Conn.Close by `c.Close()`"}},
	{"a template", `
-- app/main.go --
package main

import (
	"os"
	"text/template"

	"example.com/lib"
)

func main() {
	template.Must(template.New("").Parse("{{.Abort}}")).Execute(os.Stdout, lib.Dial())
}

func dead(c *lib.Conn) { c.Close(); c.Abort() }
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: text/template/exec.go looks up methods through reflection, and example.com/app.main has the name of one as text",
		"Conn.Close": "unknown missing Conn.Close: main.go:10 puts a value of type *lib.Conn into an interface, and text/template, which calls methods by name, may get it"}},
	{"a template from elsewhere", `
-- app/main.go --
package main

import (
	"html/template"
	"os"

	"example.com/lib"
)

type page struct{ Peer *lib.Conn }

func main() {
	template.Must(template.ParseFiles(os.Args[1])).Execute(os.Stdout, page{lib.Dial()})
}
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: main.go:12 puts a value of type main.page into an interface, and text/template, which calls methods by name, may get it"}},
	{"a template that gives arguments", `
-- app/main.go --
package main

import (
	"html/template"
	"os"

	"example.com/lib"
)

type peers map[string]*lib.Conn

func (p peers) Peer(name string, n ...int) (*lib.Conn, error) { return p[name], nil }

func main() {
	template.Must(template.ParseFiles(os.Args[1])).Execute(os.Stdout, struct{ Find func(name any) func(bool) peers }{})
	lib.Dial()
}
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: main.go:14 puts a value of type struct{Find func(name any) func(bool) main.peers} into an interface, and text/template, which calls methods by name, may get it"}},
	{"a template that has no such arguments", `
-- app/main.go --
package main

import (
	"html/template"
	"os"

	"example.com/lib"
)

type dialer struct{ at *os.File }

func (d dialer) Dial(to *os.File) *lib.Conn { return lib.Dial() }

func main() {
	template.Must(template.ParseFiles(os.Args[1])).Execute(os.Stdout, dialer{})
	lib.Dial()
}
`, map[string]string{"Conn.Abort": "not-reached missing Conn.Abort"}},
	{"a template of another module", `
-- app/main.go --
package main

import (
	"os"

	"example.com/app/render"
	"example.com/lib"
)

func main() { render.Show(os.Args[1], map[string]any{"peer": lib.Dial()}) }
-- app/render/render.go --
package render

import (
	"html/template"
	"os"
)

func Show(file string, data any) { template.Must(template.ParseFiles(file)).Execute(os.Stdout, data) }
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: main.go:10 puts a value of type *lib.Conn into an interface, and text/template, which calls methods by name, may get it"}},
	{"an interpreter of scripts", `
-- app/go.mod --
module example.com/app
go 1.21
require example.com/lib v0.0.0
require example.com/script v0.0.0
replace example.com/lib => ../lib
replace example.com/script => ../script
-- script/go.mod --
module example.com/script
go 1.21
-- script/script.go --
package script

import "reflect"

func Run(text string, self any) { reflect.ValueOf(self).MethodByName(text).Call(nil) }
-- app/main.go --
package main

import (
	"os"

	"example.com/lib"
	"example.com/script"
)

func main() { script.Run(os.Args[1], lib.Dial()) }
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: main.go:10 puts a value of type *lib.Conn into an interface, and example.com/script, which calls methods by name, may get it"}},
	{"methods for RPC clients", `
-- app/main.go --
package main

import (
	"net/rpc"

	"example.com/lib"
)

func main() { rpc.Register(lib.Dial()) }
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: main.go:9 puts a value of type *lib.Conn into an interface, and net/rpc, which calls methods by name, may get it"}},
	{"a template behind two packages", `
-- app/main.go --
package main

import (
	"os"

	"example.com/app/peer"
)

func main() { peer.Run(os.Args[1]) }
-- app/peer/peer.go --
package peer

import (
	"example.com/app/keep"
	"example.com/lib"
)

func Run(file string) { keep.Show(file, lib.Dial()) }
` + far, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: peer/peer.go:8 puts a value of type *lib.Conn into an interface, and text/template, which calls methods by name, may get it"}},
	{"a template behind a generic function", `
-- app/main.go --
package main

import (
	"os"

	"example.com/app/keep"
	"example.com/lib"
)

func main() { keep.Wrap(os.Args[1], lib.Dial()) }
` + far, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: keep/keep.go:8 puts a value of type *lib.Conn into an interface, and text/template, which calls methods by name, may get it"}},
	{"a template, and a value in a context", `
-- app/main.go --
package main

import (
	"context"
	"os"

	"example.com/app/keep"
	"example.com/lib"
)

type key struct{}

func main() {
	ctx := context.WithValue(context.Background(), key{}, lib.Dial())
	if v := ctx.Value(key{}); v != nil {
		v.(*lib.Conn).Close()
	}
	keep.Show(os.Args[1], ctx)
}
` + far, map[string]string{
		"Conn.Abort": "not-reached missing Conn.Abort"}},
	{"a template of a value in a context", `
-- app/main.go --
package main

import (
	"context"
	"os"

	"example.com/app/keep"
	"example.com/lib"
)

type key struct{}

func main() {
	ctx := context.WithValue(context.Background(), key{}, lib.Dial())
	keep.Show(os.Args[1], ctx.Value(key{}))
}
` + far, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: main.go:13 puts a value of type *lib.Conn into an interface, and text/template, which calls methods by name, may get it"}},
	{"a template without values of the target", `
-- app/main.go --
package main

import (
	"os"
	"text/template"

	"example.com/lib"
)

type page struct{ peer *lib.Conn }

func main() {
	template.Must(template.ParseFiles(os.Args[1])).Execute(os.Stdout, page{lib.Dial()})
}
`, map[string]string{
		"Conn.Abort": "not-reached missing Conn.Abort"}},
	{"methods by number", `
-- app/main.go --
package main

import "reflect"

func value(v any) reflect.Value { return reflect.ValueOf(v) }
-- app/use.go --
//go:build go1.26

package main

import "example.com/lib"

func main() {
	for _, method := range value(lib.Dial()).Methods() {
		method.Call(nil)
	}
}
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: use.go:8 looks up methods through reflection"}},
	{"a method by name, of a value from another file", `
-- app/main.go --
package main

import "reflect"

func value(v any) reflect.Value { return reflect.ValueOf(v) }
-- app/use.go --
package main

import (
	"os"

	"example.com/lib"
)

func main() { value(lib.Dial()).MethodByName(os.Args[1]).Call(nil) }
`, map[string]string{
		"Conn.Abort": "unknown missing Conn.Abort: use.go:9 looks up methods through reflection"}},
	{"made for a program that opens it as a plugin", `
-- app/main.go --
package main

import "example.com/lib"

func Run() { lib.Dial().Abort() }
`, map[string]string{
		"Conn.Abort": "reached Conn.Abort by `func Run() { lib.Dial().Abort() }`",
		"Conn.Close": "not-reached missing Conn.Close"}},
	{"a plugin", `
-- app/main.go --
package main

import (
	"plugin"

	"example.com/lib"
)

func main() { lib.Dial(); plugin.Open("x.so") }
func dead(c *lib.Conn) { c.Close() }
`, map[string]string{
		"Dial":       "reached Dial by `func main() { lib.Dial(); plugin.Open(\"x.so\") }`",
		"Conn.Close": "unknown missing Conn.Close: main.go:9 opens a plugin, whose code was not looked at"}},
	{"linkname", `
-- app/a.s --
-- app/main.go --
package main

import (
	_ "unsafe"

	_ "example.com/lib"
)

//go:linkname dial example.com/lib.Dial
func dial()

func main() { dial() }
`, map[string]string{
		"Dial":       "unknown missing Dial: main.go:9 links to example.com/lib.Dial",
		"Conn.Close": "not-reached missing Conn.Close"}},
	{"assembly", `
-- app/a_amd64.s --
TEXT ·run(SB),$0-0
	CALL ·callback(SB)
	RET
-- app/a_arm64.s --
TEXT ·run(SB),$0-0
	CALL ·callback(SB)
	RET
-- app/main.go --
package main

import "example.com/lib"

func run()

func callback() { lib.Dial() }

func dead() { lib.Dial().Close() }

func main() { run() }
`, map[string]string{
		"Dial":       "reached Dial by `func callback() { lib.Dial() }`",
		"Conn.Close": "not-reached missing Conn.Close"}},
	{"build tags", `
-- app/main.go --
package main

import "example.com/lib"

func main() { lib.Dial() }
func dead() { lib.Dial().Close() }
-- app/other.go --
//go:build other
package main

func init() { dead() }
`, map[string]string{"Conn.Close": "not-reached missing Conn.Close"}},
	{"does not compile", "-- app/main.go --\npackage main\nimport \"example.com/lib\"\nfunc main() { lib.Dial(1) }\n", map[string]string{
		"Dial": "unknown: the program's packages do not load: main.go:3:24: too many arguments in call to lib.Dial have (number) want ()"}},
	{"does not parse", "-- app/main.go --\npackage main\nimport \"example.com/lib\"\nfunc main() { lib.Dial( }\n", map[string]string{
		"Dial": "unknown: the program's packages do not load: main.go:3:25: expected operand, found '}'"}},
	{"imports what is not there", "-- app/main.go --\npackage main\nimport \"example.com/gone\"\nfunc main() { gone.Dial() }\n", map[string]string{
		"Dial": "unknown: the program's packages do not load: main.go:2:8: no required module provides package example.com/gone; to add it: go get example.com/gone"}},
	{"no package", "", map[string]string{"Dial": "unknown: the program has no Go packages"}},
}

// TestPrograms asks about each special program.
func TestPrograms(t *testing.T) {
	for _, test := range programs {
		t.Run(test.name, func(t *testing.T) {
			dir := lay(t, base+test.files)
			q := question(filepath.Join(dir, "app"), slices.Sorted(maps.Keys(test.want))...)
			_, got := ask(t, q)
			for s, want := range test.want {
				is := regexp.MustCompile(`exec.go:\d+`).ReplaceAllString(short(t, dir, got[s]), "exec.go")
				if diff := cmp.Diff(want, is); diff != "" {
					t.Errorf("%s: -want +got:\n%s", s, diff)
				}
			}
		})
	}
}
