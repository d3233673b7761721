package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// upload makes an artifact of files of the workspace. As in the action, what
// several paths have in common is no part of the names in it.
func (f *frame) upload(with map[string]string) error {
	for key := range with {
		if !slices.Contains([]string{"name", "path", "if-no-files-found", "retention-days"}, key) {
			return fmt.Errorf("%s of upload-artifact: this program does not know it", key)
		}
	}
	to := f.dir("artifacts", with["name"])
	if _, err := os.Stat(to); err == nil {
		return &failedError{"1", "there is an artifact of that name: " + with["name"]}
	}
	paths := strings.Fields(with["path"])
	if len(paths) == 0 || with["name"] == "" {
		return errors.New("upload-artifact: want a name and a path")
	}
	root := paths[0]
	for _, p := range paths {
		for root != "." && p != root && !strings.HasPrefix(p, strings.TrimSuffix(root, "/")+"/") {
			root = path.Dir(strings.TrimSuffix(root, "/"))
		}
	}
	if info, err := os.Stat(f.dir("work", root)); err == nil && !info.IsDir() {
		root = path.Dir(root)
	}
	found := 0
	for _, p := range paths {
		n, err := copyTree(f.dir("work", root), f.dir("work", p), to)
		if err != nil {
			return err
		}
		found += n
	}
	if found == 0 && with["if-no-files-found"] == "error" {
		return &failedError{"1", "there are no files to upload: " + with["path"]}
	}
	return nil
}

// download puts artifacts into the workspace: one by its name, or all of a
// pattern, each into a folder of its name unless they are to be merged.
func (f *frame) download(with map[string]string) error {
	for key := range with {
		if !slices.Contains([]string{"name", "path", "pattern", "merge-multiple"}, key) {
			return fmt.Errorf("%s of download-artifact: this program does not know it", key)
		}
	}
	to, name := f.dir("work", with["path"]), with["name"]
	if name != "" {
		n, err := copyTree(f.dir("artifacts", name), f.dir("artifacts", name), to)
		if err == nil && n == 0 {
			return &failedError{"1", "there is no artifact " + name}
		}
		return err
	}
	all, err := os.ReadDir(f.dir("artifacts"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, a := range all {
		if ok, err := path.Match(with["pattern"], a.Name()); err != nil || !ok && with["pattern"] != "" {
			continue
		}
		into := filepath.Join(to, a.Name())
		if with["merge-multiple"] == "true" {
			into = to
		}
		from := f.dir("artifacts", a.Name())
		if _, err := copyTree(from, from, into); err != nil {
			return err
		}
	}
	return nil
}

// copyTree copies a file, or all files of a folder, to where they are in relation
// to a root, and counts them. What is not there is no file.
func copyTree(root, from, to string) (n int, err error) {
	err = filepath.WalkDir(from, func(file string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && file == from:
			return nil
		case err != nil:
			return err
		case strings.HasPrefix(e.Name(), ".") && file != from: // which an upload leaves out
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			return nil
		}
		below, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		n++
		return copyFile(file, filepath.Join(to, below))
	})
	return n, err
}

// keepArtifacts copies the artifacts of a run to where they are to be kept.
func (r *run) keepArtifacts() error {
	if r.keep == "" {
		return nil
	}
	_, err := copyTree(r.dir("artifacts"), r.dir("artifacts"), filepath.Join(r.keep, r.name))
	return err
}
