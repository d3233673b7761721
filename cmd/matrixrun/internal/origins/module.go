package origins

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/matrixrun/matrixrun/matrix"
)

// checkModule adds a problem for a value of --module that is not PATH@VERSION of a fork.
func checkModule(text string, suite *matrix.Spec, problems *matrix.Problems) {
	path, version, ok := strings.Cut(text, "@")
	err := module.Check(path, version)
	if err == nil && module.CanonicalVersion(version) != version {
		err = fmt.Errorf("%s is not one", version)
	}
	switch {
	case !ok || path == "" || version == "":
		problems.Add("", 0, "--module %q: want PATH@VERSION, such as example.com/fork@v1.2.3", text)
	case err != nil:
		if why, ok := errors.AsType[*module.ModuleError](err); ok {
			err = why.Err
		}
		problems.Add("", 0, "--module %q: want PATH@VERSION with a complete version, such as example.com/fork@v1.2.3: %v", text, err)
	case suite.Target.Has(path):
		problems.Add("", 0, "--module %s: that is the target itself: want --only %s", text, version)
	}
}

// ParseModules returns the forks that values of --module name, without checksums. The
// error is matrix.Problems, with every mistake.
func ParseModules(texts []string, suite *matrix.Spec) ([]matrix.Release, error) {
	var problems matrix.Problems
	var forks []matrix.Release
	for _, text := range texts {
		checkModule(text, suite, &problems)
		path, version, _ := strings.Cut(text, "@")
		forks = append(forks, matrix.Release{Module: path, Version: version})
	}
	return forks, problems.Err()
}

// module returns the release for a value of --module, PATH@VERSION. It must have the
// checksum that forks.lock has, if that has it.
func (o *Finder) module(ctx context.Context, text string) (matrix.Release, error) {
	path, version, _ := strings.Cut(text, "@")
	r := matrix.Release{Module: path, Version: version, Origin: &matrix.Origin{Kind: matrix.SourceModule, Name: text, Path: path}}
	if at := slices.IndexFunc(o.suite.Forks, func(f matrix.Release) bool { return f.Module == path && f.Version == version }); at >= 0 {
		r.Sum = o.suite.Forks[at].Sum
	}
	src, err := o.proxy.Fetch(ctx, r)
	if err != nil {
		return r, err
	}
	r = src.Release
	err = o.observe(ctx, &r, src.Zip, nil)
	return r, err
}

// readGoMod returns the module path and the go line of a module's go.mod. Without that
// file, the path is the given one.
func readGoMod(files fs.FS, path string) (declared, goLine string, err error) {
	data, err := fs.ReadFile(files, "go.mod")
	if errors.Is(err, fs.ErrNotExist) {
		return path, "", nil
	}
	if err != nil {
		return "", "", err
	}
	f, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return "", "", err
	}
	if f.Go != nil {
		goLine = f.Go.Version
	}
	if f.Module != nil {
		path = f.Module.Mod.Path
	}
	return path, goLine, nil
}
