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

// deciding are the packages whose code decides what a run finds out, with all
// that they import of this module. The command only passes on what it is told,
// and what shows results decides nothing.
var deciding = []string{"matrix/spec", "matrix/plan", "matrix/sweep", "matrix/merge"}

// sources returns the digest of all that decides what a run finds out, and that
// results.json does not name by itself: the code of deciding, the versions of the
// modules that it imports, and matrix.yaml. Comments and tests are no part of it.
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
	for i := 0; i < len(s.folders); i++ { // which grows
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
	folders []string // of packages, which are read in this order
	foreign []string // imports from beyond the module
}

// folder adds a package: its Go files without their tests, for whatever system
// they are, and every other file, which may be embedded.
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

// add puts the lengths before the bytes, so that no two sets of files give the
// same stream.
func (s *summer) add(name string, data []byte) {
	fmt.Fprintf(s.hash, "%d %s %d\n", len(name), name, len(data))
	s.hash.Write(data)
}

// imports notes what a file imports.
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

// code returns the tokens of a Go file, without its comments: these decide
// nothing, but for those that the compiler reads.
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
		case tok == token.SEMICOLON: // which a line's end can stand for
			text = ";"
		case text == "":
			text = tok.String()
		}
		out = append(append(out, text...), '\n')
	}
}

// path returns the path of a file of the tree.
func (t tree) path(name string) string { return filepath.Join(t.root, filepath.FromSlash(name)) }
