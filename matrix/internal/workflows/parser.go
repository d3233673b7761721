package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A parser evaluates an expression as it reads it. It evaluates both sides of &&
// and || alike, as what it knows has no effect: a mistake is found on the side
// that does not count, too.
type parser struct {
	*scope
	tokens []string // those to come
	asks   bool     // a function of the status was called
}

// next takes a token if it is the next one.
func (p *parser) next(token string) bool {
	if len(p.tokens) == 0 || p.tokens[0] != token {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

// either evaluates A || B: the first that counts as true, or else the last.
func (p *parser) either() (any, error) {
	left, err := p.both()
	for err == nil && p.next("||") {
		var right any
		if right, err = p.both(); !truth(left) {
			left = right
		}
	}
	return left, err
}

// both evaluates A && B: the first that counts as false, or else the last.
func (p *parser) both() (any, error) {
	left, err := p.same()
	for err == nil && p.next("&&") {
		var right any
		if right, err = p.same(); truth(left) {
			left = right
		}
	}
	return left, err
}

// same evaluates A == B and A != B. Texts are the same whatever their case. What
// is not of one kind the service makes numbers of, which nobody means.
func (p *parser) same() (any, error) {
	left, err := p.not()
	for err == nil && len(p.tokens) > 0 && (p.tokens[0] == "==" || p.tokens[0] == "!=") {
		equal := p.next("==")
		if !equal {
			p.next("!=")
		}
		var right any
		if right, err = p.not(); err != nil {
			return nil, err
		}
		if left != nil && right != nil && fmt.Sprintf("%T", left) != fmt.Sprintf("%T", right) {
			return nil, fmt.Errorf("%s and %s are compared, and not of one kind", display(left), display(right))
		}
		left = strings.EqualFold(display(left), display(right)) == equal
	}
	return left, err
}

// not evaluates !A.
func (p *parser) not() (any, error) {
	if p.next("!") {
		value, err := p.not()
		return !truth(value), err
	}
	return p.operand()
}

// operand evaluates what stands by itself, with the properties behind it.
func (p *parser) operand() (value any, err error) {
	if len(p.tokens) == 0 {
		return nil, errors.New("it ends where a value is expected")
	}
	first := p.tokens[0]
	p.tokens = p.tokens[1:]
	constant, isConstant := literal(first)
	known, isContext := p.contexts[first]
	switch {
	case isConstant:
		return constant, nil
	case first == "(":
		if value, err = p.either(); err == nil && !p.next(")") {
			err = errors.New("a ) is missing")
		}
	case p.next("("):
		value, err = p.call(strings.ToLower(first))
	case isContext:
		value = known
	default:
		err = fmt.Errorf("%s is nothing that this program knows here", first)
	}
	for err == nil {
		switch {
		case p.next(".") && len(p.tokens) > 0:
			key := p.tokens[0]
			p.tokens = p.tokens[1:]
			value, err = property(value, key)
		case p.next("["):
			var key any
			if key, err = p.either(); err == nil && !p.next("]") {
				err = errors.New("a ] is missing")
			}
			if err == nil {
				value, err = property(value, display(key))
			}
		default:
			return value, nil
		}
	}
	return nil, err
}

// property looks up a key of an object.
func property(object any, key string) (any, error) {
	switch o := object.(type) {
	case nil:
		return nil, nil
	case open:
		return o[key], nil
	case map[string]any:
		if value, ok := o[key]; ok {
			return value, nil
		}
	}
	return nil, fmt.Errorf("there is no %s that this program knows", key)
}

// call calls a function; its name and the parenthesis were read.
func (p *parser) call(name string) (any, error) {
	var args []any
	for !p.next(")") {
		if len(args) > 0 && !p.next(",") {
			return nil, errors.New("a ) is missing")
		}
		value, err := p.either()
		if err != nil {
			return nil, err
		}
		args = append(args, value)
	}
	switch {
	case len(args) == 0 && (name == "success" || name == "failure" || name == "always" || name == "cancelled"):
		p.asks = true // nobody cancels a run here but by ending it
		return name == "always" || name == "success" && !p.failed || name == "failure" && p.failed, nil
	case name == "fromjson" && len(args) == 1:
		var value any
		if err := json.Unmarshal([]byte(display(args[0])), &value); err != nil {
			return nil, fmt.Errorf("fromJSON of %.80q: %w", display(args[0]), err)
		}
		return value, nil
	case name == "hashfiles" && p.hash != nil:
		var patterns []string
		for _, arg := range args {
			patterns = append(patterns, display(arg))
		}
		return p.hash(patterns)
	}
	return nil, fmt.Errorf("%s, with %d arguments, is no function that this program knows here", name, len(args))
}
