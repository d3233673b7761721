package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A GapError reports that a shallow clone does not have all commits between two.
type GapError struct{ From, To string }

func (e *GapError) Error() string {
	return fmt.Sprintf("the clone does not have all commits between %s and %s: %s", e.From, e.To, unshallow)
}

// A NoBaseError reports that two commits have no commit in common.
type NoBaseError struct{ A, B string }

func (e *NoBaseError) Error() string {
	return fmt.Sprintf("commits %s and %s have no history in common: want two commits of one history", e.A, e.B)
}

// Range returns the commits that to has and from does not, parents first. Both are
// hashes, and to is the last one returned. If from is empty, these are all commits up
// to to.
//
// If the clone is shallow and does not have all of them, the error is a *GapError.
func (c *Clone) Range(ctx context.Context, from, to string) ([]Commit, error) {
	args := []string{"--topo-order", "--reverse", to}
	if from != "" {
		args = append(args, "^"+from)
	}
	commits, err := c.log(ctx, args...)
	if err != nil || !c.Shallow {
		return commits, err
	}
	cut, err := c.cut()
	for _, commit := range commits {
		if cut[commit.Hash] {
			return nil, &GapError{from, to}
		}
	}
	return commits, err
}

// cut returns the commits of a shallow clone whose parents are missing.
func (c *Clone) cut() (map[string]bool, error) {
	data, err := os.ReadFile(c.shallow)
	if err != nil {
		return nil, fmt.Errorf("reading where the history of the clone ends: %w", err)
	}
	ends := make(map[string]bool)
	for hash := range strings.FieldsSeq(string(data)) {
		ends[hash] = true
	}
	return ends, nil
}

// MergeBase returns the newest commit that is in the history of two commits. If they
// have nothing in common, the error is a *NoBaseError. In a shallow clone the common
// part may be missing, and it is a *GapError.
func (c *Clone) MergeBase(ctx context.Context, a, b string) (string, error) {
	out, err := c.run(ctx, "merge-base", a, b)
	var refused *RefusedError
	switch {
	case errors.As(err, &refused) && refused.Words == "" && c.Shallow:
		return "", &GapError{a, b}
	case errors.As(err, &refused) && refused.Words == "":
		return "", &NoBaseError{a, b}
	}
	return strings.TrimSpace(string(out)), err
}

// IsAncestor reports whether the history of b has the commit a, which may be b itself.
// The errors are those of MergeBase, apart from *NoBaseError.
func (c *Clone) IsAncestor(ctx context.Context, a, b string) (bool, error) {
	base, err := c.MergeBase(ctx, a, b)
	if _, ok := errors.AsType[*NoBaseError](err); ok {
		return false, nil
	}
	return base == a, err
}
