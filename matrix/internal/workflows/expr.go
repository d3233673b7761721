package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A scope is what an expression can see: the contexts by name, and what the
// functions need to know of the job. Values are those of JSON: nil, bool,
// float64, string, []any and map[string]any.
type scope struct {
	contexts map[string]any
	failed   bool                                 // a step before this one, or a job that is needed
	hash     func(patterns []string) (any, error) // hashFiles, where there are files
}

// open is an object of which a key that is not there is null, as outputs are. In
// all others it is refused: a misspelt name must not pass for nothing.
type open map[string]any

// expand replaces each ${{ }} of a text by its value. A text that is one
// expression and nothing else keeps the kind of its value.
func (s *scope) expand(text string) (any, error) {
	var out strings.Builder
	for rest := text; ; {
		begin, end, found := opening(rest)
		if !found {
			out.WriteString(rest)
			return out.String(), nil
		}
		value, _, err := s.eval(strings.TrimSuffix(rest[begin+len("${{"):end], "}}"))
		if err != nil {
			return nil, err
		}
		if begin == 0 && end == len(text) {
			return value, nil
		}
		out.WriteString(rest[:begin] + display(value))
		rest = rest[end:]
	}
}

// text expands a text to a text.
func (s *scope) text(text string) (string, error) {
	value, err := s.expand(text)
	return display(value), err
}

// holds evaluates the condition of a job or step, with or without ${{ }}. Where
// it calls no function of the status, it says when to go on after success.
func (s *scope) holds(condition string) (bool, error) {
	condition = strings.TrimSpace(condition)
	if begin, end, found := opening(condition); found && begin == 0 && end == len(condition) {
		condition = strings.TrimSuffix(condition[len("${{"):], "}}")
	}
	if condition == "" {
		return !s.failed, nil
	}
	value, asks, err := s.eval(condition)
	return truth(value) && (asks || !s.failed), err
}

// eval evaluates an expression, and tells whether it asks for the status.
func (s *scope) eval(text string) (value any, asks bool, err error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, false, err
	}
	p := &parser{scope: s, tokens: tokens}
	value, err = p.either()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("%q stands where nothing is expected", p.tokens[0])
	}
	if err != nil {
		return nil, false, fmt.Errorf("in %q: %w", strings.TrimSpace(text), err)
	}
	return value, p.asks, nil
}

// truth is what a value comes to as a condition.
func truth(value any) bool {
	switch v := value.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}

// display is a value as it stands in a text.
func display(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
