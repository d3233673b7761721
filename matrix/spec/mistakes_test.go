package spec

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/matrixrun/matrixrun/matrix"
)

// loadMistakes are changes of the good suite, each with the problems that it makes.
var loadMistakes = []struct {
	name     string
	old, new string // in matrix.yaml
	want     []string
}{
	{"unknown key", "first:", "frist:", []string{`demo/matrix.yaml:4: unknown key "frist" in matrix.yaml: did you mean "first"?`}},
	{"unknown key below", "go: go1.20.14", "go: go1.20.14, tag: x", []string{`demo/matrix.yaml:5: unknown key "tag" in a rule of toolchains: want one of releases, go, also`}},
	{"key twice", "reproduction: repro", "suite: again", []string{
		`demo/matrix.yaml:1: matrix.yaml has no reproduction: add "reproduction: FOLDER"`,
		`demo/matrix.yaml:9: "suite" is already on line 1: remove one of the two`}},
	{"no suite", "suite: demo\n", "", []string{`demo/matrix.yaml:1: matrix.yaml has no suite: add "suite: NAME"`}},
	{"no target", "target: {module: example.com/lib, former: [{module: example.com/old/lib, releases: \"< 0.32\"}]}\n", "",
		[]string{`demo/matrix.yaml:1: matrix.yaml has no target: add "target: {module: PATH}"`}},
	{"no module", "{module: example.com/lib, former", "{former", []string{`demo/matrix.yaml:2: target has no module: add "module: PATH"`}},
	{"bad module", "{module: example.com/lib,", "{module: ./lib,", []string{
		`demo/matrix.yaml:2: malformed module path "./lib": invalid path element "."`}},
	{"other module", "{module: example.com/lib,", "{module: example.com/bil,", []string{
		"demo/releases.lock:2: example.com/lib is neither the target's path nor a former path of v0.40.0: matrix.yaml says example.com/bil"}},
	{"former is present", "module: example.com/old/lib", "module: example.com/lib", []string{
		"demo/matrix.yaml:2: example.com/lib is the present path: a former path must differ from it",
		"demo/releases.lock:1: example.com/old/lib is neither the target's path nor a former path of v0.31.0: matrix.yaml says example.com/lib"}},
	{"former without range", `, releases: "< 0.32"}]}`, "}]}", []string{
		`demo/matrix.yaml:2: a former path has no releases: add "releases: \"< 1.0\""`}},
	{"wrong types", "first: [v0.40.0]", "first: v0.40.0", []string{`demo/matrix.yaml:4: first is the text "v0.40.0": want a list, such as [a, b]`}},
	{"text wanted", "suite: demo", "suite: [demo]", []string{"demo/matrix.yaml:1: suite is a list: want text"}},
	{"empty value", "suite: demo", "suite:", []string{"demo/matrix.yaml:1: suite is empty: want text"}},
	{"truth value", "suite: demo", "suite: true", []string{"demo/matrix.yaml:1: suite is the truth value true: want text"}},
	{"suite is not a name", "suite: demo", "suite: ../demo", []string{`demo/matrix.yaml:1: suite "../demo" is not a valid name: want letters, digits, dots, dashes`}},
	{"bad constraint", `releases: ">= 0.20"`, `releases: ">= x"`, []string{`demo/matrix.yaml:3: releases: ">= x" is not a constraint on versions: want terms such as ">= 0.44, < 0.50"`}},
	{"unquoted range", `releases: ">= 0.20"`, `releases: >= 0.20`, []string{`demo/matrix.yaml:3: did not find expected comment or line break; a range needs quotes: ">= 0.44, < 0.50"`}},
	{"range of nothing", `releases: ">= 0.20"`, `releases: ">= 7"`, []string{`demo/matrix.yaml:3: releases ">= 7" selects no release: releases.lock holds v0.31.0 to v0.40.0`}},
	{"first is not a version", "[v0.40.0]", "[0.40.0]", []string{`demo/matrix.yaml:4: "0.40.0" in first is not a version: want all three numbers and the leading v, such as v0.47.0`}},
	{"first not in the lock", "[v0.40.0]", "[v0.40.1]", []string{"demo/matrix.yaml:4: v0.40.1 in first is not in releases.lock: did you mean v0.40.0?"}},
	{"bad further toolchains", "also: [go1.21.13, go1.19]", "also: [go1.20.14, go1.24, go1.25.1, go1.25.1]", []string{
		`demo/matrix.yaml:5: go1.20.14 is already a toolchain of this rule, on line 5: remove one of the two`,
		`demo/matrix.yaml:5: "go1.24" is not a toolchain: that is a version of the language: since Go 1.21, the first release has a third number, as go1.24.0 has`,
		`demo/matrix.yaml:5: go1.25.1 is already a toolchain of this rule, on line 5: remove one of the two`,
	}},
	{"bad toolchain", "go1.20.14", "1.20.14", []string{`demo/matrix.yaml:5: "1.20.14" is not a toolchain: want a Go release, such as go1.20.14`}},
	{"bad tag", "tags: [old, dial.1]", "tags: [old!]", []string{`demo/matrix.yaml:7: "old!" is not a build tag: want letters, digits, underscores, dots`}},
	{"no such reproduction", "reproduction: repro", "reproduction: nowhere", []string{`demo/matrix.yaml:9: the suite has no folder "nowhere": reproduction names the folder with the reproduction's Go files`}},
	{"reproduction is a file", "reproduction: repro", "reproduction: matrix.yaml", []string{`demo/matrix.yaml:9: the suite has no folder "matrix.yaml": reproduction names the folder with the reproduction's Go files`}},
	{"reproduction outside", "reproduction: repro", "reproduction: ../repro", []string{`demo/matrix.yaml:9: reproduction "../repro" is outside the suite: want a folder below this one, with forward slashes`}},
	{"reproduction without Go", "reproduction: repro", "reproduction: .", []string{`demo/matrix.yaml:9: reproduction "." has no Go files: want a package main that can list and run the scenarios`}},
	{"scenario name", "name: planted", "name: Planted", []string{`demo/matrix.yaml:12: scenario "Planted" is not a valid name: want lower-case letters, digits, dashes, at most 100, and no dash first`}},
	{"scenario named as a flag", "name: planted", "name: -trials", []string{`demo/matrix.yaml:12: scenario "-trials" is not a valid name: want lower-case letters, digits, dashes, at most 100, and no dash first`}},
	{"scenario twice", "name: planted", "name: control", []string{`demo/matrix.yaml:12: scenario "control" is already on line 11: each needs its own name`}},
	{"unknown kind", "kind: planted", "kind: plantd", []string{`demo/matrix.yaml:13: unknown kind "plantd": did you mean "planted"?`}},
	{"no title", "    title: it leaks\n", "", []string{`demo/matrix.yaml:12: a scenario has no title: add "title: what happens, and what must not"`}},
	{"no planted", "kind: planted", "kind: probe", []string{"demo/matrix.yaml:11: no scenario has the kind planted: without one that must have the defect, nothing shows that the defect would be seen"}},
	{"no control", "kind: control", "kind: probe", []string{"demo/matrix.yaml:11: no scenario has the kind control: without one that must be clean, nothing shows that the reproduction works"}},
	{"needs is not a list", "needs: [[Dial, sub/net.Conn.Dial], Conn.Cancel]", "needs: Dial", []string{`demo/matrix.yaml:11: needs is the text "Dial": want a list, such as [a, b]`}},
	{"needs is empty", "[[Dial, sub/net.Conn.Dial], Conn.Cancel]", "[]", []string{"demo/matrix.yaml:11: needs is empty: name what a program must call, or leave it out"}},
	{"needs of nothing", "[Dial, sub/net.Conn.Dial]", "[], {a: b}", []string{
		"demo/matrix.yaml:11: an entry of needs is an empty list: want the names of an API, such as [Conn.Close, Session.Close]",
		"demo/matrix.yaml:11: an entry of needs is a mapping: want text"}},
	{"needs are no APIs", "[[Dial, sub/net.Conn.Dial], Conn.Cancel]", "[[dial, [Dial]], (*Conn).Cancel]", []string{
		"demo/matrix.yaml:11: a name in needs is a list: want text",
		`demo/matrix.yaml:11: "dial" in needs is not the name of an API: want a function such as Dial, a method such as Conn.Close, or one of a package below the module such as http3.Transport.Dial`,
		`demo/matrix.yaml:11: "(*Conn).Cancel" in needs is not the name of an API: want a function such as Dial, a method such as Conn.Close, or one of a package below the module such as http3.Transport.Dial`}},
	{"needs twice", "sub/net.Conn.Dial], Conn.Cancel", "Dial], Conn.Cancel, [Conn.Cancel]", []string{
		`demo/matrix.yaml:11: "Dial" is already in this list of needs, on line 11: remove one of the two`,
		`demo/matrix.yaml:11: "Conn.Cancel" is already needed on line 11: put all names of an API into one entry of needs`}},
	{"shared needs", "title: it leaks\n", "title: it leaks\n    needs: [&n [dial]]\n  - {name: again, kind: probe, title: x, needs: [*n]}\n", []string{
		`demo/matrix.yaml:15: "dial" in needs is not the name of an API: want a function such as Dial, a method such as Conn.Close, or one of a package below the module such as http3.Transport.Dial`}},
	{"proof is not a mapping", "proof: {attempted: true, acted: after-rejection, times: 2}", "proof: yes please", []string{
		`demo/matrix.yaml:18: proof is the text "yes please": want the values that a trial must report, such as {attempted: true}`}},
	{"proof of lists", "times: 2", "times: [2]", []string{"demo/matrix.yaml:18: times in proof is a list: want true, false, a number or text"}},
	{"glob of nothing", "after-*", "before-*", []string{`demo/matrix.yaml:20: "before-*" matches no scenario: want one of control, planted, after-both`}},
	{"scenario misspelt", "after-*", "aftr-both", []string{`demo/matrix.yaml:20: "aftr-both" matches no scenario: did you mean "after-both"?`}},
	{"bad glob", "[after-*]", `["after-["]`, []string{`demo/matrix.yaml:20: "after-[" is not a glob: want a scenario's name, with * for any characters`}},
	{"unknown verdict", "verdict: leak", "verdict: leaks", []string{`demo/matrix.yaml:20: unknown verdict "leaks": did you mean "leak"?`}},
	{"unknown state", "state: build-failed", "state: failed", []string{`demo/matrix.yaml:21: unknown state "failed": want one of ok, patch-conflict, build-failed, unavailable`}},
	{"expect range of nothing", `releases: 0.40`, `releases: 0.4`, []string{`demo/matrix.yaml:20: "0.4" in expect selects no release: releases.lock holds v0.31.0 to v0.40.0`}},
	{"verdict and state", "verdict: leak", "verdict: leak, state: ok", []string{
		"demo/matrix.yaml:20: a rule of expect has both verdict and state: want one of them, since a row whose state is not ok has no cells"}},
	{"neither", ", verdict: leak", "", []string{`demo/matrix.yaml:20: a rule of expect has neither verdict nor state nor osv: add what is expected, such as "verdict: clean"`}},
	{"verdict of nothing", "scenarios: [after-*], ", "", []string{`demo/matrix.yaml:20: a rule of expect has a verdict and no scenarios: add "scenarios: [GLOB]"`}},
	{"state of scenarios", "state: build-failed", "state: build-failed, scenarios: [control]", []string{
		"demo/matrix.yaml:21: a rule of expect has a state and scenarios: a state is about the whole row, so remove scenarios"}},
	{"bad limit", "trial: 20s", "trial: 20", []string{`demo/matrix.yaml:22: limit trial: "20" is not a duration: want one such as 30s or 10m`}},
	{"negative limit", "trial: 20s", "build: -1m", []string{`demo/matrix.yaml:22: limit build: "-1m" is not a duration: want one such as 30s or 10m`}},
	{"panic is no word", "evidence: true", "panic: leak", []string{`demo/matrix.yaml:23: panic is "leak": want defect, if it shows what the suite asks for, or error`}},
	{"unknown speech", "evidence: true", "speaks: exits", []string{`demo/matrix.yaml:23: unknown way of speaking "exits": did you mean "exit"?`}},
	{"proof of the suite", "{clean: {used: true}, seen: server}", "{clean: [used], seen: }", []string{
		"demo/matrix.yaml:27: seen is empty: want text",
		"demo/matrix.yaml:27: clean is a list: want the values that a trial must report, such as {attempted: true}"}},
	{"environment is a list", "evidence: true", "environment: [GOGC=1]", []string{
		"demo/matrix.yaml:23: environment is a list: want variables with their values, such as {GODEBUG: http2client=0}"}},
	{"environment", "evidence: true", "environment: {gogc: 1, HOME: /x, A: 1, A: 2, B: [], C: \"\\x1b\", D: }", []string{
		`demo/matrix.yaml:23: environment: "gogc" is not the name of a variable: want capital letters, digits, underscores`,
		"demo/matrix.yaml:23: environment: HOME is set for each process: remove it",
		"demo/matrix.yaml:23: environment has A twice",
		"demo/matrix.yaml:23: environment: B is a list: want text or a number",
		"demo/matrix.yaml:23: environment: the value of C has more than one line, control characters, or more than 500 bytes",
		"demo/matrix.yaml:23: environment: D is empty: want text or a number"}},
	{"exit with proof and evidence", "evidence: true", "evidence: true\nspeaks: exit", []string{
		"demo/matrix.yaml:18: proof is not for a reproduction that speaks exit: remove it",
		"demo/matrix.yaml:24: evidence is for a reproduction that speaks trials: remove it, since this one speaks exit",
		"demo/matrix.yaml:24: proof is for a reproduction that speaks trials: remove it, since this one speaks exit"}},
	{"arguments of trials", "title: it leaks", "title: it leaks\n    args: [-x]", []string{"demo/matrix.yaml:15: args is not for a reproduction that speaks trials: remove it"}},
	{"no trials", "evidence: true", "trials: 0.5", []string{"demo/matrix.yaml:23: trials is 0.5: want a number from 1 to 100000"}},
	{"hang without limit", "limits: {trial: 20s}", "hang: defect", []string{`demo/matrix.yaml:22: hang is a defect, after a time that only the suite knows: add "limits: {trial: 5s}"`}},
	{"evidence is not a truth value", "evidence: true", "evidence: maybe", []string{`demo/matrix.yaml:23: evidence is the text "maybe": want true or false`}},
	{"unaffected without why", "[{releases: \"< 0.20\", why: it cannot dial}]", "[{releases: \"< 0.20\"}, {why: x}]", []string{
		`demo/matrix.yaml:26: a rule of unaffected has no why: add "why: why no scenario can happen there"`,
		`demo/matrix.yaml:26: a rule of unaffected has no releases: add "releases: \"< 1.0\""`}},
	{"unaffected and asked", "\"< 0.20\", why", "\"< 0.32\", why", []string{
		`demo/matrix.yaml:26: "< 0.32" in unaffected admits v0.31.0, which the suite asks: a release is one or the other`}},
	{"settle is not a mapping", "settle: {p0: 0.05, p1: .5, alpha: 1e-2, beta: 0.02}", "settle: true", []string{
		"demo/matrix.yaml:24: settle is the truth value true: want a mapping with the keys p0, p1, alpha, beta"}},
	{"settle without all", "{p0: 0.05, p1: .5, ", "{p: 0.05, ", []string{
		`demo/matrix.yaml:24: unknown key "p" in settle: did you mean "p0"?`,
		`demo/matrix.yaml:24: settle has no p0: add "p0: 0.05"`,
		`demo/matrix.yaml:24: settle has no p1: add "p1: 0.5"`}},
	{"settle of other things", "p1: .5, alpha: 1e-2, beta: 0.02", "p1: half, alpha: [1], beta: 2 %", []string{
		`demo/matrix.yaml:24: p1 is the text "half": want a number, such as 0.5`,
		"demo/matrix.yaml:24: alpha is a list: want a number, such as 0.01",
		`demo/matrix.yaml:24: beta is the text "2 %": want a number, such as 0.01`}},
	{"settle out of bounds", "p0: 0.05, p1: .5, alpha: 1e-2, beta: 0.02", "p0: 0, p1: 50, alpha: 0.5, beta: .nan", []string{
		"demo/matrix.yaml:24: settle p0: 0 is not a rate: want a number above 0 and below 1",
		"demo/matrix.yaml:24: settle p1: 50 is not a rate: want a number above 0 and below 1",
		"demo/matrix.yaml:24: settle alpha: 0.5 is not a probability of error: want a number above 0 and below 0.5",
		"demo/matrix.yaml:24: settle beta: NaN is not a probability of error: want a number above 0 and below 0.5"}},
	{"sure without all", "{clean: 0.05, edge: 5e-3}", "{clear: 0.05, edge: 0.5 %}", []string{
		`demo/matrix.yaml:25: unknown key "clear" in sure: did you mean "clean"?`,
		`demo/matrix.yaml:25: sure has no clean: add "clean: 0.05"`,
		`demo/matrix.yaml:25: edge is the text "0.5 %": want a number, such as 0.005`}},
	{"sure out of bounds", "{clean: 0.05, edge: 5e-3}", "{clean: 1, edge: 0.00001}", []string{
		"demo/matrix.yaml:25: sure clean: 1 is not a rate that trials can exclude: want a number from 0.0001 up to, but not including, 1",
		"demo/matrix.yaml:25: sure edge: 1e-05 is not a rate that trials can exclude: want a number from 0.0001 up to, but not including, 1"}},
	{"sure the wrong way round", "{clean: 0.05, edge: 5e-3}", "{clean: 0.005, edge: 0.05}", []string{
		"demo/matrix.yaml:25: sure: edge 0.05 is above clean 0.005: want edge the lower rate, since what changes from one release to the next must be surer than the rest"}},
	{"settle the wrong way round", "p0: 0.05,", "p0: 0.5,", []string{
		"demo/matrix.yaml:24: settle: p1 0.5 is not above p0 0.5: want p0 a rate that still counts as clean, and p1 a rate that is surely too high"}},
	{"family without all", "    title: you cancel a stream\n    consequence: another one is reset\n    condition: clients that retry\n    scenarios: ['*']\n", "    titel: x\n", []string{
		`demo/matrix.yaml:31: a family has no title: add "title: you ..., what a program does"`,
		`demo/matrix.yaml:31: a family has no consequence: add "consequence: what happens then"`,
		`demo/matrix.yaml:31: a family has no condition: add "condition: which programs can get there, after the word only"`,
		`demo/matrix.yaml:31: a family has no scenarios: add "scenarios: [GLOB]"`,
		"demo/matrix.yaml:31: the probe after-both is in no family: add it to one, so that answers by family leave nothing out",
		`demo/matrix.yaml:32: unknown key "titel" in a family: did you mean "title"?`}},
	{"family of another kind", "['*']", "[planted, aftr-both]", []string{
		"demo/matrix.yaml:31: the probe after-both is in no family: add it to one, so that answers by family leave nothing out",
		`demo/matrix.yaml:35: "planted" matches no probe: want one of after-both`,
		`demo/matrix.yaml:35: "aftr-both" matches no probe: did you mean "after-both"?`}},
	{"family twice", "  - name: cancel\n", "  - &f\n    name: cancel\n    title: t\n    consequence: c\n    condition: x\n    scenarios: [after-both]\n  - name: cancel\n", []string{
		`demo/matrix.yaml:37: family "cancel" is already on line 32: each needs its own name`,
		`demo/matrix.yaml:41: "*" takes the probe after-both, which is taken by "after-both" on line 36: a probe is in one family`}},
	{"family names and texts", "  - name: cancel\n    title: you cancel a stream\n", "  - name: Cancel\n    title: \"you\\ncancel\"\n", []string{
		`demo/matrix.yaml:31: family "Cancel" is not a valid name: want lower-case letters, digits, dashes, at most 100, and no dash first`,
		`demo/matrix.yaml:32: "you\ncancel" has several lines: want one`}},
	{"family title too long", "title: you cancel a stream", "title: " + strings.Repeat("x", 161), []string{
		`demo/matrix.yaml:32: "` + clip(strings.Repeat("x", 161)) + `" has 161 bytes: want at most 160`}},
	{"change of nothing", "{release: v0.40.0, by: \"https://example.com/pull/7\"}", "{release: v0.40.1, by: http://example.com}, {release: 1.0, by: x}", []string{
		`demo/matrix.yaml:36: "http://example.com" in changes is not an address: want one that begins with https://`,
		`demo/matrix.yaml:36: "1.0" in changes is not a version: want all three numbers and the leading v, such as v0.47.0`,
		`demo/matrix.yaml:36: "x" in changes is not an address: want one that begins with https://`,
		"demo/matrix.yaml:36: v0.40.1 in changes is not in releases.lock: did you mean v0.40.0?"}},
	{"syntax", "first: [v0.40.0]", "first: [v0.40.0", []string{"demo/matrix.yaml:5: did not find expected ',' or ']'"}},
}

// TestLoadMistakes changes one thing of the good suite at a time.
func TestLoadMistakes(t *testing.T) {
	for _, test := range loadMistakes {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(goodMatrix, test.old) != 1 {
				t.Fatalf("the good suite has %q %d times", test.old, strings.Count(goodMatrix, test.old))
			}
			_, err := Load(suite("matrix.yaml", strings.Replace(goodMatrix, test.old, test.new, 1)), "demo")
			wantProblems(t, err, test.want)
		})
	}
}

func wantProblems(t *testing.T, err error, want []string) {
	t.Helper()
	var problems matrix.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, want problems", err)
	}
	if diff := cmp.Diff(want, strings.Split(problems.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestLoadAllMistakesAtOnce(t *testing.T) {
	_, err := Load(suite("matrix.yaml", "siute: x\ntarget: {modul: y}\nscenarios: []\n", "releases.lock", "v1 x y z\n"), "./some/dir/")
	wantProblems(t, err, []string{
		`some/dir/matrix.yaml:1: unknown key "siute" in matrix.yaml: did you mean "suite"?`,
		`some/dir/matrix.yaml:1: matrix.yaml has no suite: add "suite: NAME"`,
		`some/dir/matrix.yaml:1: matrix.yaml has no reproduction: add "reproduction: FOLDER"`,
		`some/dir/matrix.yaml:2: unknown key "modul" in target: did you mean "module"?`,
		`some/dir/matrix.yaml:2: target has no module: add "module: PATH"`,
		`some/dir/matrix.yaml:3: there are no scenarios: want one of kind control, one of kind planted, and the questions`,
		`some/dir/releases.lock:1: "v1" is not a version: want all three numbers and the leading v, such as v0.47.0`,
		`some/dir/releases.lock:1: "y" is not a checksum: want h1: and the base64 of 32 bytes, as in go.sum`,
		`some/dir/releases.lock:1: "z" is not a time: want RFC 3339 in UTC, such as 2024-09-14T10:00:00Z, or "-" if it is unknown`,
	})
}

func TestLoadNoSuite(t *testing.T) {
	tests := []struct {
		name, data, want string
	}{
		{"empty", "", "demo/matrix.yaml:1: no documents in stream"},
		{"list", "- a\n", "demo/matrix.yaml:1: matrix.yaml is a list: want a mapping with the keys suite, target, releases, unaffected, first, toolchains, adapters, reproduction, evidence, peer, speaks, trials, panic, hang, environment, cgo, proof, words, question, who, scenarios, families, expect, limits, settle, sure"},
		{"two documents", goodMatrix + "---\nsuite: again\n", "demo/matrix.yaml:37: expected single document, found multiple"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(suite("matrix.yaml", test.data), "demo")
			wantProblems(t, err, []string{test.want})
		})
	}
	files := suite()
	delete(files, "matrix.yaml")
	_, err := Load(files, "dir")
	wantProblems(t, err, []string{"dir/matrix.yaml: there is no such file: a suite is a folder with matrix.yaml (the question), " +
		"releases.lock (the releases and their checksums) and a folder with the reproduction's Go files"})
}

func TestLoadEmptyLock(t *testing.T) {
	_, err := Load(suite("releases.lock", "# nothing yet\n"), "demo")
	wantProblems(t, err, []string{"demo/releases.lock: has no releases: `matrixrun lock demo` adds them"})
}

func TestLoadForks(t *testing.T) {
	_, err := Load(suite("forks.lock", "v1.0.0 example.com/old/lib "+sum+" -\nv1 example.com/fork x -\n"), "demo")
	wantProblems(t, err, []string{
		`demo/forks.lock:2: "v1" is not a version: want all three numbers and the leading v, such as v0.47.0`,
		`demo/forks.lock:2: "x" is not a checksum: want h1: and the base64 of 32 bytes, as in go.sum`,
	})
	_, err = Load(suite("forks.lock", "v1.0.0 example.com/fork "+sum+" -\nv0.40.0 example.com/lib "+sum+" -\nv1.0.0 example.com/old/lib "+sum+" -\n"), "demo")
	wantProblems(t, err, []string{
		"demo/forks.lock:2: example.com/lib@v0.40.0 is no fork: example.com/lib is a path of the target, whose releases are in releases.lock",
		"demo/forks.lock:3: example.com/old/lib@v1.0.0 is no fork: example.com/old/lib is a path of the target, whose releases are in releases.lock",
	})
	spec, err := Load(suite("forks.lock", "v1.0.0 example.com/fork "+sum+" -\n"), "demo")
	if err != nil || len(spec.Forks) != 1 || spec.Forks[0].Module != "example.com/fork" {
		t.Errorf("got %+v, %v", spec, err)
	}
}

func TestLoadGoMod(t *testing.T) {
	if _, err := Load(suite("repro/go.mod", "module example.com/repro\n\nreplace example.com/dep => example.com/fork v1.2.3\n"), "demo"); err != nil {
		t.Error(err)
	}
	_, err := Load(suite("repro/go.mod", "module example.com/lib\n\nreplace (\n\texample.com/old/lib => ../lib\n\texample.com/dep => ./dep\n)\n"), "demo")
	wantProblems(t, err, []string{
		"demo/repro/go.mod:1: example.com/lib is the target's path: name the module by which the reproduction imports its own packages",
		"demo/repro/go.mod:4: replaces example.com/old/lib, the target: each row replaces the target with its own release, so remove this line",
		"demo/repro/go.mod:5: replaces example.com/dep with the folder ./dep, which the copy that is built does not have: replace it with a module and a version",
	})
}
