package spec

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// A reader takes typed values from YAML nodes. It reports a mistake with its line and
// continues with a zero value, so that one pass finds all mistakes. Decoding into
// structs would stop at unknown keys before it looks at values.
type reader struct {
	file     string
	problems matrix.Problems
	reported map[matrix.Problem]bool
	unknown  int // keys
	more     int // line of the first unknown key that is only counted
}

// addf reports a mistake on a line. One that several aliases share is reported once.
func (r *reader) addf(line int, format string, args ...any) {
	p := matrix.Problem{File: r.file, Line: line, Text: fmt.Sprintf(format, args...)}
	if r.reported[p] {
		return
	}
	if r.reported == nil {
		r.reported = map[matrix.Problem]bool{}
	}
	r.reported[p] = true
	r.problems = append(r.problems, p)
}

// A scalar is the text of a value with its line. Line 0 marks one that is absent or has
// the wrong type.
type scalar struct {
	value string
	line  int
}

func (t scalar) given() bool { return t.line > 0 }

// A span is a constraint with its line. Line 0 marks one that is absent or malformed;
// it admits every release and is not checked further.
type span struct {
	matrix.Constraint
	line int
}

// parse returns the root node of the document, or nil after reporting why there is none.
func (r *reader) parse(data []byte) *yaml.Node {
	var doc yaml.Node
	err := yaml.Load(data, &doc)
	if err == nil {
		return doc.Content[0]
	}
	// A syntax error is one LoadError. Structural errors are several.
	lines := strings.Split(string(data), "\n")
	var one *yaml.LoadError
	var many *yaml.LoadErrors
	switch {
	case errors.As(err, &many):
		for _, e := range many.Errors {
			r.syntax(lines, e)
		}
	case errors.As(err, &one):
		r.syntax(lines, one)
	default:
		r.addf(1, "%v", err)
	}
	return nil
}

// bareRange matches a mistake that everybody makes once: YAML takes the > of a range
// for the start of a block of text.
var bareRange = regexp.MustCompile(`:\s*[>!]`)

// syntax reports a syntax error. The parser knows no line for a file with no document or
// with several, and counts one line too many where the end comes too early.
func (r *reader) syntax(lines []string, e *yaml.LoadError) {
	message, line := strings.TrimPrefix(e.Message, "yaml: "), min(max(1, e.Mark.Line), len(lines))
	if e.Mark.Line == 0 && strings.Contains(message, "multiple") {
		line = 1 + lastIndex(lines, "---")
	}
	if bareRange.MatchString(lines[line-1]) {
		message += `; a range needs quotes: ">= 0.44, < 0.50"`
	}
	r.addf(line, "%s", message)
}

// lastIndex returns the index of the last line with a prefix, or 0.
func lastIndex(lines []string, prefix string) int {
	for i, line := range slices.Backward(lines) {
		if strings.HasPrefix(line, prefix) {
			return i
		}
	}
	return 0
}

// A table is a mapping with checked keys.
type table struct {
	r      *reader
	what   string // for messages: "matrix.yaml", "target", "scenario"
	line   int
	ok     bool // false if the node is not a mapping: then no key is missing
	values map[string]*yaml.Node
}

// table reads a mapping. It reports keys that are not known and keys that come twice.
func (r *reader) table(n *yaml.Node, what string, known ...string) table {
	t := table{r: r, what: what, line: n.Line, values: map[string]*yaml.Node{}}
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		r.addf(t.line, "%s is %s: want a mapping with the keys %s", what, kindOf(n), strings.Join(known, ", "))
		return t
	}
	t.ok = true
	firsts := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch first, again := firsts[key.Value]; {
		case !slices.Contains(known, key.Value):
			r.unknownKey(key, what, known)
		case again:
			r.addf(key.Line, "%q is already on line %d: remove one of the two", key.Value, first)
		default:
			firsts[key.Value] = key.Line
			t.values[key.Value] = value
		}
	}
	return t
}

// maxUnknown limits how many unknown keys are reported. Hundreds of them come from a
// file that is not a matrix.yaml.
const maxUnknown = 50

// unknownKey reports a key that is not known, or counts it.
func (r *reader) unknownKey(key *yaml.Node, what string, known []string) {
	if r.unknown++; r.unknown <= maxUnknown {
		name := clip(key.Value)
		r.addf(key.Line, "unknown key %q in %s: %s", name, what, text.Hint(name, known))
	} else if r.more == 0 {
		r.more = key.Line
	}
}

// need reads a text that must be there. The example shows what to add.
func (t table) need(key, example string) scalar {
	if _, ok := t.values[key]; !ok {
		t.missing(key, example)
		return scalar{}
	}
	return t.text(key)
}

// missing reports a key that must be there.
func (t table) missing(key, example string) {
	if t.ok {
		t.r.addf(t.line, "%s has no %s: add %q", t.what, key, key+": "+example)
	}
}

// text reads a text, if the key is there.
func (t table) text(key string) scalar {
	n, ok := t.values[key]
	if !ok {
		return scalar{}
	}
	return t.r.text(n, key)
}

// truth reads true or false. An absent key is false.
func (t table) truth(key string) bool {
	n, ok := t.values[key]
	if !ok {
		return false
	}
	value, _ := scalarValue(resolve(n))
	truth, ok := value.(bool)
	if !ok {
		t.r.addf(n.Line, "%s is %s: want true or false", key, kindOf(resolve(n)))
	}
	return truth
}

// texts reads a list of texts, if the key is there.
func (t table) texts(key string) []scalar {
	var all []scalar
	for _, n := range t.list(key) {
		if one := t.r.text(n, "an entry of "+key); one.given() {
			all = append(all, one)
		}
	}
	return all
}

// list returns the entries of a list, if the key is there.
func (t table) list(key string) []*yaml.Node {
	n, ok := t.values[key]
	if !ok {
		return nil
	}
	list := resolve(n)
	if list.Kind != yaml.SequenceNode {
		t.r.addf(n.Line, "%s is %s: want a list, such as [a, b]", key, kindOf(list))
		return nil
	}
	return list.Content
}

// span reads a constraint, if the key is there.
func (t table) span(key string) span {
	written := t.text(key)
	if !written.given() {
		return span{}
	}
	c, err := matrix.ParseConstraint(written.value)
	if err != nil {
		t.r.addf(written.line, "%s: %v", key, err)
		return span{}
	}
	return span{Constraint: c, line: written.line}
}

// text returns a scalar as it is written, also one that YAML takes for a number or a
// date: an unquoted 0.40 is a version, not four tenths.
func (r *reader) text(n *yaml.Node, what string) scalar {
	line := n.Line
	n = resolve(n)
	switch {
	case n.Kind != yaml.ScalarNode, n.ShortTag() == "!!null", n.ShortTag() == "!!bool":
		r.addf(line, "%s is %s: want text", what, kindOf(n))
		return scalar{}
	case strings.TrimSpace(n.Value) == "":
		r.addf(line, "%s is empty: want text", what)
		return scalar{}
	}
	return scalar{value: n.Value, line: line}
}

// resolve returns the node that an alias refers to, and any other node itself.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// kindOf describes a node, for "X is ...: want ...".
func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.ShortTag() == "!!null":
		return "empty"
	case n.ShortTag() == "!!bool":
		return "the truth value " + n.Value
	default:
		return "the text \"" + n.Value + "\""
	}
}

// scalarValue returns the bool, float64 or string in a node, and whether it has one.
func scalarValue(n *yaml.Node) (any, bool) {
	if n.Kind != yaml.ScalarNode {
		return nil, false
	}
	switch n.ShortTag() {
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return b, err == nil
	case "!!int", "!!float":
		var f float64
		err := n.Decode(&f)
		return f, err == nil
	case "!!str", "!!timestamp":
		return n.Value, true
	}
	return nil, false
}
