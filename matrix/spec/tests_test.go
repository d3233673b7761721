package spec_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix/spec"
)

// TestScenariosOf checks that scenarios can be told apart, by as little of the packages'
// paths as that takes.
func TestScenariosOf(t *testing.T) {
	var got []string
	for _, s := range spec.ScenariosOf([]spec.TestOf{
		{Package: ".", Name: "TestText"},
		{Package: "parse", Name: "TestText"},
		{Package: "a/x", Name: "TestText"},
		{Package: "b/x", Name: "TestText"},
		{Package: "x", Name: "TestText"},
		{Package: "parse", Name: "TestHTTPServer/a b"},
		{Package: "parse", Name: "TestHTTPServer/a_b"},
		{Package: "ax", Name: "Test"},
	}) {
		got = append(got, s.Name+" "+s.Title+" "+s.Package)
	}
	want := []string{
		"text TestText .",
		"parse-text parse.TestText parse",
		"a-x-text a/x.TestText a/x",
		"b-x-text b/x.TestText b/x",
		"x-text x.TestText x",
		"http-server-a-b TestHTTPServer/a b parse",
		"http-server-a-b-2 TestHTTPServer/a_b parse",
		"test Test ax",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
