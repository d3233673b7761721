package remedy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/diagnose"
	"github.com/matrixrun/matrixrun/matrix/internal/gocmd"
	"github.com/matrixrun/matrixrun/matrix/internal/goenv"
	"github.com/matrixrun/matrixrun/matrix/internal/gomod"
)

// build compiles the packages of all main modules in the copy, and discards the result.
// It returns the first complaint, empty if all compile. An error means that there is no
// proof that the code is the reason.
func (s *session) build(ctx context.Context) (complaint string, err error) {
	for _, m := range s.files.mods {
		version, err := s.Go.Run(ctx, s.call(m.dir(), "env", "GOVERSION"))
		if err != nil {
			return "", err
		}
		args := append([]string{"build"}, diagnose.Flags(strings.TrimSpace(string(version)))...)
		call := s.call(m.dir(), append(args, "-o", os.DevNull, "./...")...)
		out, err := s.Go.Run(ctx, call)
		if err == nil {
			continue
		}
		why, err := diagnose.Complaint(ctx, s.Go, diagnose.Failure{Call: call, Stdout: out, Err: err, Packages: []string{"./..."}})
		if err != nil {
			return "", err
		}
		return s.gist(m, why), nil
	}
	return "", nil
}

// missingPackage matches the go command's message about a package that no module has.
var missingPackage = regexp.MustCompile(`^(\S+:\d+):\d+: no required module provides package ([^\s;]+)`)

// gist returns the line of a complaint that says most, with the paths of the user's.
func (s *session) gist(m *goMod, complaint string) string {
	gist := s.located(m, strings.TrimSpace(matrix.Gist(s.clean(complaint))))
	if at, path := s.missing(gist); path != "" {
		return fmt.Sprintf("package %s is gone, which %s imports", path, at)
	}
	return gist
}

// missing returns which package of the target a message says that no module has, and
// the line that imports it; both are empty if it says something else.
func (s *session) missing(message string) (at, path string) {
	found := missingPackage.FindStringSubmatch(message)
	if len(found) == 0 || !gomod.In(s.target, nil, found[2]) {
		return "", ""
	}
	return found[1], found[2]
}

// located makes the file at the start of a diagnostic relative to the program's folder,
// or to the module cache, where the name of a module begins.
func (s *session) located(m *goMod, line string) string {
	file, rest, ok := strings.Cut(line, ":")
	if !ok || filepath.Ext(file) != ".go" {
		return line
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(m.dir(), file)
	}
	if cache := goenv.ModCache(); within(s.replica.base, file) {
		file = relative(s.files.root(), file)
	} else if cache != "" && within(cache, file) {
		file = relative(cache, file)
	}
	return file + ":" + rest
}

// ofVet matches a line in which go vet says that a file does not compile.
var ofVet = regexp.MustCompile(`^vet: (\S+\.go):\d+:\d+: `)

// vet compiles the tests of all main modules in the copy, as far as go vet does: it
// checks their types. It returns the first complaint, empty if there is none. Of the
// checks of go vet it makes one that hardly ever finds something: what the others find is
// no reason to keep a release.
func (s *session) vet(ctx context.Context) (complaint string, err error) {
	for _, m := range s.files.mods {
		_, err := s.Go.Run(ctx, s.call(m.dir(), "vet", "-nilfunc", "./..."))
		var failed *gocmd.Error
		switch {
		case err == nil:
			continue
		case !errors.As(err, &failed) || failed.TimedOut || failed.ExitCode <= 0:
			return "", err
		case strings.Contains(failed.Stderr, "no packages to vet"):
			continue
		}
		for line := range strings.Lines(s.clean(failed.Stderr)) {
			line = strings.TrimSpace(line)
			if found := ofVet.FindStringSubmatch(line); len(found) > 0 && s.has(m, found[1]) {
				return s.located(m, strings.TrimPrefix(line, "vet: ")), nil
			}
		}
		gone, goneErr := s.gone(ctx, m)
		if goneErr == nil && gone != "" {
			return gone, nil
		}
		return "", err
	}
	return "", nil
}

// has reports whether a diagnostic names a file of a module.
func (s *session) has(m *goMod, file string) bool {
	if !filepath.IsAbs(file) {
		file = filepath.Join(m.dir(), file)
	}
	info, err := os.Stat(s.replica.at(file))
	return err == nil && info.Mode().IsRegular()
}

// gone returns which package of the target a module imports, in its code or in its
// tests, that no module of the build has; empty if there is none.
func (s *session) gone(ctx context.Context, m *goMod) (string, error) {
	const template = `{{with .Error}}{{.Pos}}: {{.Err}}{{end}}`
	out, err := s.Go.Run(ctx, s.call(m.dir(), "list", "-e", "-deps", "-test", "-f", template, "./..."))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(s.clean(string(out))) {
		line = strings.TrimSpace(line)
		if _, path := s.missing(line); path != "" {
			return s.gist(m, line), nil
		}
	}
	return "", nil
}

// run runs a step in the copy. It returns a complaint if the program is the reason that
// it cannot be done, and an error if that is not known.
func (s *session) run(ctx context.Context, step step) (complaint string, err error) {
	switch {
	case step.fork != nil:
		return s.runFork(ctx, step)
	case step.move != nil:
		return "", s.runMove(step)
	}
	_, err = s.Go.Run(ctx, s.call(step.dir, step.args...))
	if err == nil || ctx.Err() != nil || step.args[0] != "get" {
		return "", err
	}
	var failed *gocmd.Error
	if errors.As(err, &failed) && conflict.MatchString(failed.Stderr) {
		return s.clean(firstLine(failed.Stderr)), nil
	}
	// The go command changes nothing if a package that the program imports is not in the
	// release. Whether that is the reason shows if the release is required all the same.
	if i := slices.Index(step.args, "./..."); i > 0 && strings.Contains(step.args[i-1], "@") {
		if _, again := s.Go.Run(ctx, s.call(step.dir, step.args[:i]...)); again != nil {
			return "", err
		}
	}
	for _, m := range s.files.mods {
		if m.dir() != step.dir {
			continue
		}
		if gone, goneErr := s.gone(ctx, m); goneErr == nil && gone != "" {
			return gone, nil
		}
	}
	return "", err
}

// conflict matches what the go command prints if the requirements of a program exclude
// a release.
var conflict = regexp.MustCompile(`(?m)excluded by go\.mod| requires .+, not | is excluded`)

// firstLine returns the first line of what the go command printed that is no progress.
func firstLine(stderr string) string {
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "go: downloading ") {
			return strings.TrimPrefix(line, "go: ")
		}
	}
	return ""
}

// runFork makes the fork in the copy.
func (s *session) runFork(ctx context.Context, step step) (complaint string, err error) {
	if s.Fork == nil {
		return "", errors.New("forks are not made here")
	}
	dir := filepath.Join(step.dir, step.fork.name)
	s.replica.created = append(s.replica.created, dir)
	return s.Fork(ctx, step.fork.of, step.fork.patches, s.replica.at(dir))
}

// runMove changes an import path in the copy.
func (s *session) runMove(step step) error {
	for _, name := range step.move.files {
		path := filepath.Join(step.dir, name)
		data, err := os.ReadFile(s.replica.at(path))
		if err != nil {
			return err
		}
		if _, ok := s.replica.edited[path]; !ok {
			s.replica.edited[path] = data
		}
		renamed := gomod.RenameImports(data, func(imported string) string {
			if imported == step.move.from {
				return step.move.to
			}
			return imported
		})
		if err := os.WriteFile(s.replica.at(path), renamed, 0o666); err != nil {
			return err
		}
	}
	return nil
}
