package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// forked sets $FORK to the version that `matrixrun fork` printed.
func forked(ts *testscript.TestScript, args []string) {
	fields := strings.Fields(ts.ReadFile(args[0]))
	if len(fields) < 2 || !strings.HasSuffix(fields[1], ":") {
		ts.Fatalf("%s has no version", args[0])
	}
	ts.Setenv("FORK", strings.TrimSuffix(fields[1], ":"))
}

// useFork adds the lines that `matrixrun fork` printed to the go.mod and the go.sum
// of a folder.
func useFork(ts *testscript.TestScript, args []string) {
	added := map[string]int{}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		var name string
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "replace "):
			name = "go.mod"
		case strings.Contains(line, " h1:"):
			name = "go.sum"
		default:
			continue
		}
		added[name]++
		file, err := os.OpenFile(filepath.Join(ts.MkAbs(args[1]), name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
		ts.Check(err)
		_, err = file.WriteString(line + "\n")
		ts.Check(err)
		ts.Check(file.Close())
	}
	if added["go.mod"] != 1 || added["go.sum"] != 2 {
		ts.Fatalf("%s has lines for %v", args[0], added)
	}
}
