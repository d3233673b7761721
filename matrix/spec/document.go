package spec

import (
	"go.yaml.in/yaml/v4"

	"github.com/matrixrun/matrixrun/matrix"
)

// A document is the contents of matrix.yaml, with the line of everything that a
// message may point at.
type document struct {
	suite, reproduction scalar
	module              scalar   // the reproduction's module path
	packages            []scalar // the folders of its packages with tests
	evidence, peer, cgo bool
	panics, hangs       scalar // what they are: a defect, or an error
	target              target
	releases            span
	unaffected          []unaffected
	first               []scalar
	toolchains          []toolchain
	adapters            []adapter
	scenarios           []scenario
	expect              []expectation
	limits              limits
	settle              *settle // nil if absent
	sure                *sure   // nil if absent
	proof               proof
	words               matrix.Words
	environment         []string // NAME=VALUE, sorted
	speaks              scalar
	trials              number
	question, who       scalar // what is asked, and whom it concerns
	families            []family
	familiesLine        int  // the line of the list
	scenariosLine       int  // the line of the list
	scenariosGiven      bool // there is a list, maybe an empty one
}

type limits struct{ trial, build scalar }

type target struct {
	module scalar
	former []former
}

// paths returns the target's present path and its former ones.
func (t target) paths() []scalar {
	paths := []scalar{t.module}
	for _, f := range t.former {
		paths = append(paths, f.module)
	}
	return paths
}

type former struct {
	module   scalar
	releases span
}

type unaffected struct {
	releases span
	why      scalar
}

type toolchain struct {
	releases span
	version  scalar // of Go
	also     []scalar
}

type adapter struct {
	releases span
	tags     []scalar
}

type scenario struct {
	name, kind, title scalar
	needs             []need
	args              []scalar
	test, pkg         scalar
	proof             map[string]any
	line              int
}

type expectation struct {
	scenarios      []scalar
	releases       span
	verdict, state scalar
	osv            scalar // file
	line           int
}

// readDocument reads matrix.yaml and reports what is malformed or missing.
func (r *reader) readDocument(root *yaml.Node) *document {
	t := r.table(root, FileName, "suite", "target", "releases", "unaffected", "first", "toolchains",
		"adapters", "reproduction", "evidence", "peer", "speaks", "trials", "panic", "hang", "environment", "cgo", "proof", "words", "question", "who", "scenarios", "families", "expect", "limits", "settle", "sure")
	d := &document{
		suite:    t.need("suite", "NAME"),
		target:   r.readTarget(t),
		releases: t.span("releases"),
		first:    t.texts("first"),
		evidence: t.truth("evidence"),
		peer:     t.truth("peer"),
		cgo:      t.truth("cgo"),
		speaks:   t.text("speaks"),
		trials:   t.optional("trials", "3"),
		panics:   t.text("panic"),
		hangs:    t.text("hang"),
		question: t.text("question"),
		who:      t.text("who"),
		limits:   r.readLimits(t),
		settle:   r.readSettle(t),
		sure:     r.readSure(t),
	}
	r.readReproduction(t, d)
	d.environment = r.readEnvironment(t)
	d.proof = r.readSuiteProof(t)
	d.words = r.readWords(t)
	for _, n := range t.list("unaffected") {
		rule := r.table(n, "a rule of unaffected", "releases", "why")
		rule.need("releases", `"< 1.0"`)
		d.unaffected = append(d.unaffected, unaffected{releases: rule.span("releases"), why: rule.need("why", "why no scenario can happen there")})
	}
	for _, n := range t.list("toolchains") {
		rule := r.table(n, "a rule of toolchains", "releases", "go", "also")
		d.toolchains = append(d.toolchains, toolchain{releases: rule.span("releases"), version: rule.need("go", "go1.26.0"), also: rule.texts("also")})
	}
	for _, n := range t.list("adapters") {
		rule := r.table(n, "a rule of adapters", "releases", "tags")
		d.adapters = append(d.adapters, adapter{releases: rule.span("releases"), tags: rule.texts("tags")})
	}
	if n, ok := t.values["scenarios"]; ok {
		d.scenariosLine, d.scenariosGiven = n.Line, resolve(n).Kind == yaml.SequenceNode
	} else if d.speech() != matrix.SpeechTest {
		t.missing("scenarios", "[{name: ..., kind: ..., title: ...}, ...]")
	}
	for _, n := range t.list("scenarios") {
		d.scenarios = append(d.scenarios, r.readScenario(n, d.speech()))
	}
	d.families, d.familiesLine = r.readFamilies(t)
	for _, n := range t.list("expect") {
		d.expect = append(d.expect, r.readExpectation(n))
	}
	return d
}

// readReproduction reads the folder of the reproduction, alone or with the path of its
// module and its packages with tests.
func (r *reader) readReproduction(document table, d *document) {
	n, ok := document.values["reproduction"]
	if !ok || resolve(n).Kind != yaml.MappingNode {
		d.reproduction = document.need("reproduction", "FOLDER")
		return
	}
	t := r.table(n, "reproduction", "folder", "module", "package", "packages")
	d.reproduction, d.module, d.packages = t.need("folder", "FOLDER"), t.text("module"), t.texts("packages")
	several, ok := t.values["packages"]
	if ok && resolve(several).Kind == yaml.SequenceNode && len(d.packages) == 0 {
		r.addf(several.Line, "packages is empty: want the folders of packages with tests, or none of the key")
	}
	if one := t.text("package"); one.given() {
		if ok {
			r.addf(several.Line, "reproduction has both package and packages: want one of them")
		}
		d.packages = []scalar{one}
	}
}

func (r *reader) readLimits(document table) limits {
	n, ok := document.values["limits"]
	if !ok {
		return limits{}
	}
	t := r.table(n, "limits", "trial", "build")
	return limits{trial: t.text("trial"), build: t.text("build")}
}

func (r *reader) readTarget(document table) target {
	n, ok := document.values["target"]
	if !ok {
		document.missing("target", "{module: PATH}")
		return target{}
	}
	t := r.table(n, "target", "module", "former")
	read := target{module: t.need("module", "PATH")}
	for _, n := range t.list("former") {
		f := r.table(n, "a former path", "module", "releases")
		if _, ok := f.values["releases"]; !ok {
			// Without a range it would claim every release.
			f.missing("releases", `"< 1.0"`)
		}
		read.former = append(read.former, former{module: f.need("module", "PATH"), releases: f.span("releases")})
	}
	return read
}

// speech returns how the reproduction speaks.
func (d *document) speech() matrix.Speech { return matrix.Speech(d.speaks.value) }

func (r *reader) readScenario(n *yaml.Node, speech matrix.Speech) scenario {
	t := r.table(n, "a scenario", "name", "kind", "title", "needs", "proof", "args", "test", "package")
	s := scenario{
		name:  t.need("name", "some-name"),
		kind:  t.text("kind"),
		title: t.need("title", "what happens, and what must not"),
		needs: r.readNeeds(t),
		args:  t.texts("args"),
		test:  t.text("test"),
		pkg:   t.text("package"),
		line:  t.line,
	}
	if _, ok := t.values["kind"]; !ok && speech.Reports() {
		t.missing("kind", string(matrix.KindProbe))
	} else if !ok {
		s.kind.value = string(matrix.KindProbe)
	}
	if _, ok := t.values["test"]; !ok && speech == matrix.SpeechTest {
		t.missing("test", "TestName, or TestName/subtest")
	}
	r.checkSpeech(t, speech)
	if n, ok := t.values["proof"]; ok {
		s.proof = r.readProof("proof", n)
	}
	return s
}

func (r *reader) readExpectation(n *yaml.Node) expectation {
	t := r.table(n, "a rule of expect", "scenarios", "releases", "verdict", "state", "osv")
	return expectation{
		scenarios: t.texts("scenarios"),
		releases:  t.span("releases"),
		verdict:   t.text("verdict"),
		state:     t.text("state"),
		osv:       t.text("osv"),
		line:      t.line,
	}
}
