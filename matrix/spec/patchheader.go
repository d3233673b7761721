package spec

import (
	"bytes"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// headerFields are the fields that are read. DEP-3 knows more, which many
// patches carry; they are allowed, and say nothing that matters here.
var (
	headerFields = []string{"Description", "Origin", "Bug", "Applied-Upstream", "Releases", "Fixes"}
	otherFields  = []string{"Author", "Forwarded", "Reviewed-By", "Acked-By", "Last-Update"}
)

// A header is the part of a patch file before its diff: fields after RFC 822,
// as DEP-3 has them (https://dep-team.pages.debian.net/deps/dep3/).
type header struct {
	file     string
	fields   map[string]field
	problems matrix.Problems
}

type field struct {
	value string
	line  int
}

// splitHeader cuts a file at the first line that starts a diff, which belongs
// to the diff, or at one with nothing but three dashes, which belongs to
// neither part.
func splitHeader(data []byte) (head string, diff []byte) {
	for at := 0; at < len(data); {
		end := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := string(data[at:end])
		switch {
		case strings.TrimSpace(line) == "---":
			return string(data[:at]), data[end:]
		case startsDiff(line):
			return string(data[:at]), data[at:]
		}
		at = end
	}
	return string(data), nil
}

// startsDiff reports whether a line starts the diff of a file.
func startsDiff(line string) bool {
	return strings.HasPrefix(line, "diff --git") || strings.HasPrefix(line, "Index:") ||
		strings.HasPrefix(line, "---") && strings.TrimSpace(line) != "---"
}

// read takes the header's lines one by one. A line that starts with a blank
// goes on with the field above it.
func (h *header) read(head string) {
	current, number := "", 0
	for line := range strings.Lines(head) {
		number++
		line = strings.TrimRight(line, " \t\r\n")
		switch {
		case line == "":
		case line[0] == ' ' || line[0] == '\t':
			h.goOn(number, current, strings.TrimSpace(line))
		default:
			current = h.start(number, line)
		}
	}
	for name, f := range h.fields {
		f.value = strings.TrimSpace(f.value)
		h.fields[name] = f
	}
}

// start opens a field and returns its name as headerFields spells it.
func (h *header) start(number int, line string) string {
	name, value, ok := strings.Cut(line, ":")
	if !ok || strings.ContainsAny(name, " \t") {
		h.problems.Add(h.file, number, "%q is no field of a header: want \"Name: text\", or a blank at the start to go on with the field above", line)
		return ignored
	}
	canonical, ok := fieldName(name)
	if !ok {
		h.problems.Add(h.file, number, "unknown field %q: %s", name, text.Hint(name, headerFields))
		return ignored
	}
	if first, again := h.fields[canonical]; again {
		h.problems.Add(h.file, number, "%s is already on line %d: a field stands once", canonical, first.line)
		return ignored
	}
	if canonical != ignored {
		h.fields[canonical] = field{value: strings.TrimSpace(value), line: number}
	}
	return canonical
}

// ignored is the name of a field that is not kept; lines that go on with it
// are no mistakes.
const ignored = "-"

// fieldName finds a field whatever its letters' case, as RFC 822 has it.
func fieldName(name string) (string, bool) {
	same := func(known string) bool { return strings.EqualFold(known, name) }
	if i := slices.IndexFunc(headerFields, same); i >= 0 {
		return headerFields[i], true
	}
	// Bug-Debian and its like point into other trackers.
	other := slices.ContainsFunc(otherFields, same) || len(name) > 4 && strings.EqualFold(name[:4], "Bug-")
	return ignored, other
}

func (h *header) goOn(number int, current, more string) {
	switch current {
	case "":
		h.problems.Add(h.file, number, "goes on with a field, and there is none above")
	case ignored:
	default:
		f := h.fields[current]
		// Only a description has lines; elsewhere they are folded into one.
		switch {
		case current != "Description":
			f.value += " " + more
		case more == ".": // Debian's way to write an empty line
			f.value += "\n"
		default:
			f.value += "\n" + more
		}
		h.fields[current] = f
	}
}

// need returns a field that must be there and say something.
func (h *header) need(name, example string) field {
	f, ok := h.fields[name]
	switch {
	case !ok:
		h.problems.Add(h.file, 0, "has no field %s: add \"%s: %s\" to its header", name, name, example)
	case f.value == "":
		h.problems.Add(h.file, f.line, "%s is empty: want such as %q", name, example)
	}
	return f
}
