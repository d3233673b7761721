package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// exampleSuite is the suite that the topic example of the manual shows.
const exampleSuite = "../../matrix/suites/golang-jwt"

// TestExampleDoc checks that the manual shows the files of the example as they are, and
// that they are as short as it says.
func TestExampleDoc(t *testing.T) {
	page, err := os.ReadFile("internal/manual/topics/example.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, name := range []string{"matrix.yaml", "repro/dots_test.go"} {
		data, err := os.ReadFile(filepath.Join(exampleSuite, name))
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(data, []byte("\n"))
		shown := strings.ReplaceAll("\t"+strings.TrimSuffix(strings.ReplaceAll(string(data), "\n", "\n\t"), "\t"), "\n\t\n", "\n\n")
		if !bytes.Contains(page, []byte(shown)) {
			t.Errorf("the topic example does not show %s as it is", name)
		}
	}
	if lines >= 60 {
		t.Errorf("the example has %d lines", lines)
	}
}

// TestRealExample runs the example on the releases of its three paths around which the
// published range changes. It needs the module proxy.
func TestRealExample(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it builds real releases, which come through the module proxy")
	}
	cmd := exec.Command("matrixrun", "run", exampleSuite, "--only", "v3.2.2,v4.5.1,v4.5.2,v5.2.1,v5.2.2", "--cache", t.TempDir())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"dots fails in v3.2.2+incompatible - v4.5.1 (2 of ",
		"GO-2025-3553 and dots agree in the 5 releases that were tried",
		"\nv5.2.1               x ", "\nv5.2.2               ·",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}
