package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/matrixrun/matrixrun/matrix"
)

// schema has the keys of every object in results.json, by the object's path. Keys
// after a bar may be missing. New keys need only a line here. To remove a key or
// change its meaning needs a new schema number.
var schema = map[string]string{
	"":                           "schema suite target generated matrixrun lock host reproduction scenarios rows intervals | advisories costs sandbox shard sure untried words",
	".words":                     "| leak clean flaky mild severe part all",
	".words.leak":                "| one many past noun name sign",
	".words.clean":               "| one many past noun name sign",
	".words.mild":                "| one many past noun name sign",
	".words.severe":              "| one many past noun name sign",
	".host":                      "goos goarch cpus",
	".sandbox":                   "files network processes memory",
	".sandbox.files":             "applies | why",
	".sandbox.network":           "applies | why",
	".sandbox.processes":         "applies | why",
	".sandbox.memory":            "applies | why",
	".scenarios[]":               "name kind title | seen",
	".rows[]":                    "id source patches effect server toolchain adapter replace state reason binary cells | expected_state fixes upstream go_line cgo c_compiler",
	".rows[].go_line":            "own row",
	".costs{}":                   "build_s tools_s trials_s",
	".shard":                     "index of plan spec patches server trials fixed evidence | go sure",
	".shard.patches[]":           "name sha256",
	".sure":                      "clean edge",
	".sure.clean":                "rate trials",
	".sure.edge":                 "rate trials",
	".rows[].upstream":           "packages passed breaks mends fails flaky notes | unknown",
	".rows[].upstream.breaks[]":  "package test | output",
	".rows[].upstream.mends[]":   "package test | output",
	".rows[].upstream.fails[]":   "package test | output",
	".rows[].upstream.flaky[]":   "package test | output",
	".rows[].source":             "kind version module sum ref rehomed | time retracted toolchain",
	".rows[].patches[]":          "name sha256 apply offset | left_out why may_be_in aside releases passed",
	".rows[].patches[].aside[]":  "file conflict",
	".rows[].patches[].passed[]": "releases why",
	".rows[].cells[]":            "scenario verdict leaks trials inconclusive interval severity expected reason saw evidence | frames no_evidence runs unread",
	".rows[].cells[].frames[]":   "from packet number us type stream code final_size",
	".rows[].cells[].runs[]":     "leaks trials inconclusive",
	".rows[].cells[].saw[]":      "side error | stream code",
	".intervals[]":               "scenario patches ranges",
	".intervals[].ranges[]":      "verdict from to rows | untried untried_after",

	".advisories[]":                     "id affected scenarios | releases",
	".advisories[].affected[]":          "module ranges | versions",
	".advisories[].affected[].ranges[]": "introduced | fixed last_affected",
}

// results checks a results.json against the schema: its keys, and that no list is
// null.
func results(ts *testscript.TestScript, args []string) {
	var root any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &root))
	if all := breaches("", root); len(all) > 0 {
		ts.Fatalf("%s:\n%s", args[0], strings.Join(all, "\n"))
	}
	if number := root.(map[string]any)["schema"]; number != 1.0 {
		ts.Fatalf("schema %v, want 1", number)
	}
}

// breaches lists how a value at a path breaks the schema.
func breaches(path string, value any) (all []string) {
	switch value := value.(type) {
	case nil:
		if path != ".rows[].cells[].interval" {
			all = append(all, path+": is null")
		}
	case []any:
		for _, one := range value {
			all = append(all, breaches(path+"[]", one)...)
		}
	case map[string]any:
		if path == ".costs" { // its keys are IDs of rows
			for _, one := range value {
				all = append(all, breaches(".costs{}", one)...)
			}
			return all
		}
		must, may, _ := strings.Cut(schema[path], "|")
		known := strings.Fields(must + " " + may)
		for _, key := range strings.Fields(must) {
			if _, ok := value[key]; !ok {
				all = append(all, fmt.Sprintf("%s: has no %s", path, key))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if !slices.Contains(known, key) {
				all = append(all, fmt.Sprintf("%s: has %s, which the schema does not have", path, key))
			}
			all = append(all, breaches(path+"."+key, value[key])...)
		}
	}
	return all
}

// alike compares two results.json, apart from the time of the run and its costs.
func alike(ts *testscript.TestScript, args []string) {
	var sides [2]matrix.Results
	for i := range sides {
		ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[i])), &sides[i]))
		sides[i].Generated, sides[i].Costs = time.Time{}, nil
	}
	if diff := cmp.Diff(sides[0], sides[1]); diff != "" {
		ts.Fatalf("%s and %s differ:\n%s", args[0], args[1], diff)
	}
}

// same checks that all rows of a results.json have the same value for a key.
func same(ts *testscript.TestScript, args []string) {
	var all struct{ Rows []map[string]any }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &all))
	for _, row := range all.Rows {
		if row[args[1]] == nil || !cmp.Equal(row[args[1]], all.Rows[0][args[1]]) {
			ts.Fatalf("%s: %v and %v", args[1], all.Rows[0][args[1]], row[args[1]])
		}
	}
}

// trials checks how many proven trials the cells of a scenario have, row by row.
func trials(ts *testscript.TestScript, args []string) {
	var r matrix.Results
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &r))
	var have []string
	for i := range r.Rows {
		c, _ := r.Rows[i].Cell(args[1])
		have = append(have, strconv.Itoa(c.Trials))
	}
	if !slices.Equal(have, args[2:]) {
		ts.Fatalf("%s: %s has %v trials, want %v", args[0], args[1], have, args[2:])
	}
}

// sums checks how many builds and trials several runs report together. Their events
// are in files.
func sums(ts *testscript.TestScript, args []string) {
	built, trials := 0, 0
	for _, file := range args[2:] {
		var last matrix.Event
		for line := range strings.Lines(ts.ReadFile(file)) {
			last = matrix.Event{}
			ts.Check(json.Unmarshal([]byte(line), &last))
		}
		if last.Done == nil {
			ts.Fatalf("%s does not end with done", file)
		}
		built, trials = built+last.Done.Built, trials+last.Done.Trials
	}
	if built != atoi(ts, args[0]) || trials != atoi(ts, args[1]) {
		ts.Fatalf("%d built and %d trials, want %s and %s", built, trials, args[0], args[1])
	}
}

// events checks that each line of a file is a JSON object with a time and one known
// event. The first event must be "planned", and the last one "done" with this exit
// code.
func events(ts *testscript.TestScript, args []string) {
	var kinds []string
	var last map[string]json.RawMessage
	lines := bufio.NewScanner(strings.NewReader(ts.ReadFile(args[0])))
	for lines.Scan() {
		last = nil
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			ts.Fatalf("%v: %s", err, lines.Text())
		}
		var at time.Time
		ts.Check(json.Unmarshal(last["time"], &at))
		known := 0
		for _, kind := range []string{"planned", "step", "missed", "row", "done"} {
			if last[kind] != nil {
				known++
				kinds = append(kinds, kind)
			}
		}
		if at.IsZero() || known != 1 || len(last) != 2 {
			ts.Fatalf("no single event with its time: %s", lines.Text())
		}
	}
	ts.Check(lines.Err())
	if len(kinds) == 0 || slices.Index(kinds, "planned") != 0 || slices.Index(kinds, "done") != len(kinds)-1 {
		ts.Fatalf("the events are %v: want planned first and done last", kinds)
	}
	var done matrix.Done
	ts.Check(json.Unmarshal(last["done"], &done))
	if done.Exit != atoi(ts, args[1]) {
		ts.Fatalf("done says exit %d, want %s", done.Exit, args[1])
	}
}
