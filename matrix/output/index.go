package output

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// texts are the documents that an index links, if they are next to results.json.
var texts = []page.Text{
	{File: "COMPATIBILITY.md", Title: "as text"},
	{File: "matrix.svg", Title: "as a picture"},
	{File: ResultsFile, Title: "as data"},
	{File: "BACKPORTS.md", Title: "each patch on each release that it names"},
	{File: VerifiedFile, Title: "the last verification"},
}

// List reads all results in the folders of a folder that have a page, at any depth, for
// their index. Results of the same suite in a folder of others are beside those. Those of
// the suite with the name first come first, and the rest by folder.
func List(ctx context.Context, dir, first string) ([]page.Listed, error) {
	var folders []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && path.Base(name) == ResultsFile && path.Dir(name) != "." && isRegular(filepath.Join(dir, path.Dir(name), pageFile)) {
			folders = append(folders, path.Dir(name))
		}
		return cmp.Or(err, ctx.Err())
	})
	if err != nil {
		return nil, unreadable(dir, "want a folder with folders of results", err)
	}
	slices.Sort(folders) // a folder comes before those in it
	var all []page.Listed
	for _, folder := range folders {
		r, err := Read(ctx, filepath.Join(dir, folder))
		if err != nil {
			return nil, err
		}
		l := page.Listed{Folder: folder, Title: titleOf(folder, r), Table: grid.New(r)}
		for _, t := range texts {
			if isRegular(filepath.Join(dir, folder, t.File)) {
				l.Texts = append(l.Texts, t)
			}
		}
		i := slices.IndexFunc(all, func(a page.Listed) bool { return a.Table.Suite == r.Suite && within(folder, a.Folder) })
		if i < 0 {
			all = append(all, l)
		} else {
			all[i].Beside = append(all[i].Beside, l)
		}
	}
	slices.SortStableFunc(all, func(a, b page.Listed) int {
		switch {
		case a.Table.Suite == b.Table.Suite:
			return 0
		case a.Table.Suite == first:
			return -1
		case b.Table.Suite == first:
			return 1
		}
		return strings.Compare(a.Folder, b.Folder)
	})
	return all, nil
}

// pageFile is the name of a page, and of the index.
const pageFile = "index.html"

// titleOf says in the plural what results in a folder of others are about.
func titleOf(folder string, r *matrix.Results) string {
	if len(r.Rows) > 0 && r.Rows[0].Server != "" {
		return "servers of " + r.Rows[0].Server
	}
	return path.Base(folder)
}

// within reports whether a folder is in another one.
func within(folder, other string) bool { return strings.HasPrefix(folder, other+"/") }

// deepest is how many folders above a page its index is, at most.
const deepest = 2

// IndexAbove returns the address of the index above the folder of RESULTS, as a command
// line names it, relative to their page. It is empty if there is no index.
func IndexAbove(name string) string {
	dir := folderOf(name)
	if dir == "" {
		return ""
	}
	for up := ".."; strings.Count(up, "..") <= deepest; up += "/.." {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(up), pageFile))
		if err == nil && bytes.Contains(data, []byte(page.IndexMark)) {
			return up + "/" + pageFile
		}
	}
	return ""
}
