package spec

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/matrixrun/matrixrun/matrix/text"
)

// variableName matches the names of variables that a suite may set.
var variableName = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,59}$`)

// taken are the variables that name the folders of a process, and the one by which a hang
// that is the defect is recognised.
var taken = []string{"HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE", "GOTRACEBACK"}

// mostVariable bounds the value of a variable.
const mostVariable = 500

// readEnvironment reads the variables that the processes of the reproduction get, and
// returns them as NAME=VALUE, sorted.
func (r *reader) readEnvironment(document table) (variables []string) {
	n, ok := document.values["environment"]
	if !ok {
		return nil
	}
	line := n.Line
	if n = resolve(n); n.Kind != yaml.MappingNode {
		r.addf(line, "environment is %s: want variables with their values, such as {GODEBUG: http2client=0}", kindOf(n))
		return nil
	}
	var names []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], resolve(n.Content[i+1])
		switch {
		case !variableName.MatchString(name.Value):
			r.addf(name.Line, "environment: %q is not the name of a variable: want capital letters, digits, underscores", clip(name.Value))
		case slices.Contains(taken, name.Value):
			r.addf(name.Line, "environment: %s is set for each process: remove it", name.Value)
		case slices.Contains(names, name.Value):
			r.addf(name.Line, "environment has %s twice", name.Value)
		case value.Kind != yaml.ScalarNode || value.Tag == "!!null":
			r.addf(name.Line, "environment: %s is %s: want text or a number", name.Value, kindOf(value))
		case len(value.Value) > mostVariable || text.Line(value.Value) != value.Value:
			r.addf(name.Line, "environment: the value of %s has more than one line, control characters, or more than %d bytes", name.Value, mostVariable)
		default:
			variables = append(variables, name.Value+"="+value.Value)
		}
		names = append(names, name.Value)
	}
	slices.SortFunc(variables, strings.Compare)
	return variables
}
