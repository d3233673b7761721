package matrix

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/go-version"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// A Constraint is a range of releases in the syntax of hashicorp/go-version,
// such as ">= 0.44, < 0.50". The zero Constraint admits every release.
type Constraint struct {
	text  string
	terms version.Constraints
}

// ParseConstraint reads a constraint. The empty text admits every release.
func ParseConstraint(text string) (Constraint, error) {
	if strings.TrimSpace(text) == "" {
		return Constraint{}, nil
	}
	terms, err := version.NewConstraint(text)
	if err != nil {
		return Constraint{}, fmt.Errorf("%q is not a constraint on versions: want terms such as %q", text, ">= 0.44, < 0.50")
	}
	return Constraint{text: text, terms: terms}, nil
}

// MustConstraint is ParseConstraint for constants; it panics on a mistake.
func MustConstraint(text string) Constraint {
	c, err := ParseConstraint(text)
	if err != nil {
		panic(err)
	}
	return c
}

// String returns the text that the constraint was parsed from.
func (c Constraint) String() string { return c.text }

// Admits reports whether a release, a version with its leading v, is in the range.
// A pre-release is in the range if its release would be, and so is a commit of a module
// without releases. (In go-version itself, a range that names no pre-release admits none.)
// Otherwise commits go by their pseudo-versions: v1.2.4-0.20240102030405-0123456789ab comes
// after v1.2.3 and before v1.2.4. A term that names a pre-release or a commit is compared
// with all of the version.
func (c Constraint) Admits(release string) bool {
	v, err := version.NewVersion(release)
	if err != nil {
		return len(c.terms) == 0
	}
	base, _ := module.PseudoVersionBase(release)
	for _, term := range c.terms {
		if base == "" && !term.Prerelease() {
			if !term.Check(v.Core()) {
				return false
			}
		} else if !admits(term, release, v.Core()) {
			return false
		}
	}
	return true
}

// termParts matches a term: its operator, and its version.
var termParts = regexp.MustCompile(`^\s*([^0-9v\s]*)\s*v?(.*?)\s*$`)

// admits reports whether a term admits a release, compared as a whole. Its core is used for
// the operator ~>, which is about the numbers alone.
func admits(term *version.Constraint, release string, core *version.Version) bool {
	parts := termParts.FindStringSubmatch(term.String())
	compared := semver.Compare(release, semver.Canonical("v"+parts[2]))
	switch parts[1] {
	case "~>":
		return term.Check(core)
	case "!=":
		return compared != 0
	case ">":
		return compared > 0
	case "<":
		return compared < 0
	case ">=":
		return compared >= 0
	case "<=":
		return compared <= 0
	default:
		return compared == 0
	}
}

// CompareVersions compares two versions by semantic versioning, as the function
// argument of slices.SortFunc does.
func CompareVersions(a, b string) int { return semver.Compare(a, b) }

// IsPrerelease reports whether a version is a pre-release or a pseudo-version.
func IsPrerelease(v string) bool { return semver.Prerelease(v) != "" }
