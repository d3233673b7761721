package fork

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/checksum"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// changed returns the first file in the folder of a fork that was added or changed
// after WriteTree, or "": such a file would be lost. Missing files do not count.
func changed(dir string, a About) (foreign string, err error) {
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	sums, _, err := regular.Read(filepath.Join(dir, aboutDir, sumsName), maxText)
	if err != nil && !os.IsNotExist(err) {
		return "", err
	}
	own := map[string]string{goModName: ""} // sums has its checksum if the release has a go.mod
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		own[name] = sum
	}
	for _, name := range aboutNames(a) {
		own[path.Join(aboutDir, name)] = "" // can be written again
	}
	err = filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, at)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		sum, known := own[name]
		if known && entry.Type().IsRegular() {
			if now, err := checksum.File(at); err != nil || sum == "" || sum == now {
				return err
			}
		}
		foreign = name
		return fs.SkipAll
	})
	return foreign, err
}

// aboutNames returns the slash-separated paths of the files that the FORK folder
// may have.
func aboutNames(a About) []string {
	all := []string{readmeName, aboutName, sumsName, goModName}
	for _, p := range a.Patches {
		all = append(all, diffName(p.Name))
	}
	for _, name := range proxyNames(a) {
		all = append(all, path.Join(goProxyName, name))
	}
	return all
}
