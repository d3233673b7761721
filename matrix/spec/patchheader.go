package spec

import (
	"bytes"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// headerFields are the fields that are read. DEP-3 has more, and many patches use
// them: they are allowed and ignored.
var (
	headerFields = []string{"Description", "Origin", "License", "Bug", "Applied-Upstream", "Releases", "Fixes"}
	otherFields  = []string{"Author", "Forwarded", "Reviewed-By", "Acked-By", "Last-Update"}
)

// A header is the part of a patch file before its diff: fields in the format of RFC
// 822, as DEP-3 defines them (https://dep-team.pages.debian.net/deps/dep3/).
type header struct {
	file     string
	fields   map[string]field
	problems matrix.Problems
}

type field struct {
	value string
	line  int
}

// ownHeader reports whether a header is one of ours: its first line has a field
// that DEP-3 has and a mail does not.
func ownHeader(head string) bool {
	for line := range strings.Lines(head) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, _, ok := strings.Cut(line, ":")
		same := func(known string) bool { return strings.EqualFold(known, name) }
		return ok && (slices.ContainsFunc(headerFields, same) || slices.ContainsFunc(otherFields, same))
	}
	return false
}

// splitHeader cuts a file before the first line that starts a diff, or at a line of
// just three dashes, which belongs to neither part.
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

// Bounds of a header. Of more mistakes, the others are counted.
const (
	maxHeader         = 64 << 10 // bytes
	maxHeaderProblems = 50
	maxQuoted         = 80 // bytes of a line in a message
)

// read parses the header line by line. A line that starts with a blank continues the
// field above it.
func (h *header) read(head string) {
	if len(head) > maxHeader {
		h.problems.Add(h.file, 0, "has a header of %d bytes: want up to %d before the diff", len(head), maxHeader)
		return
	}
	current, number := "", 0
	for line := range strings.Lines(head) {
		number++
		line = strings.TrimRight(line, " \t\r\n")
		switch {
		case line == "":
		case line[0] == ' ' || line[0] == '\t':
			h.continueField(number, current, strings.TrimSpace(line))
		default:
			current = h.start(number, line)
		}
	}
	h.problems = h.problems.First(maxHeaderProblems)
	for name, f := range h.fields {
		f.value = strings.TrimSpace(f.value)
		h.fields[name] = f
	}
}

// clip cuts a text from the header for a message.
func clip(text string) string {
	if len(text) <= maxQuoted {
		return text
	}
	return strings.ToValidUTF8(text[:maxQuoted], "") + "..."
}

// start begins a field and returns its name, spelt as in headerFields.
func (h *header) start(number int, line string) string {
	name, value, ok := strings.Cut(line, ":")
	if !ok || strings.ContainsAny(name, " \t") {
		h.problems.Add(h.file, number, "%q is not a header field: want \"Name: text\", or a leading blank to continue the field above", clip(line))
		return ignored
	}
	canonical, ok := fieldName(name)
	if !ok {
		h.problems.Add(h.file, number, "unknown field %q: %s", clip(name), text.Hint(clip(name), headerFields))
		return ignored
	}
	if first, again := h.fields[canonical]; again {
		h.problems.Add(h.file, number, "%s is already on line %d: remove one of the two", canonical, first.line)
		return ignored
	}
	if canonical != ignored {
		h.fields[canonical] = field{value: strings.TrimSpace(value), line: number}
	}
	return canonical
}

// ignored is the name of a field that is not kept. Lines that continue it are fine.
const ignored = "-"

// fieldName finds a field, ignoring case, as RFC 822 does.
func fieldName(name string) (string, bool) {
	same := func(known string) bool { return strings.EqualFold(known, name) }
	if i := slices.IndexFunc(headerFields, same); i >= 0 {
		return headerFields[i], true
	}
	// Bug-Debian and the like refer to other trackers.
	other := slices.ContainsFunc(otherFields, same) || len(name) > 4 && strings.EqualFold(name[:4], "Bug-")
	return ignored, other
}

// continueField appends a line to the current field.
func (h *header) continueField(number int, current, more string) {
	switch current {
	case "":
		h.problems.Add(h.file, number, "starts with a blank, but there is no field above to continue")
	case ignored:
	default:
		f := h.fields[current]
		// Only a description keeps its lines. In other fields they are joined.
		switch {
		case current != "Description":
			f.value += " " + more
		case more == ".": // an empty line, as Debian writes it
			f.value += "\n"
		default:
			f.value += "\n" + more
		}
		h.fields[current] = f
	}
}

// need reports a field that is missing or empty.
func (h *header) need(name, example string) {
	f, ok := h.fields[name]
	switch {
	case !ok:
		h.problems.Add(h.file, 0, "has no field %s: add \"%s: %s\" to its header", name, name, example)
	case f.value == "":
		h.problems.Add(h.file, f.line, "%s is empty: want a value such as %q", name, example)
	}
}
