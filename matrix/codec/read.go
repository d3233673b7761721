// Package codec reads and writes results.json. It is pure, and the only package
// that knows how the file is laid out and what makes one valid; package output
// knows where the file is.
package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/internal/survey"
)

// readable lists the schema numbers that Read accepts, the current one last.
var readable = []int{matrix.SchemaVersion}

// Read parses and checks a results.json, which may come from anywhere. Every
// format can print what it returns without checking it again. File is the name
// for error messages. The error is matrix.Problems with every mistake found.
func Read(file string, data []byte) (*matrix.Results, error) {
	if err := checkSchema(data); err != nil {
		return nil, matrix.Problems{{File: file, Line: lineOf(data, err), Text: err.Error()}}
	}
	r := new(matrix.Results)
	err := json.Unmarshal(data, r)
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return nil, matrix.Problems{{File: file, Line: lineOf(data, err), Text: incomplete(err).Error()}}
	}
	if err != nil {
		s := surveyed(data)
		if len(s.Mistakes) == 0 {
			s.Mistakes = []survey.Mistake{{Text: err.Error()}}
		}
		return nil, report(file, s, s.Mistakes)
	}
	if mistakes := check(r); len(mistakes) > 0 {
		return nil, report(file, surveyed(data), mistakes)
	}
	return r, nil
}

// incomplete says that a document is no JSON, as one that was cut off.
func incomplete(err error) error {
	return fmt.Errorf("this is not a complete results.json: %w: make it again, or copy it again", err)
}

// checkSchema returns an error unless data is a JSON object whose schema this program
// can read. It looks at nothing else, since a newer schema may have another form, and not
// further than the schema, which is the first thing in what Write writes.
func checkSchema(data []byte) error {
	schema, err := schemaOf(data)
	if err != nil {
		// A decoder does not say where a document ends too early.
		if better := json.Unmarshal(data, new(any)); better != nil {
			err = better
		}
	}
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return fmt.Errorf("this is not a results.json: %w", err)
	case err != nil:
		return incomplete(err)
	}
	return readableSchema(schema)
}

// readableSchema returns an error unless a schema is one that this program can read.
func readableSchema(schema *int) error {
	switch {
	case schema == nil:
		return errors.New("this is not a results.json: it has no schema")
	case *schema > matrix.SchemaVersion:
		return fmt.Errorf("it has schema %d, and this program reads %s: a newer matrixrun wrote it, read it with that one", *schema, schemas())
	case !slices.Contains(readable, *schema):
		return fmt.Errorf("it has schema %d, which never existed: this program reads %s", *schema, schemas())
	}
	return nil
}

// schemaOf returns the first schema of an object, nil if it has none.
func schemaOf(data []byte) (schema *int, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	start, err := d.Token()
	if err != nil {
		return nil, err
	}
	if start != json.Delim('{') {
		return nil, json.Unmarshal(data, new(map[string]json.RawMessage)) // an error, unless it is null
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		if name, ok := key.(string); ok && strings.EqualFold(name, "schema") {
			err := d.Decode(&schema)
			return schema, err
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return nil, err
}

// schemas lists the readable schema numbers for an error message.
func schemas() string {
	words := make([]string, len(readable))
	for i, n := range readable {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}

// lineOf returns the line that a JSON error points at, or 0 if it points at none.
func lineOf(data []byte, err error) int {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	var offset int64
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &wrongType):
		offset = wrongType.Offset
	default:
		return 0
	}
	return 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
}
