package diff

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// Names says what the names of files in a diff are relative to. People keep patches of a
// module that are made in other places: in a program's vendor folder, in the module
// cache, in the folder above the module.
type Names struct {
	Modules []string // paths of the module, by which its root is recognized in a name
	Nested  []string // folders below the root that are modules of their own
	Strip   int      // folders at the beginning of each name that are not the module's, as for git apply -p; negative if that is not known
}

// Found is for names that are relative to the module's root, or to prefixes such as a/
// and b/.
var Found = Names{Strip: -1}

// A pair is the names of a file before and after a change. From is empty if the change
// adds the file, and to is empty if it removes it.
type pair struct {
	from, to string
	cut      int // folders that were removed from the beginning
}

// strip makes the names relative to the folder that Strip folders lead to. A name with
// fewer folders is not below it.
func (n Names) strip(s section, p pair) (in pair, outside string) {
	in = pair{cut: n.Strip}
	for _, side := range []struct {
		name, raw, prefix string
		into              *string
	}{{p.from, s.old, "a/", &in.from}, {p.to, s.new, "b/", &in.to}} {
		name := side.name
		if name == "" {
			continue
		}
		if raw, err := unquote(side.raw); n.Strip < p.cut && err == nil {
			name = cmp.Or(raw, side.prefix+name)
		}
		for range n.Strip - p.cut {
			_, name, _ = strings.Cut(name, "/")
		}
		if name == "" {
			return pair{}, side.name
		}
		*side.into = name
	}
	return in, ""
}

// within returns what follows the root of the module in a name: after its path, as in a
// vendor folder, or its path and version, as in the module cache, of which people also
// name the last folder alone.
func (n Names) within(name string) (rest string, ok bool) {
	for _, m := range n.Modules {
		escaped, _ := module.EscapePath(m)
		versioned := path.Base(m) + "@v"
		for _, root := range []string{m + "/", m + "@", escaped + "@", versioned} {
			_, after, found := strings.Cut("/"+name, "/"+root)
			if found && strings.Contains(root, "@") {
				_, after, found = strings.Cut(after, "/")
			}
			if found && after != "" {
				return after, true
			}
		}
	}
	return "", false
}

// root makes the names relative to the module's root, if one of them leads through it.
func (n Names) root(p pair) (in pair, ok bool) {
	from, fromOK := n.within(p.from)
	to, toOK := n.within(p.to)
	same := func(name, rest string) bool { return strings.HasSuffix("/"+name, "/"+rest) }
	switch {
	case fromOK && toOK, fromOK && p.to == "", toOK && p.from == "":
		return pair{from: from, to: to}, true
	case fromOK && same(p.to, from): // in a copy elsewhere
		return pair{from: from, to: from}, true
	case toOK && same(p.from, to):
		return pair{from: to, to: to}, true
	default:
		return pair{}, false
	}
}

// relocate makes the names of all files relative to the module's root, and returns the
// indexes of those that are not below it.
func (p *parser) relocate(n Names, pairs []pair) (foreign []int) {
	if n.Strip >= 0 {
		for i := range pairs {
			in, outside := n.strip(p.sections[i], pairs[i])
			if outside != "" {
				foreign = append(foreign, i)
				continue
			}
			pairs[i] = in
		}
		return foreign
	}
	some := slices.ContainsFunc(pairs, func(p pair) bool { _, ok := n.root(p); return ok })
	for i := range pairs {
		in, ok := n.root(pairs[i])
		if ok {
			pairs[i] = in
		}
		if some && !ok || n.nested(pairs[i]) {
			foreign = append(foreign, i)
		}
	}
	return foreign
}

// nested reports whether a file is in a module below the root, before or after a change.
func (n Names) nested(p pair) bool {
	return slices.ContainsFunc(n.Nested, func(dir string) bool {
		return strings.HasPrefix(p.from, dir+"/") || strings.HasPrefix(p.to, dir+"/")
	})
}

// rewrite writes the names of pairs to the headers of their files, and blanks the files
// that are foreign. The number of lines stays.
func (p *parser) rewrite(pairs []pair, foreign []int) {
	for i, s := range p.sections {
		if slices.Contains(foreign, i) {
			for at := s.line; at < s.end; at++ {
				p.lines[at] = "\n"
			}
			continue
		}
		end := len(p.lines)
		if len(s.hunks) > 0 {
			end = s.hunks[0]
		} else if i+1 < len(p.sections) {
			end = p.sections[i+1].line
		}
		for at := s.line; at < end; at++ {
			p.lines[at] = pairs[i].header(p.lines[at], at > s.line && strings.HasPrefix(p.lines[at-1], "--- "))
		}
	}
}

// header returns a line of the header of a file with the names of the pair. A line that
// follows the old name has the new one.
func (p pair) header(line string, afterOld bool) string {
	from, to := cmp.Or(p.from, p.to), cmp.Or(p.to, p.from)
	named := func(mark, prefix, name string) string {
		switch {
		case name == "":
			return mark + devNull + "\n"
		case strings.Contains(name, " "):
			return mark + prefix + name + "\t\n" // or else go-gitdiff, like git, ends it at the blank
		default:
			return mark + prefix + name + "\n"
		}
	}
	switch word, _, _ := strings.Cut(line, " "); {
	case strings.HasPrefix(line, "diff --git "):
		return "diff --git a/" + from + " b/" + to + "\n"
	case strings.HasPrefix(line, "rename from "), strings.HasPrefix(line, "copy from "):
		return word + " from " + from + "\n"
	case strings.HasPrefix(line, "rename to "), strings.HasPrefix(line, "copy to "):
		return word + " to " + to + "\n"
	case word == "---":
		return named("--- ", "a/", p.from)
	case afterOld && word == "+++":
		return named("+++ ", "b/", p.to)
	default:
		return line
	}
}
