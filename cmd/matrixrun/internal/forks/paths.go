package forks

import (
	"net/url"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/matrixrun/matrixrun/cmd/matrixrun/internal/find"
)

// ReplacePath returns a folder as the right side of a replace line.
func ReplacePath(dir string) string {
	dir = filepath.Clean(dir)
	switch {
	case dir == "." || dir == "..": // the program is elsewhere, and old go commands refuse these
		dir = find.Absolute(dir)
	case !filepath.IsAbs(dir) && !strings.HasPrefix(filepath.ToSlash(dir), "../"):
		dir = "./" + dir
	}
	return modfile.AutoQuote(filepath.ToSlash(dir))
}

// ProxyURL returns a folder as an element of GOPROXY.
func ProxyURL(dir string) string {
	path := filepath.ToSlash(find.Absolute(dir))
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/forks
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
