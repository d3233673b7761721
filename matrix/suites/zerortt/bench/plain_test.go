package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// fakeGo replaces the go command. It logs its calls, and "builds" a program that
// prints as many trials as its arguments ask for.
const fakeGo = `#!/bin/sh
imported=$(sed -n 's|.*"\(github.com/[a-z-]*/quic-go\)"$|\1|p' *.go | sort -u)
echo "$GOTOOLCHAIN $GOFLAGS $(sed -n 's/^go //p' go.mod) $imported: $*" >>"$LOG"
[ "$1" = build ] || exit 0
[ "$GOTOOLCHAIN" != broken1.0.0 ] || exit 1
cat >repro <<'END'
#!/bin/sh
i=0
while [ $i -lt $5 ]; do echo "{\"scenario\": \"$3\", \"trial\": $i}"; i=$((i+1)); done
END
chmod +x repro
`

// plainLab returns a lab that runs plain.sh with the fake go command, and the file
// with the log of its calls.
func plainLab(t *testing.T, rows ...matrix.Row) (l *lab, calls string) {
	t.Helper()
	for _, name := range []string{"bash", "sed"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("plain.sh needs %s: %v", name, err)
		}
	}
	bin := t.TempDir()
	calls = filepath.Join(bin, "calls")
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(fakeGo), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("LOG", calls)
	script, err := filepath.Abs("plain.sh")
	if err != nil {
		t.Fatal(err)
	}
	return &lab{rows: rows, scenarios: []matrix.Scenario{{Name: "one"}, {Name: "two"}}, script: script, temp: t.TempDir()}, calls
}

func row(version, module, toolchain string, tags ...string) matrix.Row {
	return matrix.Row{
		Release:   matrix.Release{Version: version, Module: module},
		Toolchain: toolchain, Adapter: matrix.Adapter{Supported: true, Tags: tags},
	}
}

const (
	today  = "github.com/quic-go/quic-go"
	former = "github.com/lucas-clemente/quic-go"
)

func TestPlain(t *testing.T) {
	l, calls := plainLab(t, row("v0.31.0", former, "go1.18.10", "old"), row("v0.40.0", today, "go1.26.8", "a", "b"), row("v0.65.0", today, "go1.26.8"))
	h, err := l.newHome()
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.plain(t.Context(), h, 3)
	if err != nil {
		t.Fatal(err)
	}
	got.Timing = Timing{}
	if diff := cmp.Diff(Plain{Binaries: 3, Trials: 18}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var want strings.Builder
	for _, c := range []struct{ toolchain, language, module, version, tags string }{
		{"go1.18.10", "1.18", former, "v0.31.0", "old"},
		{"go1.26.8", "1.26", today, "v0.40.0", "a,b"},
		{"go1.26.8", "1.26", today, "v0.65.0", ""},
	} {
		head := c.toolchain + " -mod=mod " + c.language + " " + c.module + ": "
		want.WriteString(head + "mod edit -require=" + c.module + "@v0.0.0 -replace=" + c.module + "=" + c.module + "@" + c.version + "\n")
		want.WriteString(head + "build -tags " + c.tags + " -o repro .\n")
	}
	logged, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(logged)); diff != "" {
		t.Errorf("calls of go (-want +got):\n%s", diff)
	}
	if left, _ := os.ReadDir(h.tmp()); len(left) > 0 {
		t.Errorf("plain.sh left %v", left)
	}
}

// TestPlainRefused checks that a loop that did not do all of its work is an error.
func TestPlainRefused(t *testing.T) {
	l, _ := plainLab(t, row("v0.40.0", today, "go1.26.8"), row("v0.41.0", today, "broken1.0.0"))
	h, err := l.newHome()
	if err != nil {
		t.Fatal(err)
	}
	if p, err := l.plain(t.Context(), h, 1); err == nil {
		t.Errorf("no error for a release that does not build: %+v", p)
	}
	file := filepath.Join(h.out(), "v0.40.0") // has one trial of each scenario
	for trials, good := range map[int]bool{1: true, 2: false} {
		if err := l.reported(file, trials); (err == nil) != good {
			t.Errorf("%d trials: %v", trials, err)
		}
	}
	l.scenarios = l.scenarios[:1]
	if l.reported(file, 1) == nil {
		t.Error("no error for trials of an unknown scenario")
	}
}
