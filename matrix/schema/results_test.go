package schema

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/codec"
)

// words lists the values of the string types that have few.
var words = map[reflect.Type][]string{
	reflect.TypeFor[matrix.Verdict]():      {"leak", "flaky", "clean", "vacuous", "error", "unsupported"},
	reflect.TypeFor[matrix.State]():        {"ok", "patch-conflict", "build-failed", "unavailable"},
	reflect.TypeFor[matrix.Severity]():     {"stream", "connection"},
	reflect.TypeFor[matrix.Kind]():         {"control", "planted", "probe", "workaround"},
	reflect.TypeFor[matrix.ChangeKind]():   {"worse", "less certain", "gone", "new", "better", "more certain", "expected"},
	reflect.TypeFor[matrix.Apply]():        {"exact", "offset", "already", "conflict"},
	reflect.TypeFor[matrix.Effect]():       {"conflict", "unbuildable", "regresses", "still-leaks", "fixes", "not-needed", "unmeasured"},
	reflect.TypeFor[matrix.EvidenceMode](): {"none", "leaks", "ends", "all"},
	reflect.TypeFor[matrix.InputKind]():    {"go.mod", "go.work", "vendor/modules.txt", "go list -m -json all", "binary", "version"},
	reflect.TypeFor[matrix.FailOn]():       {"reached", "built"},
	reflect.TypeFor[matrix.Affected]():     {"true", "false", "unknown"},
	reflect.TypeFor[matrix.Answer]():       {"clean", "untestable", "unaffected", "not-reached", "leaks", "unknown"},
	reflect.TypeFor[matrix.ReachState]():   {"reached", "not-reached", "unknown"},
	reflect.TypeFor[matrix.FixKind]():      {"upgrade", "parent", "fork"},
	reflect.TypeFor[matrix.TurnKind]():     {"broken", "fixed", "hidden"},
	reflect.TypeFor[matrix.Presence]():     {"there", "absent", "unreached", "unknown"},
}

// fill sets every field of a value to something other than zero. Lists get one entry and
// maps one key. The round selects the values in words.
func fill(v reflect.Value, round int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), round)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), round)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), round)
		}
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value, round)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("x"), value)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "-" {
				fill(v.Field(i), round)
			}
		}
	case reflect.String:
		v.SetString("x")
		if few := words[v.Type()]; few != nil {
			v.SetString(few[round%len(few)])
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(1)
	case reflect.Float64:
		v.SetFloat(0.5)
	}
}

// full returns results with every field set, with other values in each round.
func full(round int) *matrix.Results {
	r := new(matrix.Results)
	fill(reflect.ValueOf(r).Elem(), round)
	r.Schema = matrix.SchemaVersion
	r.Rows[0].Source.Kind = "release"
	r.Intervals[0].Ranges[0].Verdict = string(r.Rows[0].Cells[0].Verdict)
	return r
}

// documentOf returns results as results.json has them.
func documentOf(t *testing.T, r *matrix.Results) object {
	t.Helper()
	var out bytes.Buffer
	if err := codec.Write(&out, r); err != nil {
		t.Fatal(err)
	}
	doc := object{}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestResultsHasTheTypes checks that the schema has exactly the fields of the Go types,
// and requires those that are always written.
func TestResultsHasTheTypes(t *testing.T) {
	root := parse(t, Results).(object)
	r := full(0)
	most := documentOf(t, r)
	// The same with zeroes wherever omitempty or omitzero then drops the field.
	clearOptional(reflect.ValueOf(r).Elem())
	least := documentOf(t, r)
	r.Sandbox, r.Shard, r.Sure, r.Since, r.Rows[0].Upstream, r.Rows[0].Source.Likeness = nil, nil, nil, nil, nil, nil
	// The second without optional objects.
	compareFields(t, root, most, least, documentOf(t, r))
}

// compareFields checks that a schema has exactly the fields of a document with all
// fields, and requires those of documents without the optional ones.
func compareFields(t *testing.T, root, most object, least ...object) {
	t.Helper()
	leastAt := map[string]place{}
	for _, doc := range least {
		for _, p := range places(root, root, doc, "") {
			leastAt[p.path] = p
		}
	}
	found := places(root, root, most, "")
	for _, p := range found {
		if diff := cmp.Diff(p.properties(), slices.Sorted(maps.Keys(p.doc))); diff != "" {
			t.Errorf("%s: -in the schema +in the type:\n%s", p.path, diff)
		}
		if l, ok := leastAt[p.path]; ok {
			if diff := cmp.Diff(p.required(), slices.Sorted(maps.Keys(l.doc))); diff != "" {
				t.Errorf("%s: -required +always written:\n%s", p.path, diff)
			}
		}
	}
	objects, distinct := 0, map[string]bool{}
	if root["type"] == "object" {
		objects = 1
	}
	for _, def := range root["$defs"].(object) {
		if def.(object)["type"] == "object" {
			objects++
		}
	}
	for _, p := range found {
		distinct[encode(t, p.schema)] = true
	}
	if len(distinct) != objects {
		t.Errorf("visited %d of the %d kinds of objects", len(distinct), objects)
	}
}

// clearOptional zeroes the optional values. Objects stay, so that their fields are
// checked too.
func clearOptional(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		clearOptional(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			clearOptional(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if tag := field.Tag.Get("json"); tag == "" && !field.Anonymous || tag == "-" {
				continue
			} else if f := v.Field(i); bytes.Contains([]byte(tag), []byte(",omit")) && (f.Kind() != reflect.Pointer || f.Type().Elem().Kind() != reflect.Struct) {
				f.SetZero()
			} else {
				clearOptional(f)
			}
		}
	}
}

// TestResultsAreValid checks results with every value in words, empty results, and the
// files in the repository.
func TestResultsAreValid(t *testing.T) {
	valid := compiled(t, Results)
	for round := range 6 {
		if err := valid(documentOf(t, full(round))); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
	}
	if err := valid(documentOf(t, &matrix.Results{Schema: matrix.SchemaVersion})); err != nil {
		t.Errorf("nothing: %v", err)
	}
	files := []string{filepath.Join("..", "codec", "testdata", "results.json")}
	published, err := filepath.Glob(filepath.Join("..", "..", "results", "*", "results.json"))
	if err != nil || len(published) == 0 {
		t.Fatalf("no published results: %v", err)
	}
	deeper, _ := filepath.Glob(filepath.Join("..", "..", "results", "*", "*", "results.json"))
	for _, file := range slices.Concat(files, published, deeper) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(parse(t, string(data))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestResultsMutations makes one mistake at a time, which the schema must refuse.
func TestResultsMutations(t *testing.T) {
	valid := compiled(t, Results)
	doc := documentOf(t, full(0))
	all := mutations(parse(t, Results).(object), doc)
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
	for path, value := range map[string]any{"verdict": "dirty", "severity": "stone", "expected": "x", "leaks": -1, "interval": []any{0, 2}, "evidence": nil} {
		cell := doc["rows"].([]any)[0].(object)["cells"].([]any)[0].(object)
		was := cell[path]
		if cell[path] = value; valid(doc) == nil {
			t.Errorf("a cell is valid with %s: %v", path, value)
		}
		cell[path] = was
	}
}
