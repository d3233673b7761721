package matrix

import (
	"fmt"
	"strings"

	"github.com/hashicorp/go-version"
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
// A pre-release is in the range if its release would be. (In go-version itself, a
// range that names no pre-release admits none.)
func (c Constraint) Admits(release string) bool {
	if len(c.terms) == 0 {
		return true
	}
	v, err := version.NewVersion(release)
	if err != nil {
		return false
	}
	return c.terms.Check(v.Core())
}

// CompareVersions compares two versions by semantic versioning, as the function
// argument of slices.SortFunc does.
func CompareVersions(a, b string) int { return semver.Compare(a, b) }

// IsPrerelease reports whether a version is a pre-release or a pseudo-version.
func IsPrerelease(v string) bool { return semver.Prerelease(v) != "" }
