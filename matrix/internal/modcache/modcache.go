// Package modcache finds files in the go command's module cache, whose layout
// https://go.dev/ref/mod#module-cache describes.
package modcache

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/mod/module"
)

// Downloads returns the folder in which a cache keeps what it has downloaded of a module:
// for each version a .mod, a .zip and more. It is an error if there is no cache, which is
// then empty, and if no module can have the path.
func Downloads(cache, path string) (string, error) {
	if cache == "" {
		return "", errors.New("there is no module cache")
	}
	escaped, err := module.EscapePath(path)
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "cache", "download", filepath.FromSlash(escaped), "@v"), nil
}

// File returns the downloaded file of a module version with an extension such as ".mod",
// whether it is there or not.
func File(cache string, mod module.Version, ext string) (string, error) {
	dir, err := Downloads(cache, mod.Path)
	if err != nil {
		return "", err
	}
	version, err := module.EscapeVersion(mod.Version)
	return filepath.Join(dir, version+ext), err
}

// Folder returns the folder in which a module version is unpacked, and "" if it is not
// there, or not all of it.
func Folder(cache string, mod module.Version) string {
	partial, err := File(cache, mod, ".partial") // the go command marks what it has not written completely
	if err != nil {
		return ""
	}
	path, _ := module.EscapePath(mod.Path) // both were escaped before
	version, _ := module.EscapeVersion(mod.Version)
	dir := filepath.Join(cache, filepath.FromSlash(path)+"@"+version)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	if _, err := os.Stat(partial); err == nil {
		return ""
	}
	return dir
}
