package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// An object is a JSON object.
type object = map[string]any

// compiled returns a function that checks documents against a schema.
func compiled(t *testing.T, text string) func(doc any) error {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("schema.json").Validate
}

func encode(t *testing.T, doc any) string {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parse(t *testing.T, text string) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// A place is an object in a document, with its schema.
type place struct {
	path   string
	schema object
	doc    object
}

// places returns the objects in a document that have a schema with named keys. For a
// choice it takes the branch that is an object.
func places(root object, schema, doc any, path string) (all []place) {
	s := resolved(root, schema)
	switch doc := doc.(type) {
	case []any:
		for i, one := range doc {
			all = append(all, places(root, s["items"], one, fmt.Sprintf("%s[%d]", path, i))...)
		}
	case object:
		properties, _ := s["properties"].(object)
		if s["additionalProperties"] == false {
			all = append(all, place{path, s, doc})
		}
		for _, key := range slices.Sorted(maps.Keys(doc)) {
			within := properties[key]
			if within == nil {
				within = s["additionalProperties"]
			}
			all = append(all, places(root, within, doc[key], path+"."+key)...)
		}
	}
	return all
}

// resolved follows references, and takes the branch of a choice that is not a scalar.
func resolved(root object, schema any) object {
	s, _ := schema.(object)
	if name, ok := s["$ref"].(string); ok {
		return resolved(root, root["$defs"].(object)[strings.TrimPrefix(name, "#/$defs/")])
	}
	if choices, ok := s["oneOf"].([]any); ok && s["properties"] == nil {
		for _, c := range choices {
			if one := resolved(root, c); one["type"] == "object" || one["type"] == "array" {
				return one
			}
		}
	}
	return s
}

// required returns the keys that the object must have.
func (p place) required() (keys []string) {
	all, _ := p.schema["required"].([]any)
	for _, key := range all {
		keys = append(keys, key.(string))
	}
	slices.Sort(keys)
	return keys
}

// properties returns the keys that the object may have.
func (p place) properties() []string {
	return slices.Sorted(maps.Keys(p.schema["properties"].(object)))
}

// A mutation makes a document invalid, and valid again.
type mutation struct {
	name     string
	do, undo func()
}

// mutations returns every way to make one mistake in a document: an unknown key, a
// missing key, a value of the wrong type.
func mutations(root object, doc object) (all []mutation) {
	for _, p := range places(root, root, doc, "") {
		all = append(all, mutation{p.path + ": an unknown key", func() { p.doc["colour"] = "red" }, func() { delete(p.doc, "colour") }})
		for _, key := range p.required() {
			was := p.doc[key]
			all = append(all, mutation{p.path + ": no " + key, func() { delete(p.doc, key) }, func() { p.doc[key] = was }})
		}
		for _, key := range slices.Sorted(maps.Keys(p.doc)) {
			was := p.doc[key]
			var wrong any = object{"x": object{}}
			if _, is := was.(object); is {
				wrong = []any{object{}}
			}
			all = append(all, mutation{p.path + "." + key + ": a wrong type", func() { p.doc[key] = wrong }, func() { p.doc[key] = was }})
		}
	}
	return all
}

// TestSchemasExplain checks that each key of each schema has a description, which editors
// show.
func TestSchemasExplain(t *testing.T) {
	for name, text := range map[string]string{"results": Results, "matrix": Matrix, "check": Check()} {
		root := parse(t, text).(object)
		check := func(path string, schema object) {
			properties, _ := schema["properties"].(object)
			for key, value := range properties {
				p := value.(object)
				if p["description"] == nil && resolved(root, p)["description"] == nil {
					t.Errorf("%s%s.%s has no description", name, path, key)
				}
			}
			if properties != nil && schema["additionalProperties"] == nil && !strings.Contains(path, "oneOf") {
				t.Errorf("%s%s has no additionalProperties", name, path)
			}
		}
		check("", root)
		for def, value := range root["$defs"].(object) {
			check("."+def, value.(object))
		}
	}
}
