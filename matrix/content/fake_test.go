package content

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// target is a library that has moved.
var target = matrix.Target{Module: "example.com/lib", Former: []matrix.Former{{Module: "example.com/old/lib"}}}

// files are contents by path.
type files modtest.Files

// with returns the files with some of them replaced, or removed if the content is empty.
func (f files) with(pairs ...string) files {
	f = maps.Clone(f)
	for i := 0; i < len(pairs); i += 2 {
		if f[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(f, pairs[i])
		}
	}
	return f
}

// in returns the files in a folder.
func (f files) in(dir string) files {
	moved := files{}
	for name, data := range f {
		moved[dir+"/"+name] = data
	}
	return moved
}

// replace returns the files with texts replaced, as by strings.NewReplacer.
func (f files) replace(pairs ...string) files {
	changed := files{}
	for name, data := range f {
		changed[name] = strings.NewReplacer(pairs...).Replace(data)
	}
	return changed
}

// fs returns the files as a file system.
func (f files) fs() fstest.MapFS {
	m := fstest.MapFS{}
	for name, data := range f {
		m[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return m
}

// function returns a function that is long enough to be compared. Another seed gives
// another function of the same name.
func function(name string, seed int) string {
	return fmt.Sprintf(`
func %s(a, b int) int {
	// Count down.
	for i := 0; i < %d; i++ {
		if a > b+i {
			a -= b * i
		} else {
			b -= a / (i + 1)
		}
	}
	return a + b
}
`, name, seed)
}

// first is the oldest release, by its former path.
var first = files{
	"go.mod": "module example.com/old/lib\n\ngo 1.20\n\nrequire example.com/dep v1.0.0\n",
	"doc.go": "// Package lib does something.\npackage lib\n",
	"lib.go": "package lib\n\nimport (\n\t\"example.com/dep\"\n\t\"example.com/old/lib/internal/wire\"\n\t\"fmt\"\n)\n\nvar _ = fmt.Sprint(dep.A, wire.A)\n" +
		function("(l *Lib) Open", 1) + function("(l *Lib) Close", 2) + function("New", 3),
	"internal/wire/frame.go":  "package wire\n" + function("Parse", 4) + function("(f *Frame[T]) Append", 5),
	"internal/wire/header.go": "package wire\n" + function("ParseHeader", 6) + function("(h Header) Append", 7),
	"http/server.go":          "package http\n" + function("Serve", 8) + function("(s *Server) Handle", 9),
	"lib_test.go":             "package lib\n",
	"LICENSE":                 "Do what you like.\n",
}

// releases are those of the library. The last two differ in one file.
var releases = map[string]files{
	"v1.0.0": first,
	"v1.1.0": first.replace("example.com/old/lib", "example.com/lib").with("http/client.go", "package http\n"+function("Get", 10)),
	"v1.1.1": first.replace("example.com/old/lib", "example.com/lib", "i < 9;", "i < 90;").with("http/client.go", "package http\n"+function("Get", 10)),
}

// source makes the zip of a release.
func source(t *testing.T, version string, tree files) matrix.Source {
	t.Helper()
	r := matrix.Release{Version: version, Module: "example.com/lib", Sum: "h1:" + version}
	if version == "v1.0.0" {
		r.Module = "example.com/old/lib"
	}
	return matrix.Source{Release: r, Zip: modtest.Zip(t, r.Module, version, modtest.Files(tree))}
}

// index returns the index of all releases, after it was written and read.
func index(t *testing.T) *Index {
	t.Helper()
	x := new(Index)
	for version, tree := range releases {
		if err := x.Add(t.Context(), source(t, version, tree), target); err != nil {
			t.Fatal(err)
		}
	}
	read, err := Parse("releases.index", x.Format())
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// summary returns a likeness in short: "DIR FILES: VERSION EQUAL/OF", with = before what
// is exactly a release.
func short(l matrix.Likeness) string {
	text := fmt.Sprintf("%s %d:", l.Dir, l.Files)
	for _, n := range l.Nearest {
		mark := ""
		if n.Exact {
			mark = "="
		}
		text += fmt.Sprintf(" %s%s %d/%d", mark, n.Version, n.Equal, n.Of)
	}
	return strings.TrimSpace(text)
}
