package diagnose_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/matrixrun/matrixrun/matrix/internal/diagnose"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/modtest"
)

// code is a program of two modules that builds.
var code = map[string]string{
	"main/go.mod":  "module example.com/main\n\ngo 1.16\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../lib\n",
	"main/main.go": "package main\n\nimport \"example.com/lib\"\n\nfunc main() { println(lib.Answer()) }\n",
	"lib/go.mod":   "module example.com/lib\n\ngo 1.16\n",
	"lib/lib.go":   "package lib\n\nfunc Answer() int { return 42 }\n",
}

// lay writes the program with some files added or replaced, and returns the folder of
// the main module.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	t.Setenv("GOPROXY", "off")
	dir := t.TempDir()
	modtest.Write(t, dir, code)
	modtest.Write(t, dir, files)
	return filepath.Join(dir, "main")
}

// build builds the program, and returns what Complaint says of the failure.
func build(t *testing.T, dir string, flags ...string) (string, error) {
	t.Helper()
	g := new(gocmd.Go)
	args := append([]string{"build"}, flags...)
	call := gocmd.Call{Dir: dir, Args: append(args, "-o", filepath.Join(t.TempDir(), "binary"), "."), Env: []string{"GOFLAGS=-mod=readonly"}}
	stdout, err := g.Run(t.Context(), call)
	if err == nil {
		t.Fatal("the program builds")
	}
	return diagnose.Complaint(t.Context(), g, diagnose.Failure{Call: call, Stdout: stdout, Err: err, Packages: []string{"."}})
}

// inLibrary returns the folder of the library of the program whose main module is in dir,
// for tests whose build must not succeed. It imports nothing, so it builds fast with the
// empty build cache that they get. Complaint may read all of the cache.
func inLibrary(t *testing.T, dir string) string {
	t.Helper()
	t.Setenv("GOCACHE", t.TempDir())
	return filepath.Join(filepath.Dir(dir), "lib")
}

// forms are the two forms in which the go command reports failures: as old versions do,
// and as those do that have a structured form.
var forms = map[string][]string{"text": nil, "structured": diagnose.Flags(runtime.Version())}

func TestComplaint(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"compiler", map[string]string{"lib/lib.go": "package lib\n\nfunc Answer() int { return \"no space left on device\" }\n"}, []string{"# example.com/lib\n", "../lib/lib.go:3:28:"}},
		{"syntax", map[string]string{"lib/lib.go": "package lib\n\nfunc Answer() int {\n"}, []string{"../lib/lib.go:4:1: syntax error"}},
		{"line directive", map[string]string{"lib/lib.go": "package lib\n\n//line gen/parse.y:7\nfunc Answer() int { return \"x\" }\n"}, []string{"# example.com/lib\n", "gen/parse.y:7: "}},
		{"line directive in a line", map[string]string{"lib/lib.go": "package lib\n\n/*line /usr/lib/go/src/fmt/print.go:7:1*/func Answer() int { return \"x\" }\n"}, []string{"fmt/print.go:7:"}},
		{"assembler", map[string]string{"lib/lib.go": "package lib\n\nfunc Answer() int\n", "lib/a.s": "TEXT ·Answer(SB), 4, $0-8\n\tNOSUCH\n"}, []string{"../lib/a.s:2: unrecognized instruction"}},
		{"linker", map[string]string{"lib/lib.go": "package lib\n\nfunc Answer() int\n", "lib/empty.s": ""}, []string{"# example.com/main\n", "relocation target example.com/lib.Answer not defined"}},
		{"no main", map[string]string{"main/main.go": "package main\n"}, []string{"function main is undeclared in the main package"}},
		{"no such package", map[string]string{"main/main.go": "package main\n\nimport _ \"nosuch\"\n\nfunc main() {}\n"}, []string{"main.go:3:8: package nosuch is not in std"}},
		{"internal", map[string]string{"main/main.go": "package main\n\nimport _ \"example.com/lib/internal/x\"\n\nfunc main() {}\n", "lib/internal/x/x.go": "package x\n"}, []string{"use of internal package example.com/lib/internal/x not allowed"}},
		{"cycle", map[string]string{"lib/lib.go": "package lib\n\nimport \"example.com/lib/x\"\n\nfunc Answer() int { return x.X }\n", "lib/x/x.go": "package x\n\nimport _ \"example.com/lib\"\n\nconst X = 1\n"}, []string{"import cycle not allowed"}},
		{"two packages", map[string]string{"lib/other.go": "package other\n"}, []string{"found packages lib (lib.go) and other (other.go)"}},
		{"not Go", map[string]string{"lib/lib.go": "pakage lib\n"}, []string{"expected 'package', found pakage"}},
		{"go.mod", map[string]string{"main/go.mod": code["main/go.mod"] + "\nnosuch x\n"}, []string{"go.mod:9: unknown directive: nosuch"}},
		{"go.sum", map[string]string{
			"main/go.mod": code["main/go.mod"] + "\nrequire example.com/dep v1.0.0\n", "lib/lib.go": "package lib\n\nimport _ \"example.com/dep\"\n\nfunc Answer() int { return 1 }\n",
		}, []string{"missing go.sum entry"}},
	}
	for _, test := range tests {
		for form, flags := range forms {
			t.Run(test.name+"/"+form, func(t *testing.T) {
				text, err := build(t, lay(t, test.files), flags...)
				if err != nil {
					t.Fatal(err)
				}
				for _, want := range test.want {
					if !strings.Contains(text, want) {
						t.Errorf("the complaint does not contain %q:\n%s", want, text)
					}
				}
			})
		}
	}
}

// fakeRoot makes a toolchain that is this one, apart from a shell script in the place of
// its compiler, and puts it first in PATH. The script may run the compiler, $COMPILE.
func fakeRoot(t *testing.T, script string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT", "GOTOOLDIR").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	real, tools, fake := lines[0], lines[1], t.TempDir()
	mirror(t, real, fake, "bin", "pkg")
	mirror(t, filepath.Join(real, "pkg"), filepath.Join(fake, "pkg"), "tool")
	toolDir := filepath.Join(fake, "pkg", "tool", filepath.Base(tools))
	mirror(t, tools, toolDir, "compile")
	mirror(t, filepath.Join(real, "bin"), filepath.Join(fake, "bin"))
	compile := filepath.Join(tools, "compile")
	text := "#!/bin/sh\nCOMPILE=" + compile + "\ncase \"$*\" in *-V=full*) exec $COMPILE \"$@\";; esac\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(toolDir, "compile"), []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOROOT", fake)
	t.Setenv("PATH", filepath.Join(fake, "bin")+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return fake
}

// mirror makes a folder with links to all that another one has, but for some names.
func mirror(t *testing.T, from, to string, but ...string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if slices.Contains(but, e.Name()) {
			continue
		}
		if err := os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			t.Skipf("needs symbolic links: %v", err)
		}
	}
}

// TestFaults checks that no fault of the machine is a complaint, and that the error says
// what to do.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	if runtime.GOOS == "windows" {
		t.Skip("needs a POSIX shell")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		env      map[string]string
		compiler string
		want     string
	}{
		{"cache is a file", map[string]string{"GOCACHE": file}, "", "set GOCACHE to a folder"},
		{"cache is relative", map[string]string{"GOCACHE": "cache"}, "", "set GOCACHE to an absolute path"},
		{"cache is off", map[string]string{"GOCACHE": "off"}, "", "GOCACHE=off allows no build"},
		{"cache of a program", map[string]string{"GOCACHEPROG": "/bin/false"}, "", "unset GOCACHEPROG"},
		{"no temporary folder", map[string]string{"TMPDIR": filepath.Join(file, "none")}, "", "set TMPDIR to a folder"},
		{"no home", map[string]string{"HOME": "", "GOCACHE": "", "XDG_CACHE_HOME": ""}, "", "set HOME, or GOCACHE"},
		{"killed", nil, "kill -9 $$", "for want of memory"},
		{"crashed", nil, "kill -SEGV $$", "a compiler crashed"},
		{"full disk", nil, "echo x >/dev/full || { echo 'write $WORK/b001/_pkg_.a: no space left on device' >&2; exit 1; }", "free some space"},
		{"no memory", nil, "echo 'fatal error: runtime: cannot allocate memory' >&2; exit 2", "not enough memory"},
		{"says nothing", nil, "exit 1", "nothing shows that the code is the reason"},
		{"foreign cache", nil, "echo './main.go:3:8: could not import example.com/lib (open /home/u/.cache/go-build/aa/bb-d: permission denied)' >&2; exit 1", "sudo go build"},
		{"file that no directive names", nil, "echo 'parse.y:3: bad' >&2; exit 1", "nothing shows that the code is the reason"},
		{"file that is not there", nil, "echo '../lib/none.go:3:1: bad' >&2; exit 1", "nothing shows that the code is the reason"},
		{"compiler that fails", nil, "echo '../lib/lib.go:3:1: internal compiler error: oh' >&2; exit 2", "try another toolchain"},
		{"compiler that is not a program", nil, "-", "toolchain is incomplete"},
	}
	for _, test := range tests {
		for form, flags := range forms {
			if form == "text" && test.compiler == "" {
				continue // the go command compiles nothing
			}
			t.Run(test.name+"/"+form, func(t *testing.T) {
				dir := inLibrary(t, lay(t, nil))
				if test.compiler != "" {
					root := fakeRoot(t, test.compiler)
					if test.compiler == "-" {
						breakCompiler(t, root)
					}
				}
				for key, value := range test.env {
					t.Setenv(key, value)
				}
				text, err := build(t, dir, flags...)
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("Complaint = %q, %v; want an error with %q", text, err, test.want)
				}
			})
		}
	}
}

// TestLostFile builds with a toolchain whose standard library lost a file. The packages
// compile all the same, and the compiler points at the code that needs what is missing.
func TestLostFile(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	root := fakeRoot(t, `exec $COMPILE "$@"`)
	src := filepath.Join(root, "src")
	real, err := os.Readlink(src)
	if err == nil {
		err = os.Remove(src)
	}
	if err != nil {
		t.Fatal(err)
	}
	mirror(t, real, src, "path", "html")
	mirror(t, filepath.Join(real, "path"), filepath.Join(src, "path"), "match.go")
	for name, test := range map[string]struct{ imported, use, want string }{
		"function": {"path", "path.Match", "path, func Match("},
		"package":  {"html", "html.EscapeString", "html, "},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := build(t, inLibrary(t, lay(t, map[string]string{"lib/lib.go": "package lib\n\nimport \"" + test.imported + "\"\n\nvar _ = " + test.use + "\n\nfunc Answer() int { return 42 }\n"})), forms["structured"]...)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "toolchain is incomplete") {
				t.Errorf("Complaint = %q, %v; want an error with %q", text, err, test.want)
			}
		})
	}
	if text, err := build(t, inLibrary(t, lay(t, map[string]string{"lib/lib.go": "package lib\n\nimport \"path\"\n\nvar Answer = path.Nosuch\n"}))); err != nil {
		t.Errorf("Complaint = %q, %v", text, err)
	}
}

// TestDamagedModule builds with a module cache in which a module lost a file or a folder
// since it was downloaded.
func TestDamagedModule(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	for lost, main := range map[string]string{
		"more.go": "package main\n\nimport \"example.com/dep\"\n\nfunc main() { println(dep.More) }\n",
		"sub":     "package main\n\nimport _ \"example.com/dep/sub\"\n\nfunc main() {}\n",
	} {
		t.Run(lost, func(t *testing.T) {
			zip := modtest.Zip(t, "example.com/dep", "v1.0.0", modtest.Files{
				"go.mod": "module example.com/dep\n", "dep.go": "package dep\n", "more.go": "package dep\n\nconst More = 1\n", "sub/sub.go": "package sub\n",
			})
			sum, err := dirhash.HashZip(zip, dirhash.Hash1)
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(zip)
			if err != nil {
				t.Fatal(err)
			}
			dir := lay(t, map[string]string{
				"main/go.mod":  code["main/go.mod"] + "\nrequire example.com/dep v1.0.0\n",
				"main/main.go": main,
				"main/go.sum":  "example.com/dep v1.0.0 " + sum + "\nexample.com/dep v1.0.0/go.mod " + modSum(t, "module example.com/dep\n") + "\n",
			})
			proxy, cache := t.TempDir(), t.TempDir()
			modtest.Write(t, filepath.Join(proxy, "example.com", "dep", "@v"), modtest.Files{"v1.0.0.info": `{"Version": "v1.0.0"}`, "v1.0.0.mod": "module example.com/dep\n", "v1.0.0.zip": string(data)})
			t.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy))
			t.Setenv("GONOSUMDB", "*")
			t.Setenv("GOMODCACHE", cache)
			download := exec.Command("go", "mod", "download", "-modcacherw")
			download.Dir, download.Env = dir, append(os.Environ(), "GOFLAGS=-mod=readonly")
			if out, err := download.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if err := os.RemoveAll(filepath.Join(cache, "example.com", "dep@v1.0.0", lost)); err != nil {
				t.Fatal(err)
			}
			text, err := build(t, dir, forms["structured"]...)
			if err == nil || !strings.Contains(err.Error(), "the module cache is damaged") {
				t.Errorf("Complaint = %q, %v", text, err)
			}
		})
	}
}

// modSum returns the checksum of a go.mod as in go.sum.
func modSum(t *testing.T, gomod string) string {
	t.Helper()
	sum, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(gomod)), nil })
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// breakCompiler takes the compiler out of a toolchain.
func breakCompiler(t *testing.T, root string) {
	t.Helper()
	tools, err := filepath.Glob(filepath.Join(root, "pkg", "tool", "*", "compile"))
	if err != nil || len(tools) != 1 {
		t.Fatalf("found %q, %v", tools, err)
	}
	if err := os.Remove(tools[0]); err != nil {
		t.Fatal(err)
	}
}

// TestMissedByTheIndex builds with a go command that does not see packages which are
// there, as one does whose build cache belongs to somebody else.
func TestMissedByTheIndex(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it compiles")
	}
	real, err := exec.LookPath("go")
	if err != nil || runtime.GOOS == "windows" {
		t.Skipf("needs a go command and a POSIX shell: %v", err)
	}
	dir, bin := lay(t, nil), t.TempDir()
	t.Setenv("GOCACHE", t.TempDir()) // it compiles nothing, and Complaint may read all of the cache
	script := "#!/bin/sh\ncase $1 in\nbuild) echo 'main.go:3:8: package bytes is not in std' >&2; exit 1;;\nesac\nexec " + real + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	if text, err := build(t, dir); err == nil {
		t.Errorf("Complaint = %q; want an error, since all packages are there", text)
	}
}

// TestIncludes has assembly that includes a file of the user's. The assembler quotes what
// it does not understand, which must not get into any message.
func TestIncludes(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.s")
	if err := os.WriteFile(secret, []byte("canary = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	escaped := strings.ReplaceAll(filepath.ToSlash(secret), "/", `\x2f`)
	for name, files := range map[string]map[string]string{
		"absolute": {"lib/a.s": "#include \"" + filepath.ToSlash(secret) + "\"\n"},
		"escaped":  {"lib/a.s": "# /* \" */ include /*\n*/ \"" + escaped + "\"\n"},
		"relative": {"lib/a.s": "#include \"in.x\"\n", "lib/in.x": "#include \"../main/canary.s\"\n", "main/canary.s": "canary = 1\n"},
	} {
		for form, flags := range forms {
			t.Run(name+"/"+form, func(t *testing.T) {
				files["lib/lib.go"] = "package lib\n\nfunc Answer() int\n"
				text, err := build(t, lay(t, files), flags...)
				if err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "may include a file of another folder") {
					t.Errorf("got %q, %v; want an error without what the file has", text, err)
				}
			})
		}
	}
}
