package output

import (
	"context"
	"os"
	"path/filepath"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/grid"
	"github.com/matrixrun/matrixrun/matrix/report/page"
)

// forksFolder is where the results of forks are, in the folder with those of releases.
const forksFolder = "forks"

// Forks reads the results of forks in the folder of RESULTS, as a command line names it. It
// returns nil if that folder has no such results, or only those of another suite, and if
// the name is empty.
func Forks(ctx context.Context, name string, r *matrix.Results) (*matrix.Results, error) {
	return besides(ctx, folderOf(name), forksFolder, r)
}

// Near reads the results next to those in RESULTS, for their page: those of forks in its
// folder, and those of the releases if its folder is that of forks.
func Near(ctx context.Context, name string, r *matrix.Results) ([]page.Near, error) {
	dir := folderOf(name)
	forks, err := besides(ctx, dir, forksFolder, r)
	if err != nil || forks != nil {
		return NearForks(forks), err
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if dir == "" || filepath.Base(path) != forksFolder {
		return nil, nil // then nothing is known of the folder above
	}
	releases, err := besides(ctx, dir, "..", r)
	return NearReleases(releases), err
}

// NearForks are the pages next to that of releases; none if there are no results of forks.
func NearForks(forks *matrix.Results) []page.Near { return nearPage("forks", forksFolder, forks) }

// NearReleases are the pages next to that of forks.
func NearReleases(releases *matrix.Results) []page.Near { return nearPage("releases", "..", releases) }

// nearPage returns the page of results in a folder.
func nearPage(title, folder string, r *matrix.Results) []page.Near {
	if r == nil {
		return nil
	}
	return []page.Near{{Title: title, File: folder + "/" + pageFile, Table: grid.New(r)}}
}

// folderOf returns the folder of RESULTS, empty for none.
func folderOf(name string) string {
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return filepath.Dir(name)
	}
	return name
}

// besides reads the results in a folder that is relative to another one. It returns nil if
// the folder has no results, or if they answer another question.
func besides(ctx context.Context, dir, folder string, r *matrix.Results) (*matrix.Results, error) {
	file := filepath.Join(dir, folder, ResultsFile)
	if dir == "" || !isRegular(file) {
		return nil, nil
	}
	other, err := Read(ctx, file)
	if err != nil || other.Suite != r.Suite || other.Target != r.Target {
		return nil, err
	}
	return other, nil
}

// isRegular reports whether there is a regular file.
func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
