// Package survey finds the lines of the values in a JSON document, and the values that
// have another type than a Go type wants. Package json names just the first of those, and
// says nothing of the lines of others.
package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// A Survey is what is known of a document.
type Survey struct {
	Mistakes []Mistake // the values of another type, in the order of the document

	data    []byte
	decoder *json.Decoder
	line    int   // at offset
	offset  int64 // in data

	deepest int            // how many parts a path with a line has at most
	lines   map[string]int // by path
}

// A Mistake is about the value with a path, such as rows[3].cells[0].
type Mistake struct{ Path, Text string }

// Of surveys a document, which is complete JSON, that goes into a value of type T. Values
// whose path has more than deepest parts have the line of the value around them.
func Of[T any](data []byte, deepest int) *Survey {
	s := &Survey{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1, deepest: deepest, lines: make(map[string]int)}
	s.value("", reflect.TypeFor[T]())
	return s
}

// Line returns the line of a value, or that of the nearest one around it which has one.
func (s *Survey) Line(path string) int {
	for path != "" && s.lines[path] == 0 {
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return s.lines[path]
}

// value reads the next value, which goes into a type; nil for a field that nobody reads.
func (s *Survey) value(path string, t reflect.Type) {
	start := s.advance()
	if strings.Count(path, ".")+strings.Count(path, "[") <= s.deepest {
		s.lines[path] = s.line
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		s.leaf(path, t)
	case s.data[start] == '{' && (t.Kind() == reflect.Struct || t.Kind() == reflect.Map):
		s.object(path, t)
	case s.data[start] == '[' && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array):
		_, _ = s.decoder.Token()
		for i := 0; s.decoder.More(); i++ {
			s.value(fmt.Sprintf("%s[%d]", path, i), t.Elem())
		}
		_, _ = s.decoder.Token()
	default:
		s.leaf(path, t)
	}
}

// object reads an object that goes into a struct or a map.
func (s *Survey) object(path string, t reflect.Type) {
	_, _ = s.decoder.Token()
	for s.decoder.More() {
		token, _ := s.decoder.Token()
		key, _ := token.(string)
		of := path + "." + key
		if t.Kind() == reflect.Map {
			s.value(of, t.Elem())
			continue
		}
		name, field := fieldOf(t, key)
		if field != nil {
			of = path + "." + name
		}
		s.value(strings.TrimPrefix(of, "."), field)
	}
	_, _ = s.decoder.Token()
}

// leaf reads a value without parts, or one that cannot be there.
func (s *Survey) leaf(path string, t reflect.Type) {
	var raw json.RawMessage
	if err := s.decoder.Decode(&raw); err != nil || t == nil {
		return
	}
	if err := json.Unmarshal(raw, reflect.New(t).Interface()); err != nil {
		what := string(raw)
		if wrongType, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			what = wrongType.Value
		}
		s.Mistakes = append(s.Mistakes, Mistake{path, strings.TrimPrefix(fmt.Sprintf("%s: %s: want %s", path, what, wanted(t)), ": ")})
	}
}

// advance moves to the start of the next value, and returns its offset.
func (s *Survey) advance() int64 {
	next := s.decoder.InputOffset()
	for bytes.IndexByte([]byte(" \t\r\n,:"), s.data[next]) >= 0 {
		next++
	}
	s.line += bytes.Count(s.data[s.offset:next], []byte("\n"))
	s.offset = next
	return next
}

// fieldOf returns the name and the type of the field that a key stands for, nil for none.
func fieldOf(t reflect.Type, key string) (name string, field reflect.Type) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name != "" && name != "-" && strings.EqualFold(name, key) {
			return name, f.Type
		}
	}
	return "", nil
}

// wanted names what a type takes.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		if t == reflect.TypeFor[time.Time]() {
			return "a time such as 2006-01-02T15:04:05Z"
		}
		return "an object"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "a number of at most 64 bits"
	case reflect.Uint64:
		return "a whole number from 0 on, of at most 64 bits"
	default:
		return "a whole number of at most 64 bits"
	}
}
