package scrub_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/matrixrun/matrixrun/matrix/internal/scrub"
)

func TestCut(t *testing.T) {
	paths := []scrub.Path{
		{Path: "/home/u", Name: "~"},
		{Path: "/home/u/ws/repro", Name: "."},
		{Path: "/home/u/ws", Name: ".."},
		{Path: "../../go/mod", Name: "$GOMODCACHE"},
		{Path: "", Name: "nothing"},
		{Path: "/", Name: "root"},
		{Path: ".", Name: "here"},
	}
	tests := []struct{ text, want string }{
		{"", ""},
		{"a. b / c .", "a. b / c ."},
		{"/home/u/ws/repro/main.go:3:4: no", "./main.go:3:4: no"},
		{"in /home/u/ws/target/a.go, in /home/u/x", "in ../target/a.go, in ~/x"},
		{"cd /home/u/ws", "cd .."},
		{"(/home/u/ws/repro)", "(.)"},
		{"/home/user/x", "/home/user/x"},
		{"/mnt/home/u/x", "/mnt/home/u/x"},
		{"/home/u/ws2", "~/ws2"},
		{"../../go/mod/example.com/lib@v1.0.0/a.go:1", "$GOMODCACHE/example.com/lib@v1.0.0/a.go:1"},
	}
	for _, test := range tests {
		if got := scrub.Cut(test.text, paths...); got != test.want {
			t.Errorf("Cut(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestCutFollowsLinks(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Skipf("needs symbolic links: %v", err)
	}
	real, err := filepath.EvalSymlinks(link)
	if err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(link, "a.go") + " " + filepath.Join(real, "a.go")
	want := filepath.Join("ws", "a.go") + " " + filepath.Join("ws", "a.go")
	if got := scrub.Cut(text, scrub.Path{Path: link, Name: "ws"}); got != want {
		t.Errorf("Cut(%q) = %q, want %q", text, got, want)
	}
}
