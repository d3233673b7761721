package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// edit replaces a text that occurs exactly once in a file.
func edit(ts *testscript.TestScript, args []string) {
	unquote := strings.NewReplacer(`\n`, "\n", `\t`, "\t")
	from, to := unquote.Replace(args[1]), unquote.Replace(args[2])
	text := ts.ReadFile(args[0])
	if n := strings.Count(text, from); n != 1 {
		ts.Fatalf("%s has %q %d times", args[0], from, n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, from, to, 1)), 0o666))
}

// crlf copies a file and ends its lines with CRLF.
func crlf(ts *testscript.TestScript, args []string) {
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o666))
}

// chop copies a file without the newline at its end.
func chop(ts *testscript.TestScript, args []string) {
	text := strings.TrimSuffix(ts.ReadFile(args[0]), "\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o666))
}

// damage cuts every file in a folder to its first half, flips a bit in its middle,
// or removes it.
func damage(ts *testscript.TestScript, args []string) {
	found := 0
	walk(ts, args[1], func(path string, data []byte) {
		if len(data) == 0 {
			return // such as a lock
		}
		found++
		var err error
		switch args[0] {
		case "cut":
			err = os.Truncate(path, int64(len(data)/2))
		case "flip":
			data[len(data)/2] ^= 1
			err = os.WriteFile(path, data, 0o777)
		case "remove":
			err = os.Remove(path)
		default:
			ts.Fatalf("there is no damage %q", args[0])
		}
		ts.Check(err)
	})
	if found == 0 {
		ts.Fatalf("%s has no files", args[1])
	}
}

// age sets the times of every file in a folder to this long ago.
func age(ts *testscript.TestScript, args []string) {
	by, err := time.ParseDuration(args[1])
	ts.Check(err)
	at := time.Now().Add(-by)
	walk(ts, args[0], func(path string, _ []byte) { ts.Check(os.Chtimes(path, at, at)) })
}

// fingerprint writes a line for each file and folder below a folder: mode,
// checksum, name.
func fingerprint(ts *testscript.TestScript, args []string) {
	var out bytes.Buffer
	root := ts.MkAbs(args[0])
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		sum := ""
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sum = fmt.Sprintf("%x", sha256.Sum256(data))
		}
		name, err := filepath.Rel(root, path)
		fmt.Fprintln(&out, info.Mode(), sum, filepath.ToSlash(name))
		return err
	}))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out.Bytes(), 0o666))
}

// lacks checks that a file, or all files in a folder, do not contain a text.
func lacks(ts *testscript.TestScript, args []string) {
	found := 0
	walk(ts, args[0], func(path string, data []byte) {
		found++
		if at := bytes.Index(data, []byte(args[1])); at >= 0 {
			ts.Fatalf("%s has %q: %q", path, args[1], data[max(0, at-100):min(len(data), at+200)])
		}
	})
	if found == 0 {
		ts.Fatalf("%s has no files", args[0])
	}
}

// holds checks that at least one file in a folder contains a text.
func holds(ts *testscript.TestScript, args []string) {
	found := false
	walk(ts, args[0], func(_ string, data []byte) { found = found || bytes.Contains(data, []byte(args[1])) })
	if !found {
		ts.Fatalf("no file of %s has %q", args[0], args[1])
	}
}

// files checks that a folder contains exactly these files. The names are sorted.
func files(ts *testscript.TestScript, args []string) {
	var got []string
	walk(ts, args[0], func(path string, _ []byte) {
		name, err := filepath.Rel(ts.MkAbs(args[0]), path)
		ts.Check(err)
		got = append(got, filepath.ToSlash(name))
	})
	if slices.Sort(got); !slices.Equal(got, args[1:]) {
		ts.Fatalf("%s has the files %q", args[0], got)
	}
}

// walk calls a function for each regular file below a folder.
func walk(ts *testscript.TestScript, dir string, f func(path string, data []byte)) {
	ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil {
			f(path, data)
		}
		return err
	}))
}

// empty checks that a folder is empty.
func empty(ts *testscript.TestScript, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(entries) > 0 {
		ts.Fatalf("%s has %v", args[0], entries)
	}
}

// relock changes the checksum of a release in a lock.
func relock(ts *testscript.TestScript, args []string) {
	file := filepath.Join(args[0], "releases.lock")
	var out strings.Builder
	found := false
	for line := range strings.Lines(ts.ReadFile(file)) {
		if fields := strings.Fields(line); fields[0] == args[1] {
			fields[2], found = args[2], true
			line = strings.Join(fields, " ") + "\n"
		}
		out.WriteString(line)
	}
	if !found {
		ts.Fatalf("%s has no %s", file, args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(out.String()), 0o666))
}

// paste runs the shell commands from the report of a cell in a folder.
func paste(ts *testscript.TestScript, args []string) {
	_, lines, found := strings.Cut(ts.ReadFile(args[0]), "\nRepeat it by hand")
	_, lines, _ = strings.Cut(lines, "\n")
	if !found || lines == "" {
		ts.Fatalf("%s has no lines to paste", args[0])
	}
	ts.Check(ts.Exec("sh", "-e", "-c", "cd "+args[1]+"\n"+lines))
}
