package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
)

// An edit changes one line of a diff, differently for each number n. Edits change
// only comments: they work on any patch, and do not change what it does.
type edit func(diff []byte, n int) ([]byte, error)

// Lines of a diff. Lines in the header of a patch file start with a letter or a
// blank, so these do not match there.
var (
	added      = regexp.MustCompile(`(?m)^\+[^+\n].*// .*$`)
	hunkHeader = regexp.MustCompile(`(?m)^@@ -\d+(?:,\d+)? \+\d+(,\d+)? @@.*\n`)
	addedLine  = regexp.MustCompile(`(?m)^\+`)
)

// editComment makes a comment that a diff adds longer. The binary does not change.
func editComment(diff []byte, n int) ([]byte, error) {
	at := added.FindIndex(diff)
	if at == nil {
		return nil, errors.New("it adds no line with a comment")
	}
	return insert(diff, at[1], fmt.Sprintf(" (edit %d)", n)), nil
}

// editLine adds a comment line before a line that the last hunk of a diff adds. The
// code below moves down a line, which changes the line numbers in the binary.
func editLine(diff []byte, n int) ([]byte, error) {
	headers := hunkHeader.FindAllSubmatchIndex(diff, -1)
	if len(headers) == 0 {
		return nil, errors.New("it has no hunk")
	}
	last := headers[len(headers)-1]
	plus := addedLine.FindIndex(diff[last[1]:])
	if plus == nil || last[2] < 0 {
		return nil, errors.New("its last hunk adds no line, or has only one")
	}
	lines, err := strconv.Atoi(string(diff[last[2]+1 : last[3]]))
	if err != nil {
		return nil, err
	}
	edited := insert(diff, last[1]+plus[0], fmt.Sprintf("+// edit %d\n", n))
	return append(append(bytes.Clone(edited[:last[2]]), fmt.Sprintf(",%d", lines+1)...), edited[last[3]:]...), nil
}

func insert(text []byte, at int, more string) []byte {
	return append(append(bytes.Clone(text[:at]), more...), text[at:]...)
}

// copyPatch copies the variants of a patch to a folder, which it creates. A change
// that is not nil is made to each of them.
func copyPatch(from, to string, change edit, n int) error {
	files, err := filepath.Glob(filepath.Join(from, "*.patch"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("copying %s: it has no variants", from)
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	for _, file := range files {
		diff, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if change != nil {
			if diff, err = change(diff, n); err != nil {
				return fmt.Errorf("editing %s: %w", file, err)
			}
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(file)), diff, 0o666); err != nil {
			return err
		}
	}
	return nil
}
