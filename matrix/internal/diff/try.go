package diff

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// An attempt is what applying changes to a tree would come to.
type attempt struct {
	edits     []Edit
	conflicts []string
	offset    int
	idle      bool // no edit makes a difference
}

func (a *attempt) fits() bool  { return len(a.conflicts) == 0 }
func (a *attempt) exact() bool { return a.fits() && a.offset == 0 }

// shown is how many conflicts a message spells out.
const shown = 5

func (a *attempt) conflict() string {
	text := strings.Join(a.conflicts[:min(shown, len(a.conflicts))], "\n")
	if more := len(a.conflicts) - shown; more > 0 {
		text += fmt.Sprintf("\nand %d more", more)
	}
	return text
}

// undo returns the changes that take back the given ones. Modes stay out of it:
// module zips don't keep them, so they can't tell what a release has.
func undo(changes []change) []change {
	back := make([]change, len(changes))
	for i, c := range changes {
		b := change{from: c.to, to: c.from, line: c.line}
		if c.copied {
			b.to, b.like = "", c.from
		}
		for _, h := range c.hunks {
			b.hunks = append(b.hunks, h.undone())
		}
		back[i] = b
	}
	return back
}

// try finds out what the changes come to. Each is seen against the tree as it
// is, as git has it, so that two files can change names.
func try(tree fs.FS, file string, changes []change) (*attempt, error) {
	a := &attempt{idle: true}
	leaving := map[string]bool{}
	for _, c := range changes {
		if c.from != c.to && !c.copied {
			leaving[c.from] = true
		}
	}
	for _, c := range changes {
		if err := a.add(tree, file, c, leaving); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// add finds out what one change comes to.
func (a *attempt) add(tree fs.FS, file string, c change, leaving map[string]bool) error {
	old, err := look(tree, c.from)
	if err != nil {
		return err
	}
	if c.from != "" && !old.regular {
		a.refuse("%s: %s", c.from, old.absence())
		return nil
	}
	if why, err := blocked(tree, c, leaving); err != nil || why != "" {
		a.refuse("%s: %s", c.to, why)
		return err
	}
	lines := split(string(old.data))
	p := place(c.name(), file, lines, c.hunks)
	if len(p.conflicts) > 0 {
		a.conflicts = append(a.conflicts, p.conflicts...)
		return nil
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
		mode = old.mode.Perm() | 0o200 // a module zip unpacks to files without it
	}
	a.idle = a.idle && c.from == c.to && data == string(old.data) && (mode^old.mode)&0o100 == 0
	a.edits = append(a.edits, Edit{Path: c.to, Data: []byte(data), Mode: mode})
	if c.from != "" && c.from != c.to && !c.copied {
		a.edits = append(a.edits, Edit{Path: c.from, Remove: true})
	}
	return nil
}

// drop adds a removal, if what the hunks leave is what they should leave.
func (a *attempt) drop(tree fs.FS, c change, rest string) error {
	want := ""
	if c.like != "" {
		other, err := look(tree, c.like)
		if err != nil {
			return err
		}
		want = string(other.data)
	}
	if rest != want {
		a.refuse("%s: is to be removed, but has %d lines that the patch does not know", c.from, len(split(rest)))
		return nil
	}
	a.idle = false
	a.edits = append(a.edits, Edit{Path: c.from, Remove: true})
	return nil
}

func (a *attempt) refuse(format string, args ...any) {
	a.conflicts = append(a.conflicts, fmt.Sprintf(format, args...))
}

// A view is a file as it stands in the tree.
type view struct {
	exists, regular bool
	data            []byte
	mode            fs.FileMode
}

func (v view) absence() string {
	if v.exists {
		return "is no regular file"
	}
	return "there is no such file"
}

// look reads a file. A missing one is no error, and neither is the empty path.
func look(tree fs.FS, name string) (view, error) {
	if name == "" {
		return view{mode: 0o644}, nil
	}
	info, err := fs.Lstat(tree, name)
	switch {
	case missing(err):
		return view{}, nil
	case err != nil:
		return view{}, fmt.Errorf("reading the tree: %w", err)
	case !info.Mode().IsRegular():
		return view{exists: true}, nil
	}
	data, err := fs.ReadFile(tree, name)
	if err != nil {
		return view{}, fmt.Errorf("reading the tree: %w", err)
	}
	return view{exists: true, regular: true, data: data, mode: info.Mode()}, nil
}

// missing reports whether an error says that there is no such file.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) || isNotDir(err) }
