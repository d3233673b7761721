package reach

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/matrixrun/matrixrun/matrix"
	"github.com/matrixrun/matrixrun/matrix/text"
)

// The names of a program are what its files say, before any of them is type-checked. A
// function cannot be called without its name, except through reflection or by code that
// is not Go, and those need the name as text.
type names struct {
	used     map[string]bool            // a name occurs, other than where it is declared
	dynamic  bool                       // methods may be called by names that no file has
	declared map[string]map[string]bool // by package: its functions, and methods as Type.Name
	lookups  bool                       // packages that do not import the target call methods by names that they get
}

// search looks for the names that the scenarios need in all files of the program.
func (l *listing) search(q Question) (*names, error) {
	n := &names{used: map[string]bool{}, declared: map[string]map[string]bool{}}
	wanted := map[string]bool{}
	for _, s := range q.Scenarios {
		for _, api := range apis(s.Needs) {
			wanted[api.Name] = true
		}
	}
	for _, p := range l.all {
		for _, file := range slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles) {
			if err := l.searchFile(n, p, file, wanted); err != nil {
				return nil, err
			}
		}
	}
	for path := range callers {
		n.lookups = n.lookups || l.byPath[path] != nil
	}
	n.dynamic = n.dynamic || l.byPath["plugin"] != nil
	for _, target := range q.Targets {
		for _, p := range l.all {
			if below(p.PkgPath, target) {
				if err := l.declare(n, p); err != nil {
					return nil, err
				}
			}
		}
	}
	return n, nil
}

// looksUpMethods matches what looks up methods through reflection, also in files that get
// the value from another one, and do not import that package. Fields with the name Method do
// not count.
var looksUpMethods = regexp.MustCompile(`\bMethodByName\b|\.\s*Methods?\s*\(|\b(Value|Type)\.Methods?\b`)

// searchFile notes which of the wanted names a file of a package uses. If it looks up methods
// through reflection, they may be the target's where the package imports the target, or the
// file is the program's own.
func (l *listing) searchFile(n *names, p *packages.Package, file string, wanted map[string]bool) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the program's files: %w", err)
	}
	switch {
	case l.isTarget(p.PkgPath):
	case l.importsTarget(p.PkgPath) || l.own(file):
		n.dynamic = n.dynamic || looksUpMethods.Match(data)
	case p.Module != nil && bytes.Contains(data, []byte(`"reflect"`)) && looksUpMethods.Match(data):
		n.lookups = true
	}
	var found *uses // in a Go file
	for name := range wanted {
		switch {
		case n.used[name] || !bytes.Contains(data, []byte(name)):
		case filepath.Ext(file) != ".go":
			n.used[name] = true
		default:
			if found == nil {
				if found, err = usesIn(file, data); err != nil {
					return l.doNotLoad(err)
				}
			}
			n.used[name] = found.has(name)
		}
	}
	return nil
}

// uses are the identifiers of a Go file other than those that it declares, and the
// texts in which a name can be: string literals, and linkname directives.
type uses struct {
	identifiers map[string]bool
	texts       []string
}

// has reports whether a name is used.
func (u *uses) has(name string) bool {
	return u.identifiers[name] || slices.ContainsFunc(u.texts, func(t string) bool { return strings.Contains(t, name) })
}

// linkname begins a directive that names a function of another package.
const linkname = "//go:linkname "

// usesIn returns the uses in a Go file. The names of functions and of fields, which are
// also those of methods in an interface, are declared there.
func usesIn(file string, data []byte) (*uses, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	u := &uses{identifiers: map[string]bool{}}
	declared := map[*ast.Ident]bool{}
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.FuncDecl:
			declared[node.Name] = true
		case *ast.Field:
			for _, name := range node.Names {
				declared[name] = true
			}
		case *ast.Ident:
			if !declared[node] {
				u.identifiers[node.Name] = true
			}
		case *ast.BasicLit:
			if node.Kind == token.STRING {
				u.texts = append(u.texts, node.Value)
			}
		}
		return true
	})
	for _, group := range parsed.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, linkname) {
				u.texts = append(u.texts, c.Text)
			}
		}
	}
	return u, nil
}

// declare notes the functions and methods that a package declares.
func (l *listing) declare(n *names, p *packages.Package) error {
	all := map[string]bool{}
	for _, file := range p.GoFiles {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return l.doNotLoad(err)
		}
		for _, d := range parsed.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				all[receiver(d)+d.Name.Name] = true
			case *ast.GenDecl:
				declareTypes(d, all)
			}
		}
	}
	n.declared[p.PkgPath] = all
	return nil
}

// receiver returns the receiver's type of a method with a dot, and "" for a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "."
		default:
			return ""
		}
	}
}

// declareTypes notes the methods in the interfaces that a declaration declares.
func declareTypes(d *ast.GenDecl, all map[string]bool) {
	for _, s := range d.Specs {
		spec, ok := s.(*ast.TypeSpec)
		if !ok {
			continue
		}
		if face, ok := spec.Type.(*ast.InterfaceType); ok {
			for _, method := range face.Methods.List {
				for _, name := range method.Names {
					all[spec.Name.Name+"."+name.Name] = true
				}
			}
		}
	}
}

// byNames returns the reach of a scenario if names alone say it, and else nil. If code of
// the program calls methods by other names, it asks whether that may get at those of an API
// whose name is not used, which takes time.
func (l *listing) byNames(target string, s matrix.Scenario, n *names, unhanded func() (func(string, matrix.Need) bool, error)) (*matrix.Reach, error) {
	var unused []matrix.Need
	r := &matrix.Reach{Scenario: s.Name, State: matrix.NotReached, Calls: []matrix.Call{}, Missing: []string{}}
	if !slices.ContainsFunc(slices.Concat(l.mains, l.libraries), func(p *packages.Package) bool { return l.imports[target][p.PkgPath] }) {
		r.Why = "no package of the program imports " + target
		for _, need := range s.Needs {
			r.Missing = append(r.Missing, l.label(target, need, n))
		}
		return r, nil
	}
	for _, need := range s.Needs {
		exists, used := false, false
		for _, api := range apis([]matrix.Need{need}) {
			used = used || n.used[api.Name]
			exists = exists || l.exists(target, api, n)
		}
		if !exists {
			u := unknown(s, fmt.Sprintf("%s, as it is built here, has no %s, which the scenario needs", target, text.Or(need)))
			return &u, nil
		}
		if !used {
			r.Missing = append(r.Missing, l.label(target, need, n))
			unused = append(unused, need)
		}
	}
	if len(unused) == 0 || n.dynamic {
		return nil, nil
	}
	if !n.lookups {
		return r, nil
	}
	safe, err := unhanded()
	if err != nil || !slices.ContainsFunc(unused, func(need matrix.Need) bool { return safe(target, need) }) {
		return nil, err
	}
	return r, nil
}

// exists reports whether an API may be there: its package is not built, so that nothing
// can call it, or something in the package has its name. A type may get a method from
// another one, under any name.
func (l *listing) exists(target string, api matrix.API, n *names) bool {
	declared, built := n.declared[packagePath(target, api)]
	if !built {
		return l.byPath[packagePath(target, api)] == nil
	}
	for name := range declared {
		if name == api.Name && api.Type == "" || api.Type != "" && strings.HasSuffix(name, "."+api.Name) {
			return true
		}
	}
	return false
}

// label returns the names of an API that this build has: of those that it had in some
// release, the others say nothing to the user.
func (l *listing) label(target string, need matrix.Need, n *names) string {
	var here []string
	for i, api := range apis([]matrix.Need{need}) {
		name := api.Name
		if api.Type != "" {
			name = api.Type + "." + name
		}
		if n.declared[packagePath(target, api)][name] {
			here = append(here, need[i])
		}
	}
	if len(here) == 0 {
		here = need
	}
	return text.Or(here)
}

// apis returns the APIs of needs. Names that are none were refused when they were read.
func apis(needs []matrix.Need) (all []matrix.API) {
	for _, need := range needs {
		for _, name := range need {
			api, _ := matrix.ParseAPI(name)
			all = append(all, api)
		}
	}
	return all
}

// packagePath returns the import path of the package of an API.
func packagePath(target string, api matrix.API) string {
	if api.Folder == "" {
		return target
	}
	return target + "/" + api.Folder
}
