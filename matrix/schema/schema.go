// Package schema has the JSON Schemas (draft 2020-12) of matrix.yaml, which people write,
// and of results.json and the JSON of check and bisect, which programs read. With the
// first, an editor completes and explains a suite. With the others, a program can check a
// document before it reads it.
//
// Some rules do not fit into a schema, such as that a glob must match a scenario or that
// no two rows may have the same ID. The readers check those. Tests compare the schemas
// with the Go types and with the reader of suites.
package schema

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Results is the schema of results.json.
//
//go:embed results.schema.json
var Results string

// Matrix is the schema of matrix.yaml.
//
//go:embed matrix.schema.json
var Matrix string

//go:embed check.schema.json
var check string

//go:embed bisect.schema.json
var bisect string

// Check returns the schema of what matrixrun check --format json writes.
func Check() string { return withShared(check) }

// Bisect returns the schema of what matrixrun bisect --format json writes.
func Bisect() string { return withShared(bisect) }

// withShared returns a schema with the definitions of results.json to which its own refer.
func withShared(schema string) string {
	own, shared := definitions(schema), definitions(Results)
	missing := map[string]bool{}
	for todo := referred(schema); len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if _, ok := own[name]; !ok && !missing[name] {
			missing[name] = true
			todo = append(todo, referred(string(shared[name]))...)
		}
	}
	var out strings.Builder
	before, after, _ := strings.Cut(schema, "  \"$defs\": {\n")
	out.WriteString(before + "  \"$defs\": {\n")
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		fmt.Fprintf(&out, "    %q: %s,\n", name, shared[name])
	}
	return out.String() + after
}

// definitions returns the definitions of a schema, by name.
func definitions(schema string) map[string]json.RawMessage {
	var s struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(schema), &s); err != nil {
		panic(err) // the schemas are embedded
	}
	return s.Defs
}

var reference = regexp.MustCompile(`"#/\$defs/(\w+)"`)

// referred returns the names of the definitions that a schema refers to.
func referred(schema string) (names []string) {
	for _, m := range reference.FindAllStringSubmatch(schema, -1) {
		names = append(names, m[1])
	}
	return names
}
