package schema

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/report"
)

// fullBisection returns a bisection with every field set, with other values in each round.
func fullBisection(round int) *matrix.Bisection {
	b := new(matrix.Bisection)
	fill(reflect.ValueOf(b).Elem(), round)
	return b
}

// writtenBisection returns a bisection as matrixrun bisect --format json writes it.
func writtenBisection(t *testing.T, b *matrix.Bisection) object {
	t.Helper()
	var out bytes.Buffer
	if err := report.BisectJSON(&out, b); err != nil {
		t.Fatal(err)
	}
	doc := object{}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestBisectHasTheTypes checks that the schema has exactly the fields of the Go types, and
// requires those that are always written.
func TestBisectHasTheTypes(t *testing.T) {
	b := fullBisection(0)
	most := writtenBisection(t, b)
	clearOptional(reflect.ValueOf(b).Elem())
	compareFields(t, parse(t, Bisect()).(object), most, writtenBisection(t, b))
}

// TestBisectMutations checks documents with every value in words, and makes one mistake
// at a time, which the schema must refuse.
func TestBisectMutations(t *testing.T) {
	valid := compiled(t, Bisect())
	for round := range 6 {
		if err := valid(writtenBisection(t, fullBisection(round))); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	doc := writtenBisection(t, fullBisection(0))
	all := mutations(parse(t, Bisect()).(object), doc)
	for _, m := range all {
		m.do()
		if valid(doc) == nil {
			t.Errorf("valid with %s", m.name)
		}
		m.undo()
	}
	if err := valid(doc); err != nil || len(all) < 100 {
		t.Errorf("after %d mutations: %v", len(all), err)
	}
}
