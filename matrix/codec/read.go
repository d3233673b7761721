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
)

// readable lists the schema numbers that Read accepts, the current one last.
var readable = []int{matrix.SchemaVersion}

// Read parses and checks a results.json, which may come from anywhere. Every
// format can print what it returns without checking it again. File is the name
// for error messages. The error is matrix.Problems with every mistake found.
func Read(file string, data []byte) (*matrix.Results, error) {
	var problems matrix.Problems
	if err := checkSchema(data); err != nil {
		problems.Add(file, lineOf(data, err), "%v", err)
		return nil, problems
	}
	r := new(matrix.Results)
	if err := json.Unmarshal(data, r); err != nil {
		problems.Add(file, lineOf(data, err), "this is not a results.json: %v", err)
		return nil, problems
	}
	c := checker{file: file}
	c.results(r)
	if err := c.err(); err != nil {
		return nil, err
	}
	return r, nil
}

// checkSchema returns an error unless data is one complete JSON object whose
// schema this program can read. It looks at nothing else, since a newer schema
// may have another form.
func checkSchema(data []byte) error {
	var head struct {
		Schema *int
	}
	err := json.Unmarshal(data, &head)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return fmt.Errorf("this is not a results.json: %w", err)
	case err != nil:
		return fmt.Errorf("this is not a complete results.json: %w: make it again, or copy it again", err)
	case head.Schema == nil:
		return errors.New("this is not a results.json: it has no schema")
	case *head.Schema > matrix.SchemaVersion:
		return fmt.Errorf("it has schema %d, and this program reads %s: a newer matrixrun wrote it, read it with that one", *head.Schema, schemas())
	case !slices.Contains(readable, *head.Schema):
		return fmt.Errorf("it has schema %d, which never existed: this program reads %s", *head.Schema, schemas())
	}
	return nil
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
