package spec

import (
	"go.yaml.in/yaml/v4"
)

// A proof is what trials must report, besides what their scenario asks for.
type proof struct {
	clean map[string]any // of a clean trial
	seen  scalar         // the side that must have seen a leak
	line  int
}

// readSuiteProof reads the proof that a suite wants of the trials of all scenarios.
func (r *reader) readSuiteProof(document table) proof {
	n, ok := document.values["proof"]
	if !ok {
		return proof{}
	}
	t := r.table(n, "proof", "clean", "seen")
	p := proof{seen: t.text("seen"), line: t.line}
	if n, ok := t.values["clean"]; ok {
		p.clean = r.readProof("clean", n)
	}
	return p
}

// readProof reads the values that a trial must report. Numbers become float64, as in
// the JSON that they are compared with.
func (r *reader) readProof(name string, n *yaml.Node) map[string]any {
	line := n.Line
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		r.addf(line, "%s is %s: want the values that a trial must report, such as {attempted: true}", name, kindOf(n))
		return nil
	}
	proof := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], resolve(n.Content[i+1])
		if _, again := proof[key.Value]; again {
			r.addf(key.Line, "%s has %q twice", name, key.Value)
			continue
		}
		var ok bool
		proof[key.Value], ok = scalarValue(value)
		if !ok {
			r.addf(key.Line, "%s in %s is %s: want true, false, a number or text", key.Value, name, kindOf(value))
		}
	}
	return proof
}
