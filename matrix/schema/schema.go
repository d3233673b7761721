// Package schema has the JSON Schemas (draft 2020-12) of matrix.yaml, which people write,
// and of results.json, which programs read. With the first, an editor completes and
// explains a suite. With the second, a program can check a table before it reads it.
//
// Some rules do not fit into a schema, such as that a glob must match a scenario or that
// no two rows may have the same ID. The readers check those. Tests compare the schemas
// with the Go types and with the reader of suites.
package schema

import _ "embed"

// Results is the schema of results.json.
//
//go:embed results.schema.json
var Results string

// Matrix is the schema of matrix.yaml.
//
//go:embed matrix.schema.json
var Matrix string
