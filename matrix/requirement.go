package matrix

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/mod/module"
)

// A Requirement says which version of a module another one requires. A build that has
// another version of it may not compile.
type Requirement struct {
	By, Of module.Version
	Has    string // the version of Of in the build, if it is not the one of the row's release
}

// String returns the requirement as a complaint has it.
func (r Requirement) String() string {
	out := fmt.Sprintf("%s %s requires %s %s", r.By.Path, r.By.Version, r.Of.Path, r.Of.Version)
	if r.Has != "" {
		out += ", and the build has " + r.Has
	}
	return out
}

// requirement matches what String returns.
var requirement = regexp.MustCompile(`(\S+\.\S+) (v\d[^\s,]*) requires (\S+\.\S+) (v\d[^\s,)]*)(?:, and the build has (v\d[^\s,)]*))?`)

// RequirementIn returns the requirement in a complaint.
func RequirementIn(complaint string) (r Requirement, ok bool) {
	found := requirement.FindStringSubmatch(complaint)
	if found == nil {
		return r, false
	}
	return Requirement{
		By: module.Version{Path: strings.TrimLeft(found[1], "("), Version: found[2]}, Of: module.Version{Path: found[3], Version: found[4]}, Has: found[5],
	}, true
}

// inCache matches the path of a file in the module cache.
var inCache = regexp.MustCompile(`\$GOMODCACHE[/\\]([^\s@]+)@([^\s/\\]+)[/\\]`)

// ModuleOf returns the module that a complaint is about: a dependency in the module cache,
// of which the go command gives the path. It returns false if it is the reproduction or the
// target.
func ModuleOf(complaint string) (m module.Version, ok bool) {
	found := inCache.FindStringSubmatch(Gist(complaint))
	if found == nil {
		return m, false
	}
	path, err := module.UnescapePath(strings.ReplaceAll(found[1], `\`, "/"))
	if err != nil {
		return m, false
	}
	version, err := module.UnescapeVersion(found[2])
	return module.Version{Path: path, Version: version}, err == nil
}

// inTarget matches the path of a file in the folder with the target of a row.
var inTarget = regexp.MustCompile(`(?:^|\s)\.\.[/\\]target[/\\]`)

// InTarget reports whether a complaint begins with the code of the target.
func InTarget(complaint string) bool { return inTarget.MatchString(Gist(complaint)) }

// own matches a message about a Go file of the reproduction, in which the compiler has
// paths relative to its folder: neither ../target/file.go nor $GOMODCACHE/file.go.
var own = regexp.MustCompile(`(?m)^(\./)?[^.$~/\s][^$\s]*\.go:\d+`)

// InReproduction reports whether a complaint is about the code of the reproduction, which
// then may have been written for another API of the target than the row has.
func InReproduction(complaint string) bool { return own.MatchString(complaint) }
