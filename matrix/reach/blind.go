package reach

import (
	"fmt"
	"go/constant"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
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
	"(*reflect.rtype).Method":       byReflection,
	"(*reflect.rtype).MethodByName": byReflection,
}

const byReflection = "looks up methods through reflection"

// blind returns why it cannot be said that a need is not met, and "" if it can: code that
// runs may call one of the APIs in a way that the call graph does not have.
func (p *program) blind(target string, need matrix.Need) string {
	if why := p.linked(target); why != "" {
		return why
	}
	text := ""
	for _, api := range apis([]matrix.Need{need}) {
		text = p.textWith(api)
		if text != "" {
			break
		}
	}
	for _, f := range p.graph.order {
		object := objectOf(f)
		if object == nil || len(p.graph.into[f]) == 0 {
			continue
		}
		what := blindSpots[object.FullName()]
		if what == "" || what == byReflection && !p.reflects(target, need) {
			continue
		}
		for _, s := range p.graph.into[f] {
			path := packageOf(s.from)
			switch {
			case path == "reflect", what == byReflection && below(path, target):
			case what != byReflection, p.importsTarget(path), p.own(p.file(s)):
				return fmt.Sprintf("%s %s", p.place(s), what)
			case text != "":
				return fmt.Sprintf("%s %s, and %s has the name of one as text", p.place(s), what, text)
			}
		}
	}
	return ""
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

// textWith returns a function that runs and has the name of an API in a string, alone
// or as a method in a template, or a file that is embedded and does; "" if there is none.
func (p *program) textWith(api matrix.API) string {
	pattern := regexp.MustCompile(`^` + api.Name + `$|\.` + api.Name + `\b`)
	var buffer [10]*ssa.Value
	for _, f := range p.graph.order {
		for _, block := range f.Blocks {
			for _, i := range block.Instrs {
				for _, operand := range i.Operands(buffer[:0]) {
					c, ok := (*operand).(*ssa.Const)
					if ok && c.Value != nil && c.Value.Kind() == constant.String && pattern.MatchString(constant.StringVal(c.Value)) {
						return f.String()
					}
				}
			}
		}
	}
	for _, pkg := range p.byPath {
		for _, file := range pkg.EmbedFiles {
			if data, err := os.ReadFile(file); err != nil || pattern.Match(data) {
				return filepath.Base(file)
			}
		}
	}
	return ""
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
					where := p.position(pkg, at.Filename, at.Line)
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
