package diff

import (
	"context"
	"fmt"
	"strings"
)

// An attempt is the outcome of applying changes to a tree.
type attempt struct {
	edits     []Edit
	conflicts conflicts
	offset    int
	idle      bool // the edits change nothing
}

func (a *attempt) fits() bool  { return a.conflicts.count == 0 }
func (a *attempt) exact() bool { return a.fits() && a.offset == 0 }

// shown is how many conflicts a message explains.
const shown = 5

// conflicts are the reasons why changes do not apply. Only the first few are
// explained, since that takes longer than finding them.
type conflicts struct {
	limit int // of reasons
	texts []string
	count int
}

// add counts a conflict, and explains it unless there are enough.
func (c *conflicts) add(explain func() string) {
	if c.count++; len(c.texts) < c.limit {
		c.texts = append(c.texts, explain())
	}
}

// conflict returns the message about all conflicts.
func (a *attempt) conflict() string {
	text := strings.Join(a.conflicts.texts, "\n")
	if more := a.conflicts.count - len(a.conflicts.texts); more > 0 {
		text += fmt.Sprintf("\nand %d more", more)
	}
	return text
}

// undo returns the changes that revert the given ones. Modes are left out: module
// zips do not keep them, so the tree does not have those of the release.
func undo(changes []change) []change {
	back := make([]change, len(changes))
	for i, c := range changes {
		b := change{from: c.to, to: c.from, line: c.line}
		if c.copied {
			b.to, b.like = "", c.from
		}
		if !c.movedOut { // into a file elsewhere
			b.hunks = undone(c.hunks)
		}
		back[i] = b
	}
	return back
}

// try computes the outcome of changes. Each is applied to the original tree, as git
// does, so that two files can swap names. At most explained conflicts get a text.
func try(ctx context.Context, tree *state, file string, changes []change, explained int) (*attempt, error) {
	a := &attempt{idle: true, conflicts: conflicts{limit: explained}}
	leaving := map[string]bool{}
	for _, c := range changes {
		if c.from != c.to && !c.copied {
			leaving[c.from] = true
		}
	}
	for _, c := range changes {
		if err := a.add(ctx, tree, file, c, leaving); err != nil {
			return nil, err
		}
	}
	return a, ctx.Err()
}

// add computes the outcome of one change. leaving has the paths that other changes
// move or delete.
func (a *attempt) add(ctx context.Context, tree *state, file string, c change, leaving map[string]bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	old, err := tree.look(c.from)
	if err != nil {
		return err
	}
	if c.from != "" && !old.regular {
		why, err := tree.absence(ctx, c, old)
		a.refuse("%s: %s", c.from, why)
		return err
	}
	if why, err := tree.blocked(c, leaving); err != nil || why != "" {
		a.refuse("%s: %s", c.to, why)
		return err
	}
	lines := split(string(old.data))
	known := a.conflicts.count
	p := place(ctx, message{path: c.name(), file: file, document: newDocument(lines)}, c.hunks, &a.conflicts)
	if a.conflicts.count > known || ctx.Err() != nil {
		return ctx.Err()
	}
	if abs(p.offset) > abs(a.offset) {
		a.offset = p.offset
	}
	data := strings.Join(patch(lines, c.hunks, p.at), "")
	if c.to == "" {
		return a.drop(tree, c, data)
	}
	mode := c.mode
	if mode == 0 {
		mode = old.mode.Perm() | 0o200 // files of a module zip are read-only
	}
	a.idle = a.idle && c.from == c.to && data == string(old.data) && (mode^old.mode)&0o100 == 0
	a.edits = append(a.edits, Edit{Path: c.to, Data: []byte(data), Mode: mode})
	if c.from != "" && c.from != c.to && !c.copied {
		a.edits = append(a.edits, Edit{Path: c.from, Remove: true})
	}
	return nil
}

// drop adds the removal of a file, if the hunks leave of it what they should.
func (a *attempt) drop(tree *state, c change, rest string) error {
	want := ""
	if c.like != "" {
		other, err := tree.look(c.like)
		if err != nil {
			return err
		}
		want = string(other.data)
	}
	if rest != want && !c.movedOut {
		a.refuse("%s: would be removed, but has %d lines that the patch does not know", c.from, len(split(rest)))
		return nil
	}
	a.idle = false
	a.edits = append(a.edits, Edit{Path: c.from, Remove: true})
	return nil
}

func (a *attempt) refuse(format string, args ...any) {
	a.conflicts.add(func() string { return fmt.Sprintf(format, args...) })
}
