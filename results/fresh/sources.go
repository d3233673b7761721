package main

import (
	"crypto/sha256"
	"fmt"
	"go/parser"
	"go/scanner"
	"go/token"
	"hash"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// deciding lists the packages that decide the results of a run, together with what
// they import from this module. The command only passes on what it is told, and
// reports decide nothing.
var deciding = []string{"matrix/spec", "matrix/plan", "matrix/sweep", "matrix/merge"}

// sources returns the digest of everything that decides the results and is not in
// results.json itself: the code of the deciding packages, the versions of the
// modules that it imports, and matrix.yaml. Comments and tests do not count.
func (t tree) sources() (string, error) {
	text, err := os.ReadFile(t.path("go.mod"))
	if err != nil {
		return "", err
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return "", err
	}
	s := summer{tree: t, module: mod.Module.Mod.Path, hash: sha256.New(), folders: slices.Clone(deciding)}
	for i := 0; i < len(s.folders); i++ { // s.folder appends to it
		if err := s.folder(s.folders[i]); err != nil {
			return "", fmt.Errorf("reading the sources of %s: %w", s.folders[i], err)
		}
	}
	for _, r := range mod.Require {
		if slices.ContainsFunc(s.foreign, func(p string) bool { return p == r.Mod.Path || strings.HasPrefix(p, r.Mod.Path+"/") }) {
			fmt.Fprintf(s.hash, "require %s %s\n", r.Mod.Path, r.Mod.Version)
		}
	}
	data, err := os.ReadFile(t.path(suiteFolder + "/matrix.yaml"))
	if err != nil {
		return "", err
	}
	s.add("matrix.yaml", data)
	return fmt.Sprintf("%x", s.hash.Sum(nil)[:8]), nil
}

// A summer computes that digest.
type summer struct {
	tree
	module  string
	hash    hash.Hash
	folders []string // of packages, in the order of reading
	foreign []string // imports from other modules
}

// folder adds a package: its Go files except tests, for all systems, and all other
// files, which may be embedded.
func (s *summer) folder(name string) error {
	entries, err := os.ReadDir(s.path(name))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file := path.Join(name, e.Name())
		data, err := os.ReadFile(s.path(file))
		if err != nil {
			return err
		}
		if path.Ext(file) == ".go" {
			if err := s.imports(file, data); err != nil {
				return err
			}
			data = code(data)
		}
		s.add(file, data)
	}
	return nil
}

// add adds a file. It writes the lengths first, so that different files never give
// the same stream.
func (s *summer) add(name string, data []byte) {
	fmt.Fprintf(s.hash, "%d %s %d\n", len(name), name, len(data))
	s.hash.Write(data)
}

// imports records the imports of a file.
func (s *summer) imports(name string, data []byte) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		folder, own := strings.CutPrefix(imported, s.module+"/")
		switch {
		case own && !slices.Contains(s.folders, folder):
			s.folders = append(s.folders, folder)
		case !own:
			s.foreign = append(s.foreign, imported)
		}
	}
	return nil
}

// code returns the tokens of a Go file without comments, except //go: directives.
func code(data []byte) []byte {
	var out []byte
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile("", files.Base(), len(data)), data, nil, scanner.ScanComments)
	for {
		_, tok, text := s.Scan()
		switch {
		case tok == token.EOF:
			return out
		case tok == token.COMMENT && !strings.HasPrefix(text, "//go:"):
			continue
		case tok == token.SEMICOLON: // its text may be a newline
			text = ";"
		case text == "":
			text = tok.String()
		}
		out = append(append(out, text...), '\n')
	}
}

// path returns the path of a file of the tree on disk.
func (t tree) path(name string) string { return filepath.Join(t.root, filepath.FromSlash(name)) }
