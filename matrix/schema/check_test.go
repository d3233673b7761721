package schema

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// fullCheck returns a check with every field set, with other values in each round.
func fullCheck(round int) *matrix.Check {
	c := new(matrix.Check)
	fill(reflect.ValueOf(c).Elem(), round)
	return c
}

// writtenCheck returns checks as matrixrun check --format json writes them.
func writtenCheck(t *testing.T, all ...*matrix.Check) object {
	t.Helper()
	var out bytes.Buffer
	if err := report.CheckJSON(&out, all); err != nil {
		t.Fatal(err)
	}
	doc := object{}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestCheckHasTheTypes checks that the schema has exactly the fields of the Go types, and
// requires those that are always written.
func TestCheckHasTheTypes(t *testing.T) {
	c := fullCheck(0)
	most := writtenCheck(t, c, c)
	clearOptional(reflect.ValueOf(c).Elem())
	least := writtenCheck(t, c, c)
	c.Scope = nil
	u := &c.Uses[0]
	u.Replaced, u.Likeness, u.Fixes[0].Tried = nil, nil, nil
	compareFields(t, severalSchema(t), most, least, writtenCheck(t, c, c))
}

// TestChecksAreValid checks documents with every value in words, with nothing, and with
// nothing in the parts.
func TestChecksAreValid(t *testing.T) {
	valid := compiled(t, Check())
	for round := range 6 {
		if err := valid(writtenCheck(t, fullCheck(round))); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	if err := valid(writtenCheck(t, &matrix.Check{FailOn: matrix.FailOnReached, Affected: matrix.AffectedUnknown, Input: matrix.Input{Kind: matrix.InputGoMod}})); err != nil {
		t.Errorf("nothing: %v", err)
	}
	bare := fullCheck(0)
	u := &bare.Uses[0]
	*u = matrix.Use{
		Affected: matrix.AffectedUnknown,
		Advice:   &matrix.Advice{State: matrix.StateOK, Upgrade: &matrix.Remedy{}}, Likeness: &matrix.Likeness{}, Cells: u.Cells,
		Reach: []matrix.Reach{{State: matrix.Reached, Calls: []matrix.Call{{}}}}, Fixes: []matrix.Fix{{Kind: matrix.FixFork, Tried: &matrix.Attempt{}}},
	}
	u.Cells[0].Saw, u.Cells[0].Evidence = nil, nil
	if err := valid(writtenCheck(t, bare)); err != nil {
		t.Errorf("empty parts: %v", err)
	}
	if bare.Uses[0].Parents != nil {
		t.Error("writing a check changes it")
	}
}

// severalSchema returns the schema of the answers of several suites.
func severalSchema(t *testing.T) object {
	t.Helper()
	schema := parse(t, Check()).(object)
	schema["oneOf"] = []any{object{"$ref": "#/$defs/checks"}}
	return schema
}

// TestSeveralChecks checks the document with the answers of several suites.
func TestSeveralChecks(t *testing.T) {
	valid := compiled(t, Check())
	doc := writtenCheck(t, fullCheck(0), fullCheck(1))
	if err := valid(doc); err != nil {
		t.Error(err)
	}
	all := mutations(severalSchema(t), doc)
	for _, m := range all {
		m.do()
		if valid(doc) == nil {
			t.Errorf("valid with %s", m.name)
		}
		m.undo()
	}
	if err := valid(doc); err != nil || len(all) < 400 {
		t.Errorf("after %d mutations: %v", len(all), err)
	}
	doc["suites"] = doc["suites"].([]any)[:1]
	if valid(doc) == nil {
		t.Error("valid with one suite")
	}
}

// TestCheckMutations makes one mistake at a time, which the schema must refuse.
func TestCheckMutations(t *testing.T) {
	valid := compiled(t, Check())
	doc := writtenCheck(t, fullCheck(0))
	all := mutations(parse(t, Check()).(object), doc)
	for _, m := range all {
		m.do()
		if valid(doc) == nil {
			t.Errorf("valid with %s", m.name)
		}
		m.undo()
	}
	if err := valid(doc); err != nil || len(all) < 200 {
		t.Errorf("after %d mutations: %v", len(all), err)
	}
}

// TestCheckIsComplete checks that the schema needs no other file, and that what it has in
// common with results.json is only there.
func TestCheckIsComplete(t *testing.T) {
	own, shared, all := definitions(check), definitions(Results), definitions(Check())
	for _, name := range referred(Check()) {
		if all[name] == nil {
			t.Errorf("there is no definition of %s", name)
		}
	}
	for name := range own {
		if shared[name] != nil && string(own[name]) == string(shared[name]) {
			t.Errorf("%s is defined twice", name)
		}
	}
	if len(all) <= len(own) || strings.Count(Check(), `"cell": {`) != 1 {
		t.Errorf("%d definitions, of which %d are its own", len(all), len(own))
	}
}
