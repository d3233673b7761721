package reach

import (
	"fmt"
	"go/constant"
	"go/types"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/matrixrun/matrixrun/matrix"
)

// blindSpots are functions behind which code can run that a call graph does not have,
// with what is said of them.
var blindSpots = map[string]string{
	"plugin.Open":                   "opens a plugin, whose code was not looked at",
	"(reflect.Value).Method":        byReflection,
	"(reflect.Value).MethodByName":  byReflection,
	"(reflect.Value).Methods":       byReflection,
	"(*reflect.rtype).Methods":      byReflection,
	"(*reflect.rtype).Method":       byReflection,
	"(*reflect.rtype).MethodByName": byReflection,
}

// blindSpot returns what is said of a function behind which other code can run.
func blindSpot(f *types.Func) string {
	if f.Pkg() == nil || f.Pkg().Path() != "reflect" && f.Pkg().Path() != "plugin" {
		return "" // full names take time
	}
	return blindSpots[f.FullName()]
}

const byReflection = "looks up methods through reflection"

// blind returns why it cannot be said that a need is not met, and "" if it can: code that
// runs may call one of the APIs in a way that the call graph does not have.
func (p *program) blind(target string, need matrix.Need) string {
	if why := p.linked(target); why != "" {
		return why
	}
	reflects := p.reflects(target, need)
	for _, s := range p.blindSteps() {
		what := blindSpot(objectOf(s.to))
		path := packageOf(s.from)
		switch {
		case what != byReflection:
			return p.place(s) + " " + what
		case !reflects || below(path, target):
		case p.importsTarget(path) || p.own(p.file(s)):
			return p.place(s) + " " + what
		default:
			if text := p.textWith(need); text != "" {
				return fmt.Sprintf("%s %s, and %s has the name of one as text", p.place(s), what, text)
			}
			if handed := p.handed(target, need, p.graph.order); handed != "" {
				return fmt.Sprintf("%s, and %s, which calls methods by name, may get it", handed, path)
			}
		}
	}
	return ""
}

// blindSteps returns the calls of blind spots, other than those in package reflect itself.
func (p *program) blindSteps() (steps []step) {
	for _, f := range p.graph.order {
		if object := objectOf(f); object == nil || blindSpot(object) == "" {
			continue
		}
		for _, s := range p.graph.into[f] {
			if packageOf(s.from) != "reflect" {
				steps = append(steps, s)
			}
		}
	}
	return steps
}

// reflects reports whether a type with one of the needed methods is converted to an
// interface, or is a part of one that is: else reflection cannot find the method.
func (p *program) reflects(target string, need matrix.Need) bool {
	for _, api := range apis([]matrix.Need{need}) {
		for _, f := range p.objects(target, api) {
			recv := f.Signature().Recv()
			if recv == nil {
				continue
			}
			for _, m := range p.graph.explorer.methods[f.Name()] {
				if object, ok := m.selection.Obj().(*types.Func); ok && object.Origin() == f {
					return true
				}
			}
		}
	}
	return false
}

// textWith returns where the name of an API is a text, alone or as a method in a
// template: a function that runs, or a file that is embedded. It is empty if there is
// none.
func (p *program) textWith(need matrix.Need) string {
	if p.texts == nil {
		p.texts = map[string]string{}
		p.findTexts()
	}
	for _, api := range apis([]matrix.Need{need}) {
		if where := p.texts[api.Name]; where != "" {
			return where
		}
	}
	return ""
}

// findTexts finds the needed names in texts.
func (p *program) findTexts() {
	names := map[string]bool{}
	for object := range p.needed {
		names[object.Name()] = true
	}
	note := func(text, where string) {
		for name := range names {
			if p.texts[name] == "" && (text == name || strings.Contains(text, "."+name)) {
				p.texts[name] = where
			}
		}
	}
	seen := map[string]bool{}
	for _, f := range p.graph.order {
		for text := range textsIn(f) {
			if !seen[text] {
				seen[text] = true
				note(text, f.String())
			}
		}
	}
	for _, pkg := range sorted(slices.Collect(maps.Values(p.byPath))) {
		for _, file := range pkg.EmbedFiles {
			if data, err := os.ReadFile(file); err == nil { // searching for names has read it before
				note(string(data), filepath.Base(file))
			}
		}
	}
}

// textsIn returns the string constants in a function.
func textsIn(f *ssa.Function) iter.Seq[string] {
	return func(yield func(string) bool) {
		var buffer [10]*ssa.Value
		for _, block := range f.Blocks {
			for _, i := range block.Instrs {
				for _, operand := range i.Operands(buffer[:0]) {
					c, ok := (*operand).(*ssa.Const)
					if ok && c.Value != nil && c.Value.Kind() == constant.String && !yield(constant.StringVal(c.Value)) {
						return
					}
				}
			}
		}
	}
}

// A link is a directive by which a package gets at a function of another one.
type link struct {
	where string // file and line
	from  string // the package with the directive
	to    string // the function, as in example.com/lib.Dial or example.com/lib.(*Conn).Close
}

// findLinks notes the linkname directives of a package.
func (p *program) findLinks(pkg *packages.Package) {
	for _, file := range pkg.Syntax {
		for _, group := range file.Comments {
			for _, c := range group.List {
				f := strings.Fields(c.Text)
				if strings.HasPrefix(c.Text, linkname) && len(f) == 3 {
					at := p.ssa.Fset.Position(c.Pos())
					where, _ := p.position(pkg, at.Filename, at.Line)
					p.links = append(p.links, link{fmt.Sprintf("%s:%d", where.File, where.Line), pkg.PkgPath, f[2]})
				}
			}
		}
	}
}

// linked returns the first directive by which some other package gets at a function of
// the target, and "" if there is none.
func (p *program) linked(target string) string {
	for _, l := range p.links {
		inside := strings.HasPrefix(l.to, target+".") || strings.HasPrefix(l.to, target+"/")
		if inside && !below(l.from, target) {
			return l.where + " links to " + l.to
		}
	}
	return ""
}

// called matches the functions that an assembly file names.
var called = regexp.MustCompile(`·([\pL_][\pL\pN_]*)\s*(?:<[^>]*>)?\s*\(SB\)`)

// assemblyNames returns the names of Go functions in the assembly files of a package.
func assemblyNames(files []string) map[string]bool {
	all := map[string]bool{}
	for _, file := range files {
		if filepath.Ext(file) != ".s" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			continue // searching for names has read it before
		}
		for _, found := range called.FindAllSubmatch(data, -1) {
			all[string(found[1])] = true
		}
	}
	return all
}
