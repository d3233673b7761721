package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2/maybe"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/spec"
)

// backportsFile is published without the results.json of its run, which is large
// and repeats the published one. What it was made from is in its last line.
const backportsFile = "BACKPORTS.md"

// publishBackports publishes the grid that a run wrote to a folder, and adds what
// another run found out about upstream's own commits, and what the first one was made
// from, according to its results.json.
func (t tree) publishBackports(from, upstream string, stderr io.Writer) error {
	text, err := os.ReadFile(filepath.Join(from, backportsFile))
	if err != nil {
		return err
	}
	r, err := tree{root: from}.results(".")
	if err != nil {
		return err
	}
	made, _ := sourcesOf(r.Matrixrun)
	used := make(map[string]bool)
	for _, row := range r.Rows {
		for _, p := range row.Patches {
			used[p.Name+" "+p.SHA256] = true
		}
	}
	section, err := t.upstreamSection(upstream, r.Target, stderr)
	if err != nil {
		return err
	}
	text = append(text, section...)
	text = append(text, madeOf(r.Lock, r.Reproduction, made, used)...)
	return maybe.WriteFile(t.path(published+"/"+backportsFile), text, 0o666)
}

// madeOf returns the last line of BACKPORTS.md, which is invisible in Markdown.
// used has the variants of patches that were tried.
func madeOf(lock, reproduction, sources string, used map[string]bool) string {
	var names []string
	for name := range used {
		names = append(names, name)
	}
	slices.Sort(names)
	patches := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return fmt.Sprintf("\n<!-- made of: lock %s; reproduction %s; sources %s; patches sha256:%x -->\n", lock, reproduction, sources, patches)
}

// checkBackports compares what BACKPORTS.md was made from with the tree.
func (t tree) checkBackports(k known) ([]stale, error) {
	name := published + "/" + backportsFile
	text, err := os.ReadFile(t.path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all := make(map[string]bool)
	for _, p := range k.patches {
		for _, v := range p.Variants {
			all[p.Name+" "+v.SHA256] = true
		}
	}
	want := madeOf(k.suite.LockDigest, k.suite.ReproductionDigest, k.sources, all)
	if bytes.HasSuffix(text, []byte(want)) {
		return nil, nil
	}
	what := "it does not say what it was made from"
	if i := bytes.LastIndex(text, []byte("\n<!-- made of: ")); i >= 0 {
		what = "it was made with " + strings.Join(others(string(text[i:]), want), ", ")
	}
	return []stale{{name, what, cureBackports}}, nil
}

// others returns the parts of a line that differ from those of the wanted line.
func others(is, want string) (out []string) {
	a, b := strings.Split(is, "; "), strings.Split(want, "; ")
	for i, what := range []string{"another lock", "another reproduction", "other sources", "other patches"} {
		if i >= len(a) || a[i] != b[i] {
			out = append(out, what)
		}
	}
	return out
}

// shippedPatches reads the patches of the tree.
func (t tree) shippedPatches() ([]*matrix.Patch, error) {
	files := os.DirFS(t.path(patchesFolder))
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	var all []*matrix.Patch
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		folder, err := fs.Sub(files, e.Name())
		if err != nil {
			return nil, err
		}
		p, err := spec.LoadPatch(folder, patchesFolder+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
