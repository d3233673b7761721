package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
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
// and says of releases what the other one says; what it was made of stands on its
// last line.
const backportsFile = "BACKPORTS.md"

// publishBackports publishes the grid that a run has written to a folder, with
// what its results.json says that it was made of.
func (t tree) publishBackports(from string) error {
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
	text = append(text, madeOf(r.Lock, r.Reproduction, made, used)...)
	return maybe.WriteFile(t.path(published+"/"+backportsFile), text, 0o666)
}

// madeOf is the last line of BACKPORTS.md, which Markdown does not show. Used are
// the variants of patches that were tried.
func madeOf(lock, reproduction, sources string, used map[string]bool) string {
	var names []string
	for name := range used {
		names = append(names, name)
	}
	slices.Sort(names)
	patches := sha256.Sum256([]byte(strings.Join(names, "\n")))
	return fmt.Sprintf("\n<!-- made of: lock %s; reproduction %s; sources %s; patches sha256:%x -->\n", lock, reproduction, sources, patches)
}

// checkBackports holds what BACKPORTS.md was made of against the tree.
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
	what := "it does not say what it was made of"
	if i := bytes.LastIndex(text, []byte("\n<!-- made of: ")); i >= 0 {
		what = "it was made with " + strings.Join(others(string(text[i:]), want), ", ") + " than this tree has"
	}
	return []stale{{name, what, cureBackports}}, nil
}

// others says which parts of one line are not those of another one.
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
