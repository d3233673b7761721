package diagnose

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A block is what the go command printed about one package.
type block struct {
	pkg   string   // import path
	lines []string // without the heading
}

// An output is everything that a failed build printed.
type output struct {
	blocks []block
	text   string // of the blocks, with their headings, as the go command prints it
	rest   string // the go command's own messages, without its progress
}

// readOutput reads the output of a failed build: JSON objects on stdout if the command
// had Flags, and text on stderr otherwise.
func readOutput(stdout []byte, stderr string) output {
	var lines []string
	for line := range strings.Lines(stderr) {
		if line = strings.TrimRight(line, "\r\n"); !strings.HasPrefix(line, "go: downloading ") {
			lines = append(lines, line)
		}
	}
	if o, ok := readJSON(stdout); ok {
		o.rest = strings.TrimSpace(strings.Join(lines, "\n"))
		return o
	}
	return readText(lines)
}

// readJSON reads the objects that "go help buildjson" describes. It ignores all
// other lines: "go test -json" prints objects of its own too.
func readJSON(stdout []byte) (o output, ok bool) {
	at := make(map[string]int) // indexes of blocks by package
	for line := range bytes.Lines(stdout) {
		var event struct{ ImportPath, Action, Output string }
		if json.Unmarshal(line, &event) != nil || !strings.HasPrefix(event.Action, "build-") {
			continue
		}
		i, known := at[event.ImportPath]
		if !known {
			i = len(o.blocks)
			at[event.ImportPath] = i
			o.blocks = append(o.blocks, block{pkg: name(event.ImportPath)})
		}
		o.text += event.Output
		if text := strings.TrimRight(event.Output, "\r\n"); text != "" && !strings.HasPrefix(text, "# ") {
			o.blocks[i].lines = append(o.blocks[i].lines, text)
		}
	}
	return o, len(o.blocks) > 0
}

// readText reads what the go command prints: a heading such as "# example.com/lib" and
// the lines that belong to it. What comes before the first heading belongs to no
// package.
func readText(lines []string) (o output) {
	o.text = strings.TrimSpace(strings.Join(lines, "\n"))
	for _, line := range lines {
		heading, ok := strings.CutPrefix(line, "# ")
		switch {
		case ok:
			o.blocks = append(o.blocks, block{pkg: name(heading)})
		case strings.TrimSpace(line) == "":
		default:
			if len(o.blocks) == 0 {
				o.blocks = []block{{}}
			}
			last := &o.blocks[len(o.blocks)-1]
			last.lines = append(last.lines, line)
		}
	}
	return o
}

// name returns the import path in "example.com/lib [example.com/lib.test]", which is
// what the go command calls a package that it compiles for a test.
func name(heading string) string {
	path, _, _ := strings.Cut(heading, " ")
	return path
}
