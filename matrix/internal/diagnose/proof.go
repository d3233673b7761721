package diagnose

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix/internal/fault"
	"github.com/matrixrun/matrixrun/matrix/internal/regular"
)

// unresolved matches why the go command cannot load a package if the code is the
// reason. It reports other reasons, such as a download that failed, in the same place.
var unresolved = regexp.MustCompile(strings.Join([]string{
	`^package .* is not in (std|GOROOT)\b`,
	`^no required module provides package `,
	`^cannot find module providing package .*: import lookup disabled`,
	`^module .* (found|provides package) .*(does not contain package|but)`,
	`^missing go\.sum entry for `,
	`^use of (internal|vendored) package .* not allowed`,
	`^import cycle not allowed`,
	`^ambiguous import: `,
	`^import ".*" is a program, not an importable package`,
	`^build constraints exclude all Go files in `,
	`^no (non-test )?Go files in `,
	`^found packages `,
	`^(malformed|invalid) import path`,
	`^(local|relative) import .*`,
	`^pattern .*: (no matching files found|cannot embed |invalid pattern)`,
	`^C source files not allowed`,
	`^expected .*, found `,
	`^(import path must be a string|missing import path|string literal not terminated|comment not terminated|newline in string|illegal character U\+)`,
}, "|"))

// moduleRefused matches why the go command accepts no go.mod or go.sum of the build.
var moduleRefused = regexp.MustCompile(`updates to go\.mod needed|updates to go\.sum needed|missing go\.sum entry|requires go ?>= ?[0-9]|ambiguous import: `)

// inModFile matches a mistake in a go.mod.
var inModFile = regexp.MustCompile(`(?m)^(?:go: )?(\S*go\.mod):\d+(?::\d+)?: `)

// refusesModule reports whether the go command refuses the modules of the build for
// what is in their files.
func (e examination) refusesModule(stderr string) bool {
	for _, m := range inModFile.FindAllStringSubmatch(stderr, -1) {
		if e.exists(m[1]) {
			return true
		}
	}
	return moduleRefused.MatchString(stderr)
}

// exists reports whether there is a regular file of that name, as the go command prints
// it.
func (e examination) exists(name string) bool {
	info, err := os.Stat(e.absolute(name))
	return err == nil && info.Mode().IsRegular()
}

func (e examination) absolute(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Call.Dir, name)
}

// checkImports returns an error unless the code is the reason that packages cannot be
// loaded.
func (e examination) checkImports(ctx context.Context, listed packages) error {
	std := false // whether a package of the standard library is said to be missing
	for _, p := range listed {
		if p.err == "" {
			continue
		}
		if p.standard {
			return e.brokenToolchain(ctx, p.path)
		}
		if !unresolved.MatchString(p.err) {
			return e.unproven(ctx)
		}
		std = std || strings.HasPrefix(p.err, "package ")
	}
	if std {
		if _, err := e.Run(ctx, e.command("list", "std")); err != nil {
			return e.brokenToolchain(ctx, "std")
		}
	}
	return nil
}

// brokenToolchain returns the error for a standard library that does not load or
// compile, which is never the fault of the code that imports it.
func (e examination) brokenToolchain(ctx context.Context, pkg string) error {
	return e.doubt(ctx, fmt.Sprintf("%s is part of the toolchain: %s", pkg, fault.BrokenToolchain))
}

// checkBlocks returns an error unless every package that failed has diagnostics of its
// own.
func (e examination) checkBlocks(ctx context.Context, blocks []block, listed packages) error {
	if len(blocks) == 0 {
		return e.unproven(ctx)
	}
	for _, b := range blocks {
		p, ok := listed[strings.TrimSuffix(b.pkg, ".test")]
		switch {
		case !ok || !p.standard && !e.proves(b, p):
			return e.unproven(ctx)
		case p.standard && fault.Shortage(strings.Join(b.lines, "\n")) == "" && e.proves(b, p):
			return e.brokenToolchain(ctx, p.path)
		case p.standard:
			return e.unproven(ctx)
		}
	}
	return nil
}

// verify returns an error if somebody has changed a module in the module cache, or a
// disk has: what does not compile then is not what was published. All modules of the
// build count. One that lost files may not provide any package.
func (e examination) verify(ctx context.Context) error {
	_, err := e.Run(ctx, e.command("mod", "verify"))
	if err != nil && damagedModule.MatchString(err.Error()) {
		return fmt.Errorf("the module cache is damaged, and \"go clean -modcache\" empties it: %w; before that: %w", err, e.Err)
	}
	return nil // it can fail for other reasons, such as the go.mod that does not let the code build
}

// damagedModule matches what "go mod verify" reports of a module that is not as it was
// downloaded.
var damagedModule = regexp.MustCompile(`has been modified|missing ziphash|input/output error`)

// position matches a line in which a tool points at a place in a file.
var position = regexp.MustCompile(`^(\S.*?):\d+(?::\d+)?: (.*)`)

// isSource matches the names of files that the compiler and the assembler read.
var isSource = regexp.MustCompile(`\.(?:go|s)$`)

// notOfCode matches diagnostics that point at code and are about something else: the
// build cache, whose files have the types of imported packages, or the compiler.
var notOfCode = regexp.MustCompile(`^(could not import |can't (find|open) import|import |internal compiler error|open |read |error (reading|while) )`)

// ofLinker matches the messages of the linker that are about the code.
var ofLinker = regexp.MustCompile(strings.Join([]string{
	`: relocation target \S+ not defined`,
	`^\S+: function main is undeclared in the main package`,
	`^(\S*link: )?\S+: invalid reference to \S+`,
	`duplicated definition of symbol `,
	`^(\S*link: )?too many errors`,
}, "|"))

// proves reports whether a block proves that the code of a package does not compile, or
// does not link. The compiler may quote the code, so its words prove nothing else.
func (e examination) proves(b block, p pkg) bool {
	if len(b.lines) > 0 && !slices.ContainsFunc(b.lines, func(line string) bool { return !ofLinker.MatchString(line) }) {
		return true
	}
	found := false
	for _, line := range b.lines {
		var file, text string
		if m := position.FindStringSubmatch(line); m != nil {
			file, text = m[1], m[2]
		}
		switch own := e.in(file, p.dir) || directs(p.dir, file); {
		case !own && !isSource.MatchString(file):
			if trouble.MatchString(line) {
				return false
			}
		case notOfCode.MatchString(text):
			return false
		case own:
			found = true
		}
	}
	return found
}

// trouble matches a line that reports the end of a tool, and not a mistake in the code.
var trouble = regexp.MustCompile(`signal: |fatal error: |^panic: |no space left|cannot allocate memory|out of memory|too many open files|quota exceeded|permission denied|input/output error|read-only file system`)

// in reports whether a source file is in a folder.
func (e examination) in(file, dir string) bool {
	if !isSource.MatchString(file) || !e.exists(file) {
		return false
	}
	a, err := os.Stat(filepath.Dir(e.absolute(file)))
	if err != nil {
		return false
	}
	b, err := os.Stat(dir)
	return err == nil && os.SameFile(a, b)
}

// directive matches the line directives of Go code. The compiler then names another
// file, which need not exist: see https://go.dev/cmd/compile#hdr-Line_Directives.
var directive = regexp.MustCompile(`(?m)^//line (.+?):\d+(?::\d+)?\s*$|/\*line (.+?):\d+(?::\d+)?\*/`)

// maxSource bounds a file in which directives are looked for, in bytes.
const maxSource = 64 << 20

// directs reports whether a line directive in the code in a folder has the name of a
// file.
func directs(dir, file string) bool {
	if file == "" {
		return false
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != ".go" {
			continue
		}
		text, _, err := regular.Read(filepath.Join(dir, entry.Name()), maxSource)
		if err != nil || !bytes.Contains(text, []byte(file)) {
			continue
		}
		for _, m := range directive.FindAllSubmatch(text, -1) {
			if string(m[1]) == file || string(m[2]) == file {
				return true
			}
		}
	}
	return false
}
