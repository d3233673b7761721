// Package schema has the schema files of what people write and of what programs
// read: matrix.yaml and results.json, as JSON Schema, draft 2020-12. With the first,
// an editor completes and explains a suite; with the second, whoever reads a table
// can tell whether it is one.
//
// They say what a file may hold as far as a schema can. What takes more, such as that
// a glob matches a scenario or that two rows have one ID, is checked by the readers
// themselves. Tests hold the files to the types and to the reader that they describe.
package schema

import _ "embed" // the files

// Results is the schema of results.json.
//
//go:embed results.schema.json
var Results string

// Matrix is the schema of matrix.yaml.
//
//go:embed matrix.schema.json
var Matrix string
