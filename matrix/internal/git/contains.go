package git

import (
	"context"
	"strings"
)

// A Presence says how a history has a change.
type Presence string

// The ways in which a history has a change, the surest first.
const (
	InHistory Presence = "history" // the commit itself is in it
	SamePatch Presence = "patch"   // a commit in it changes the same lines, as for git cherry
	Named     Presence = "named"   // a commit in it says that it was cherry-picked from the commit
	SameTitle Presence = "title"   // a commit in it has the same subject, which proves nothing
	Absent    Presence = ""        // nothing in it shows that it has the change
)

// Has finds out whether the history of a tip has the change of a commit, and by which
// commit. A commit that was reverted there is absent.
//
// The errors are those of MergeBase, apart from *NoBaseError.
func (c *Clone) Has(ctx context.Context, commit Commit, tip string) (how Presence, by string, err error) {
	below, err := c.IsAncestor(ctx, commit.Hash, tip)
	if err != nil {
		return "", "", err
	}
	if below {
		how, by = InHistory, commit.Hash
	} else if how, by, err = c.picked(ctx, commit, tip); err != nil || how == Absent || how == SameTitle {
		return how, by, err
	}
	reverted, err := c.first(ctx, "^"+by, tip, "This reverts commit "+by)
	if err != nil || reverted != "" {
		return Absent, "", err
	}
	return how, by, nil
}

// picked finds the commit that has the change of another one in a history without that.
func (c *Clone) picked(ctx context.Context, commit Commit, tip string) (how Presence, by string, err error) {
	out, err := c.run(ctx, "rev-list", "--cherry-mark", "--left-only", "--no-merges", tip+"..."+commit.Hash, "^"+commit.Parents[0])
	if err != nil {
		return "", "", err
	}
	for _, line := range fields(out, "\n") {
		if hash, same := strings.CutPrefix(line, "="); same {
			return SamePatch, hash, nil
		}
	}
	if by, err = c.first(ctx, "^"+commit.Hash, tip, "cherry picked from commit "+commit.Hash); err != nil || by != "" {
		return Named, by, err
	}
	commits, err := c.log(ctx, "--fixed-strings", "--grep="+commit.Subject, tip, "^"+commit.Hash)
	if err != nil {
		return Absent, "", err
	}
	const few = 3 // words that many commits have, such as "fix tests"
	for _, other := range commits {
		if other.Subject == commit.Subject && len(strings.Fields(commit.Subject)) >= few {
			return SameTitle, other.Hash, nil
		}
	}
	return Absent, "", nil
}

// first returns the newest commit of a range whose message has a text, or "".
func (c *Clone) first(ctx context.Context, except, tip, text string) (string, error) {
	commits, err := c.log(ctx, "-1", "--fixed-strings", "--grep="+text, tip, except)
	if err != nil || len(commits) == 0 {
		return "", err
	}
	return commits[0].Hash, nil
}
